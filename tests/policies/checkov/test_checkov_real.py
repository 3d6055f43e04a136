"""The bundle in real Checkovs of the oldest and the newest version, without tagwright in sight."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tagwright_dictionary.dictionary import Dictionary, UnknownPolicy
from tagwright_policies.checkov.bundle import Options, build
from tagwright_policies.checkov.runtime.planning import AGGREGATE
from tagwright_policies.checkov.signing import signed
from tagwright_policies.checkov.writing import write

HOSTILE = 'x\\n::error ::owned\\u001b[31m##vso[task.complete]\\"quoted\\"'
BAD = f'resource "aws_s3_bucket" "bad" {{\n  tags = {{ workload = "{HOSTILE}" }}\n}}\n'


def _reports(printed: str) -> list[dict[str, Any]]:
    found = json.loads(printed)
    return found if isinstance(found, list) else [found]


def _tf(folder: Path, text: str = BAD) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(text)
    return folder


def test_no_tagwright_where_the_bundle_runs(checkov: Any, tmp_path: Path) -> None:
    """What these tests prove, they prove without an installed tagwright."""
    code = "import tagwright_dictionary"
    done = subprocess.run(
        [str(checkov.python), "-c", code], env=checkov.variables(tmp_path), capture_output=True, check=False
    )
    assert b"ModuleNotFoundError" in done.stderr


def test_twenty_imports_are_harmless_and_cheap(
    checkov: Any, shipped: Dictionary, bundled: Callable[[Dictionary], Path], tmp_path: Path
) -> None:
    """After the first, an import costs less than 50 ms and registers nothing again."""
    [file] = bundled(shipped).glob("tagwright_checks_*.py")
    code = f"""
import importlib.util, json, sys, time
import checkov.arm.base_resource_check, checkov.terraform.checks.resource.base_resource_check
from checkov.terraform.checks.resource.registry import resource_registry
times, before = [], set(sys.modules)
for _ in range(20):
    start = time.perf_counter()
    spec = importlib.util.spec_from_file_location({file.stem!r}, {str(file)!r})
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    times.append(time.perf_counter() - start)
checks = [check.id for check in resource_registry.wildcard_checks["aws_*"]]
ours = [name for name in set(sys.modules) - before if name.startswith("tagwright")]
print(json.dumps([sorted(times[1:])[-2], checks, sorted({{name.split(".")[0] for name in ours}})]))
"""
    done = subprocess.run(
        [str(checkov.python), "-c", code], env=checkov.variables(tmp_path), capture_output=True, text=True, check=True
    )
    slowest, checks, packages = json.loads(done.stdout.splitlines()[-1])
    assert slowest < 0.05
    assert checks == [check.id for check in build(shipped).plan.checks]
    assert all(re.fullmatch(r"tagwright_(?:bundle_[0-9a-f]{12}|checks_[0-9a-f]{8})", name) for name in packages)


def test_every_output_says_what_is_wrong_and_obeys_nothing(
    checkov: Any, shipped: Dictionary, bundled: Callable[[Dictionary], Path], tmp_path: Path
) -> None:
    """Key, approved values and fix are in JUnit, GitLab, GitHub and SARIF; a hostile value is only ever shown."""
    _tf(tmp_path / "code")
    outputs = ("cli", "json", "junitxml", "gitlab_sast", "github_failed_only", "sarif")
    words = [word for name in outputs for word in ("-o", name)]
    checkov.run(
        tmp_path,
        *("-d", "code", "--framework", "terraform", "--external-checks-dir", bundled(shipped)),
        *("-c", "CKV_TAG_ACCOUNTABLE_AI_SPEND_COST_CENTER,CKV_TAG_ACCOUNTABLE_AI_SPEND_WORKLOAD"),
        *(*words, "--output-file-path", "out"),
    )
    written = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert len(written) == len(outputs)
    for name, text in written.items():
        assert "CKV_TAG_ACCOUNTABLE_AI_SPEND_COST_CENTER" in text, name
        assert "cc-[0-9]{4}" in text, name
        assert "Fix: add the tag cost-center" in text, name
        assert "\x1b[31m" not in text, name
    details = json.loads(written["results_json.json"])["results"]["failed_checks"]
    said = "\n".join(line for record in details for line in record["details"])
    assert "cost-center is required" in said
    assert not re.search(r"(?m)(?:^|\s)::\w|##\w*\[|\x1b", said)


def test_unknown_setting_decides(
    checkov: Any, shipped: Dictionary, bundled: Callable[[Dictionary], Path], tmp_path: Path
) -> None:
    """Undecided passes with `warn` and says so, and fails with `fail`."""
    _tf(
        tmp_path / "code",
        'variable "tags" {\n  type = map(string)\n}\nresource "aws_s3_bucket" "b" {\n  tags = var.tags\n}\n',
    )
    for policy, result in ((UnknownPolicy.WARN, "passed_checks"), (UnknownPolicy.FAIL, "failed_checks")):
        folder = bundled(replace(shipped, unknown=policy, _index={}))
        done = checkov.run(tmp_path, "-d", "code", "--external-checks-dir", folder, "-c", AGGREGATE, "-o", "json")
        [record] = _reports(done.stdout)[0]["results"][result]
        assert any("undecided" in line and "var.tags has no value here" in line for line in record["details"])


def test_a_damaged_bundle_fails_everything(
    checkov: Any, shipped: Dictionary, bundled: Callable[[Dictionary], Path], tmp_path: Path
) -> None:
    """An archive that was changed, or is gone, passes nothing and says why."""
    good = '{ owner = "a@acme.example", cost-center = "cc-4100", workload = "training" }'
    _tf(tmp_path / "code", f'resource "aws_s3_bucket" "b" {{\n  tags = {good}\n}}\n')
    for damage in ("changed", "gone"):
        folder = bundled(shipped)
        [archive] = folder.glob("*.zip")
        if damage == "changed":
            archive.write_bytes(archive.read_bytes()[:-1] + b"x")
        else:
            archive.unlink()
        done = checkov.run(tmp_path, "-d", "code", "--external-checks-dir", folder, "-c", AGGREGATE, "-o", "json")
        [record] = _reports(done.stdout)[0]["results"]["failed_checks"]
        assert "could not be loaded" in record["check_name"]
        assert done.returncode == 1


def test_an_internal_failure_is_a_failed_result(
    newest: Any, shipped: Dictionary, bundled: Callable[[Dictionary], Path], tmp_path: Path
) -> None:
    """A day that is no day breaks the judgement: the resource fails and says that we could not judge it."""
    _tf(tmp_path / "code")
    done = newest.run(
        tmp_path,
        *("-d", "code", "--external-checks-dir", bundled(shipped), "-c", AGGREGATE, "-o", "json"),
        TAGWRIGHT_TODAY="no day",
    )
    [record] = _reports(done.stdout)[0]["results"]["failed_checks"]
    assert "tagwright could not judge this resource, so it does not pass: ValueError" in record["details"][0]


def test_signed_bundle_is_accepted_and_a_changed_one_refused(newest: Any, shipped: Dictionary, tmp_path: Path) -> None:
    """With --external-checks-public-key a signed bundle runs; with one byte changed Checkov stops."""
    ecdsa = pytest.importorskip("ecdsa")
    key = ecdsa.SigningKey.generate(curve=ecdsa.NIST256p)
    (tmp_path / "key.pem").write_bytes(key.to_pem())
    (tmp_path / "public.pem").write_bytes(key.get_verifying_key().to_pem())
    folder = tmp_path / "checks"
    write(signed(build(shipped).files, tmp_path / "key.pem"), folder)
    _tf(tmp_path / "code")
    words = ("-d", "code", "--external-checks-dir", folder, "-c", AGGREGATE, "-o", "json")
    key_words = ("--external-checks-public-key", tmp_path / "public.pem")
    done = newest.run(tmp_path, *words, *key_words)
    assert len(_reports(done.stdout)[0]["results"]["failed_checks"]) == 1, done.stderr[-1000:]
    [check] = folder.glob("tagwright_checks_*.py")
    check.write_bytes(check.read_bytes().replace(b"SHA256 = ", b"SHA256  = "))
    assert newest.run(tmp_path, *words, *key_words).returncode == 2


def test_from_git(newest: Any, shipped: Dictionary, bundled: Callable[[Dictionary], Path], tmp_path: Path) -> None:
    """A branch whose tree is the bundle works with --external-checks-git."""
    repository = tmp_path / "repository"
    shutil.copytree(bundled(shipped), repository)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@acme.example", "-C", str(repository)]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "checks"], check=True)
    _tf(tmp_path / "code")
    done = newest.run(
        tmp_path,
        *("-d", "code", "--external-checks-git", f"file://{repository}", "-c", AGGREGATE, "-o", "json"),
    )
    [record] = _reports(done.stdout)[0]["results"]["failed_checks"]
    assert record["check_id"] == AGGREGATE, done.stderr[-1000:]


def test_skip_comment(newest: Any, shipped: Dictionary, bundled: Callable[[Dictionary], Path], tmp_path: Path) -> None:
    """Checkov's own skip comments know our ids."""
    text = f'resource "aws_s3_bucket" "b" {{\n  #checkov:skip={AGGREGATE}:not ours\n}}\n'
    _tf(tmp_path / "code", text)
    done = newest.run(tmp_path, "-d", "code", "--external-checks-dir", bundled(shipped), "-c", AGGREGATE, "-o", "json")
    assert len(_reports(done.stdout)[0]["results"]["skipped_checks"]) == 1


def test_both_options_reach_the_bundle(newest: Any, shipped: Dictionary, tmp_path: Path) -> None:
    """With block_warnings a recommendation fails; without, it passes and is told."""
    kept = 'owner = "a@acme.example", cost-center = "cc-4100", workload = "training"'
    body = f'  instance_type = "p5.48xlarge"\n  tags = {{ {kept} }}\n  volume_tags = {{ {kept} }}\n'
    _tf(tmp_path / "code", f'resource "aws_instance" "gpu" {{\n{body}}}\n')
    for block, result in ((False, "passed_checks"), (True, "failed_checks")):
        folder = tmp_path / f"checks-{block}"
        write(build(shipped, Options(block_warnings=block)).files, folder)
        done = newest.run(tmp_path, "-d", "code", "--external-checks-dir", folder, "-c", AGGREGATE, "-o", "json")
        [record] = _reports(done.stdout)[0]["results"][result]
        assert any("warning missing-tag: team is recommended" in line for line in record["details"])


def test_plan_knows_what_checkov_hides(
    checkov: Any, shipped: Dictionary, bundled: Callable[[Dictionary], Path], tmp_path: Path
) -> None:
    """A tag known only after apply is undecided, not missing, and a replacement is judged."""
    change = {"actions": ["delete", "create"], "before": {}, "before_sensitive": False, "after_sensitive": {}}
    after = {"tags": {"owner": "a@acme.example"}, "tags_all": {"owner": "a@acme.example"}}
    unknown = {"tags": {"cost-center": True, "workload": True}, "tags_all": {"cost-center": True, "workload": True}}
    what = {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b"}
    provider = "registry.terraform.io/hashicorp/aws"
    document = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": [{**what, "provider_name": provider, "values": after}]}},
        "resource_changes": [
            {**what, "provider_name": provider, "change": {**change, "after": after, "after_unknown": unknown}}
        ],
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": provider}},
            "root_module": {"resources": [{**what, "provider_config_key": "aws", "expressions": {"tags": {}}}]},
        },
    }
    (tmp_path / "plan.json").write_text(json.dumps(document))
    done = checkov.run(
        tmp_path, "-f", "plan.json", "--external-checks-dir", bundled(shipped), "-c", AGGREGATE, "-o", "json"
    )
    [record] = _reports(done.stdout)[0]["results"]["passed_checks"]
    assert all(line.startswith("undecided") for line in record["details"])
