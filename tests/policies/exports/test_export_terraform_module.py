"""The Terraform module in the real terraform: plans, its own tests, its example, its formatting."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.oracle import need, terraform
from tests.policies.exports.case_table import (
    MAKER,
    TODAY,
    Case,
    Comparison,
    cases,
    compare,
    dictionary,
    exported,
    judged,
    rotated,
)
from tests.policies.exports.random_books import tables

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.judging.label_form import to_label
from tagwright_policies.exports import TARGETS
from tagwright_policies.exports.quoting import hcl
from tagwright_policies.exports.rules import Rules
from tagwright_policies.exports.terraform_variables import variable_names


def _write(export, folder):
    need.oracle()
    for file in export.files:
        path = folder / file.path
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(file.text)
    return folder


@pytest.fixture
def module(tmp_path):
    return _write(exported("terraform-module"), tmp_path)


def _arguments(case, book, clouds):
    """Keys of the dictionary are variables, whatever they are called; all others are extra tags."""
    rules = Rules(book, TODAY)
    names = {rules.spelled("aws")[key]: name for key, name in variable_names(rules).items()}
    own = {names[key]: value for key, value in case.tags.items() if key in names}
    extra = {key: value for key, value in case.tags.items() if key not in names}
    lines = [f"{name} = {hcl(value)}" for name, value in own.items()]
    lines.append(f"classes = [{', '.join(map(hcl, case.classes))}]")
    lines.append(f"resource_types = [{hcl(case.type)}]")
    lines.append(f"clouds = [{', '.join(map(hcl, clouds))}]")
    lines.append("extra_tags = {" + ", ".join(f"{hcl(key)} = {hcl(value)}" for key, value in extra.items()) + "}")
    return lines, set(names)


def _run(case, book, *, clouds=("aws",)):
    lines, known = _arguments(case, book, clouds)
    body = "\n    ".join(lines)
    kept = {key: value for key, value in case.tags.items() if value or key not in known}
    given = "{" + ", ".join(f"{hcl(key)} = {hcl(value)}" for key, value in kept.items()) + "}"
    condition = f"jsonencode(output.tags) == jsonencode({given})"
    check = f'assert {{\n    condition = {condition}\n    error_message = "other tags"\n  }}'
    return f'run "one" {{\n  command = plan\n  variables {{\n    {body}\n  }}\n  {check}\n}}\n'


def _statuses(folder, runs):
    """What `terraform test` says of each run: pass; error where the plan is refused; fail where the output is other
    tags than were given.
    """
    shutil.rmtree(folder / "tests")
    (folder / "tests").mkdir()
    for number, run in enumerate(runs):
        (folder / "tests" / f"case{number}.tftest.hcl").write_text(run)
    done = terraform.run(["test", "-json", "-no-color"], folder, timeout=400)
    found = {}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("type") == "test_run" and message["test_run"].get("progress") == "complete":
            found[message["test_run"]["path"]] = message["test_run"]["status"]
    return [found.get(f"tests/case{number}.tftest.hcl", "") for number in range(len(runs))]


def test_it_agrees_with_judge_on_the_table(module):
    """The table through `terraform test`, which plans each case: refused when judge refuses it; when it is accepted
    the output is exactly the tags that were given, without empty ones. Every gap shows.
    """
    chosen = [case for case in rotated() if not case.name.startswith("situation/on-google")]  # labels are below
    statuses = _statuses(module, [_run(case, dictionary()) for case in chosen])
    assert set(statuses) == {"pass", "error"}
    found = compare(
        "terraform-module", [(case, status == "error") for case, status in zip(chosen, statuses, strict=True)]
    )
    assert found.wrong == []
    assert [each for each in found.unseen if not each[1].startswith("labels: ")] == []
    assert found.open == []


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def test_it_agrees_with_judge_on_any_dictionary(data, tmp_path_factory):
    """So on random dictionaries and tags; and what is written is formatted, whatever it holds."""
    book, rows = data.draw(tables(tmp_path_factory.getbasetemp(), most=15))
    export = TARGETS["terraform-module"].export(book, TODAY, MAKER)
    folder = _write(export, tmp_path_factory.mktemp("module"))
    assert _unformatted(folder) == ""
    statuses = _statuses(folder, [_run(case, book) for case in rows])
    assert set(statuses) <= {"pass", "error"}
    found = Comparison(export, book)
    for case, status in zip(rows, statuses, strict=True):
        found.add(case, status == "error")
    assert found.wrong == []


def test_labels_that_come_out_are_compliant_on_google(module):
    """With clouds = ["gcp"]: each value is in its label form, and judge accepts what the module lets through."""
    chosen = [case for case in cases() if case.name.startswith("bucket/")][::3]
    rules = Rules(dictionary(), TODAY)
    spelled, runs, resources = rules.spelled("gcp"), [], []
    for case in chosen:
        tags = {key: unicodedata.normalize("NFC", value) for key, value in case.tags.items()}  # as Terraform does
        labels = {spelled.get(key, key): to_label(value) if key in spelled else value for key, value in tags.items()}
        kept = {key: value for key, value in labels.items() if value or key not in spelled.values()}
        wanted = "{" + ", ".join(f"{hcl(key)} = {hcl(value)}" for key, value in kept.items()) + "}"
        body = "\n    ".join(_arguments(case, dictionary(), ("gcp",))[0])
        condition = f"jsonencode(output.labels) == jsonencode({wanted})"
        check = f'assert {{\n    condition = {condition}\n    error_message = "other"\n  }}'
        runs.append(f'run "one" {{\n  command = plan\n  variables {{\n    {body}\n  }}\n  {check}\n}}\n')
        made = Case(case.name, kept, "google_storage_bucket", ("bucket", "storage"), provider="google")
        resources.append(made.resource())
    statuses = _statuses(module, runs)
    assert set(statuses) == {"pass", "error"}
    accepted = [resource for resource, status in zip(resources, statuses, strict=True) if status == "pass"]
    ascii_only = [
        each for each in accepted if all(part.isascii() for tag in each.tags.items for part in (tag.key, tag.value))
    ]
    refused = [finding.key for each in ascii_only for finding in judged(dictionary(), each).errors]
    (gap,) = (gap.text for gap in exported("terraform-module").gaps if gap.text.startswith("labels: "))
    assert set(refused) == {"run-book", "note"}  # in their label form they are no address, and a template
    assert all(f" {key}," in gap for key in refused)
    assert len(ascii_only) > 5


def test_a_value_that_terraform_respells_is_a_gap(tmp_path):
    """Terraform composes characters: an approved value that is written otherwise cannot come out, and it is said."""
    book = Dictionary(
        "d", "1.0.0", (Key("k", values=(Value("cafe\u0301"), Value("b"))), Key("l", values=(Value("\u00e9"),)))
    )
    export = TARGETS["terraform-module"].export(book, TODAY, MAKER)
    folder = _write(export, tmp_path)
    case = Case("x", {"k": "cafe\u0301"}, "aws_sqs_queue")
    run = _run(case, book).replace("cafe\u0301", "caf\u00e9", 1)
    assert _statuses(folder, [run]) == ["pass"]
    (error,) = judged(book, Case("x", {"k": "caf\u00e9"}, "aws_sqs_queue").resource()).errors
    assert [gap.key for gap in export.gaps if gap.subject == error.rule] == [error.key] == ["k"]


def test_its_own_tests_pass(module):
    """The generated tests run and pass."""
    done = terraform.run(["test", "-no-color"], module)
    assert "0 failed" in done.stdout, done.stdout
    assert 'run "accepts_a_compliant_set"... pass' in done.stdout


def test_its_example_plans(module):
    """`examples/complete` as it stands: init, plan, and the sample comes out as tags."""
    folder = module / "examples" / "complete"
    assert terraform.run(["init", "-no-color"], folder).code == 0
    done = terraform.run(["plan", "-no-color", "-out=plan"], folder)
    assert done.code == 0, done.text()
    shown = json.loads(terraform.show("plan", folder))["planned_values"]["outputs"]["tags"]["value"]
    assert shown["owner"] == "platform@acme.example"
    assert set(shown) == {"owner", "cost-center", "workload", "model", "ends-on", "Tier"}


def test_without_a_sample_there_is_no_example():
    """A dictionary that nothing can satisfy (a required key without an approved value) gets no call that fails."""
    book = Dictionary(
        "d", "1.0.0", (Key("k", values=()),), (Requirement("r", Selector(everything=True), require=("k",)),)
    )
    paths = [file.path for file in TARGETS["terraform-module"].export(book, TODAY, MAKER).files]
    assert "examples/complete/main.tf" not in paths
    assert "main.tf" in paths


def _unformatted(folder):
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", "-recursive", "-no-color"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 3), done.stderr
    return done.stdout


def test_it_is_formatted_and_valid(module):
    """`terraform fmt` changes nothing; `terraform validate` accepts the module."""
    assert _unformatted(module) == ""
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
    assert shown["labels"]["type"] == shown["tags"]["type"] == ["map", "string"]
    assert shown["labels"]["value"]["owner"] == "vision_at_acme_example"
    assert shown["labels"]["value"]["cost_center"] == "cc-4100"
    assert shown["tags"]["value"]["cost-center"] == "cc-4100"
    done = _plan(module, ['owner = "vision@acme.example"'], classes='["bucket"]')
    assert done.code == 1
    assert "cost-center is required for gpu, bucket, function (accountable)." in " ".join(done.stderr.split())


def test_a_value_that_is_not_known_waits(module):
    """A value known only after apply is no error of the plan, and known keys are still judged."""
    unknown = ["owner = terraform_data.later.id", *GOOD[1:], 'team = "vision"']
    root = module / "root"
    root.mkdir()
    (root / "later.tf").write_text('resource "terraform_data" "later" {}\n')
    assert _plan(module, unknown, classes='["bucket"]').code == 0
    done = _plan(module, [unknown[0], 'workload = "training"', 'tier = "gold"'], classes='["bucket"]')
    assert done.code == 1
    assert "cost-center is required" in " ".join(done.stderr.split())
