"""One table of tags through every gate: the same rules, keys and words."""

from __future__ import annotations

import importlib.util
import json
import sys
from datetime import date
from pathlib import Path

import pulumi
import pytest

from tagwright_dictionary.judging import judge
from tagwright_dictionary.loading import load
from tagwright_dictionary.model import Bill, Certainty, Classes, Resource, Severity, Tag, Tags
from tagwright_iac.reading import ReadOptions, read
from tagwright_policies.checkov.bundle import build
from tagwright_policies.checkov.tallying import read as tallied
from tagwright_policies.checkov.writing import write
from tagwright_policies.gate import gate
from tagwright_pulumi import Bucket, TagGate, TagPolicyError


def _sibling(name, *path):
    """A module of the tests, which are no package."""
    spec = importlib.util.spec_from_file_location(f"parity_{name}", Path(__file__).parent.joinpath(*path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


documents = _sibling("documents", "documents.py")

TODAY = date(2026, 11, 23)
TOKEN = "aws:s3/bucket:Bucket"  # noqa: S105 - Pulumi's word for a type

BLOCKED = ("error", "definite")
CASES = [
    {},
    {"owner": "ml@acme.example"},
    {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training"},
    {"owner": "ml@other.example", "cost-center": "4100", "workload": "trainng"},
    {"owner": "todo", "cost-center": "cc-0000", "workload": "n/a"},
    {"Owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "train"},
    {"owner": "", "cost-center": " ", "workload": "training"},
    {"owner": "ml@acme.example", "cost-center": "cc-4200", "workload": "training", "team": "vision"},
    {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training", "aws:x": "y"},
    {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training", "note": "v" * 300},
    {
        "owner": "ml@acme.example",
        "cost-center": "cc-4100",
        "workload": "training",
        **dict.fromkeys(map(str, range(60)), "x"),
    },
]

PACK = """
from datetime import date
from pathlib import Path

from pulumi_policy import PolicyPack
from tagwright_pulumi.policies import policies

PolicyPack("tagwright", policies(Path(__file__).parent.with_name("dictionary.yaml"), today=date(2026, 11, 23)))
"""


def blocked(finding):
    return finding.severity is Severity.ERROR and finding.certainty is Certainty.DEFINITE


def named(findings):
    return {(each.rule, each.key, each.message) for each in findings if blocked(each)}


def by_judge(dictionary, written):
    """The one judgement behind all of them."""
    tags = Tags(tuple(Tag(key, written[key]) for key in sorted(written)))
    classes = Classes(frozenset({"bucket", "storage"}))
    bills = (Bill("bucket", tags, own=True),)
    return named(
        judge(dictionary, Resource("b", TOKEN, "aws", classes=classes, tags=tags, bills=bills), TODAY).findings
    )


def block(name, written):
    body = "\n".join(f"    {json.dumps(key)} = {json.dumps(value)}" for key, value in written.items())
    return f'resource "aws_s3_bucket" "{name}" {{\n  tags = {{\n{body}\n  }}\n}}\n'


def by_terraform(folder, dictionary, written):
    (folder / "tf").mkdir()
    (folder / "tf" / "main.tf").write_text(block("b", written))
    reading = read(["tf"], ReadOptions(cwd=folder))
    assert reading.problems == ()
    return named(gate(dictionary, reading, today=TODAY).findings)


def by_gate(loopback, written):
    caught = []

    def program():
        try:
            Bucket("b", {"tags": written}, gate=TagGate(today=TODAY))
        except TagPolicyError as error:
            caught.extend(error.problems)
            raise

    result = loopback(program)
    assert (result.exit_code == 0) == (not caught)
    return {(each.rule, each.key, each.message) for each in caught}


def bare(written):
    return lambda: pulumi.CustomResource(TOKEN, "b", {"tags": written})


def by_preview(loopback, folder, dictionary, written):
    """What the reader makes of the preview."""
    (folder / "preview.json").write_text(json.dumps(documents.preview_of(loopback(bare(written), preview=True))))
    reading = read(["preview.json"], ReadOptions(cwd=folder))
    assert reading.problems == ()
    return named(gate(dictionary, reading, today=TODAY).findings)


@pytest.mark.parametrize("written", CASES, ids=range(len(CASES)))
def test_the_gates_agree(loopback, project, written):
    """The judge, Terraform, a Pulumi program and a Pulumi preview: one bucket, the same reasons in the same words."""
    dictionary = load(project / "dictionary.yaml")
    expected = by_judge(dictionary, written)
    assert by_gate(loopback, written) == expected
    assert by_terraform(project, dictionary, written) == expected
    assert by_preview(loopback, project, dictionary, written) == expected


def test_the_policy_pack_agrees(loopback, project):
    """All cases in one run of the pack: the same rules and words for each."""
    (project / "pack").mkdir()
    (project / "pack" / "__main__.py").write_text(PACK)

    def program():
        for number, written in enumerate(CASES):
            pulumi.CustomResource(TOKEN, f"b{number}", {"tags": written})

    result = loopback(program, preview=True, packs=[project / "pack"])
    found = {f"b{number}": set() for number in range(len(CASES))}
    for each in result.diagnostics:
        if each.level == "mandatory":
            lines = [line[2:] for line in each.message.splitlines()[2:-1] if not line.startswith("    ")]
            found[each.urn.rpartition("::")[2]] |= set(lines)
    dictionary = load(project / "dictionary.yaml")
    assert found == {
        f"b{number}": {f"{rule}: {message}" for rule, _, message in by_judge(dictionary, written)}
        for number, written in enumerate(CASES)
    }


def test_checkov_agrees(project):
    """All cases in one file, judged inside of a real Checkov by the dictionary's bundle: the same rules and keys."""
    kit = _sibling("conftest", "..", "policies", "checkov", "conftest.py")
    checkov = kit.RealCheckov(kit.VERSIONS[-1])
    dictionary = load(project / "dictionary.yaml")
    write(build(dictionary).files, project / "checks")
    (project / "tf").mkdir()
    (project / "tf" / "main.tf").write_text("\n".join(block(f"b{at}", written) for at, written in enumerate(CASES)))
    tally = project / "tally.jsonl"
    arguments = ("-d", "tf", "--external-checks-dir", project / "checks", "-c", "CKV_TAG_DICTIONARY", "-o", "json")
    done = checkov.run(project, *arguments, "--framework", "terraform", TAGWRIGHT_CHECKOV_TALLY=str(tally))
    judged = tallied(tally, dictionary.digest)
    assert (judged.broken, len(judged.resources)) == ((), len(CASES)), done.stderr[-2000:]
    found = {
        each["address"].rpartition(".")[2]: {
            (rule, key) for rule, key, severity, certainty, _ in each["findings"] if (severity, certainty) == BLOCKED
        }
        for each in judged.resources
    }
    assert found == {
        f"b{at}": {(rule, key) for rule, key, _ in by_judge(dictionary, written)} for at, written in enumerate(CASES)
    }
