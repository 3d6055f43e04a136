"""The Terraform module in the real terraform: plans, its own tests, and its formatting."""

from __future__ import annotations

import json
import subprocess

import pytest
from tests.oracle import need, terraform
from tests.policies.exports.case_table import TODAY, cases, compare, dictionary, exported, rotated

from tagwright_policies.exports.quoting import hcl
from tagwright_policies.exports.rules import Rules
from tagwright_policies.exports.terraform_variables import variable_names


@pytest.fixture
def module(tmp_path):
    need.oracle()
    for file in exported("terraform-module").files:
        path = tmp_path / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_text(file.text)
    return tmp_path


def _names():
    return variable_names(Rules(dictionary(), TODAY))


def _arguments(tags, classes, kind):
    names = _names()
    own = {names[key]: value for key, value in tags.items() if key in names}
    extra = {key: value for key, value in tags.items() if key not in names}
    lines = [f"{name} = {hcl(value)}" for name, value in own.items()]
    lines.append(f"classes = [{', '.join(map(hcl, classes))}]")
    lines.append(f"resource_types = [{hcl(kind)}]")
    lines.append("extra_tags = {" + ", ".join(f"{hcl(key)} = {hcl(value)}" for key, value in extra.items()) + "}")
    return lines


def _run(tags, classes, kind):
    body = "\n    ".join(_arguments(tags, classes, kind))
    kept = ", ".join(f"{hcl(key)} = {hcl(value)}" for key, value in tags.items() if value)
    condition = f"jsonencode(output.tags) == jsonencode({{{kept}}})"
    check = f'assert {{\n    condition = {condition}\n    error_message = "other tags"\n  }}'
    return f'run "one" {{\n  command = plan\n  variables {{\n    {body}\n  }}\n  {check}\n}}\n'


def _tested(folder):
    """Test file to its status, from `terraform test -json`."""
    done = terraform.run(["test", "-json", "-no-color"], folder, timeout=400)
    found = {}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("type") == "test_run" and message["test_run"].get("progress") == "complete":
            found[message["test_run"]["path"]] = message["test_run"]["status"]
    return found


def test_it_agrees_with_judge(module):
    """The whole table through `terraform test`, which plans each case: it is refused when judge refuses it; when it
    is accepted the output is exactly the tags that were given, without empty ones.
    """
    (module / "tests" / "tags.tftest.hcl").unlink()
    chosen = [*rotated(), *(case for case in cases() if case.name.startswith("gpu/"))]
    for number, case in enumerate(chosen):
        path = module / "tests" / f"case{number}.tftest.hcl"
        path.write_text(_run(case.tags, case.classes, case.type))
    found = _tested(module)
    statuses = [found[f"tests/case{number}.tftest.hcl"] for number in range(len(chosen))]
    assert set(statuses) == {"pass", "error"}
    verdicts = [(case, status == "error") for case, status in zip(chosen, statuses, strict=True)]
    wrong, decided = compare("terraform-module", verdicts)
    assert wrong == []
    assert decided > 0.95


def test_its_own_tests_pass(module):
    """The generated tests run and pass."""
    done = terraform.run(["test", "-no-color"], module)
    assert "0 failed" in done.stdout, done.stdout
    assert 'run "accepts_a_compliant_set"... pass' in done.stdout


def test_it_is_formatted_and_valid(module):
    """`terraform fmt` changes nothing; `terraform validate` accepts the module."""
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", "-recursive", "-no-color"],
        cwd=module,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
    assert done.returncode == 0
    checked = terraform.run(["validate", "-no-color"], module)
    assert checked.code == 0, checked.text()


def _plan(folder, arguments, *, classes="[]"):
    (folder / "root").mkdir(exist_ok=True)
    body = "\n  ".join(arguments)
    (folder / "root" / "main.tf").write_text(
        f'module "tags" {{\n  source = "./.."\n  classes = {classes}\n  {body}\n}}\n'
        'output "tags" { value = module.tags.tags }\noutput "labels" { value = module.tags.labels }\n'
    )
    assert terraform.run(["init", "-no-color"], folder / "root").code == 0
    return terraform.run(["plan", "-no-color", "-out=plan"], folder / "root")


GOOD = ['owner = "vision@acme.example"', 'cost_center = "cc-4100"', 'workload = "training"', 'tier = "gold"']


def test_a_plan_is_accepted_with_labels_and_refused_with_the_reason(module):
    """`terraform plan` of a root that calls the module: tags and labels come out; or it stops and says what to set."""
    done = _plan(module, [*GOOD, 'team = "vision"', 'clouds = ["aws", "gcp"]'], classes='["*"]')
    assert done.code == 1
    assert "ends-on is required for aws_sagemaker_notebook* (notebooks-end)" in " ".join(done.stderr.split())
    done = _plan(module, [*GOOD, 'team = "vision"', 'clouds = ["aws", "gcp"]'], classes='["bucket"]')
    assert done.code == 0, done.text()
    shown = json.loads(terraform.show("plan", module / "root"))["planned_values"]["outputs"]
    assert shown["labels"]["value"]["owner"] == "vision_at_acme_example"
    assert shown["labels"]["value"]["cost_center"] == "cc-4100"
    assert shown["tags"]["value"]["cost-center"] == "cc-4100"
    done = _plan(module, ['owner = "vision@acme.example"'], classes='["bucket"]')
    assert done.code == 1
    assert "cost-center is required for gpu, bucket, function (accountable)." in " ".join(done.stderr.split())


def test_a_value_that_is_not_known_waits(module):
    """A value known only after apply is no error of the plan, and known keys are still judged."""
    unknown = ["owner = terraform_data.later.id", *GOOD[1:], 'team = "vision"']
    (module / "later.tf").unlink(missing_ok=True)
    root = module / "root"
    root.mkdir()
    (root / "later.tf").write_text('resource "terraform_data" "later" {}\n')
    assert _plan(module, unknown, classes='["bucket"]').code == 0
    done = _plan(module, [unknown[0], 'workload = "training"', 'tier = "gold"'], classes='["bucket"]')
    assert done.code == 1
    assert "cost-center is required" in " ".join(done.stderr.split())
