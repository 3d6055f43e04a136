"""`tagwright check` on what real programs register, written down as the Pulumi CLI would."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pulumi
import pytest

from tagwright_cli.main import main
from tagwright_dictionary.model import Unknown
from tagwright_iac.reading import ReadOptions, read
from tagwright_pulumi.testing import run

_SPEC = importlib.util.spec_from_file_location("documents", Path(__file__).with_name("documents.py"))
documents = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(documents)

EXAMPLE = Path(__file__).parents[2] / "examples" / "pulumi_ml_platform"


@pytest.fixture
def check(project, monkeypatch, capsys):
    monkeypatch.chdir(project)

    def call(document, *options, dictionary="dictionary.yaml"):
        Path("preview.json").write_text(json.dumps(document))
        arguments = ["check", "preview.json", "--dictionary", str(dictionary), "--today", "2026-11-23", *options]
        code = main([*arguments, "--format", "json"])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out else out.err

    return call


def aws():
    import pulumi_aws

    return pulumi_aws


def platform():
    first = aws().s3.Bucket("bare")
    aws().s3.Bucket(
        "late", tags={"owner": first.arn, "workload": "training", "note": pulumi.Output.secret("hush-hush")}
    )
    aws().ec2.Instance("node", ami="a", instance_type="p5.48xlarge", tags={"workload": "trainng"})


def test_a_program_is_gated(check, loopback):
    """Missing and wrong tags block, what is unknown is undecided, secrets are not in the report."""
    code, report = check(documents.preview_of(loopback(platform, preview=True)))
    assert code == 1
    found = {
        (each["address"].rpartition("::")[2], each["rule"], each["key"], each["certainty"])
        for each in report["findings"]
    }
    assert {each for each in found if each[0] != "node"} == {
        *(("bare", "missing-tag", key, "definite") for key in ("owner", "cost-center", "workload")),
        ("late", "missing-tag", "cost-center", "definite"),
        ("late", "value-not-allowed", "owner", "undecided"),
    }
    assert ("node", "value-not-allowed", "workload", "definite") in found
    assert ("node", "unreached", "workload", "definite") in found
    assert "hush" not in json.dumps(report)


def test_the_compliant_example_is_clean(check):
    """Its preview and its export, by its own dictionary; bills and links included."""
    dictionary = EXAMPLE / "dictionary.yaml"
    before = run(EXAMPLE / "compliant", preview=True)
    code, report = check(documents.preview_of(before), dictionary=dictionary)
    assert [
        each for each in report["findings"] if each["severity"] == "error" and each["certainty"] == "definite"
    ] == []
    assert code == 0
    code, report = check(documents.export_of(run(EXAMPLE / "compliant")), dictionary=dictionary)
    assert (code, report["findings"]) == (0, [])
    assert report["summary"]["compliant"] > 5


def test_the_refused_example_cannot_look_clean(check):
    """A preview that failed is not the whole truth: exit 2."""
    refused = run(EXAMPLE / "refused", preview=True)
    code, report = check(documents.preview_of(refused), dictionary=EXAMPLE / "dictionary.yaml")
    assert code == 2
    assert "the preview ended with an error" in report["coverage"]["problems"][0]["reason"]


def test_a_group_of_the_components_is_followed_to_its_template(loopback, tags, project):
    """`GpuNodeGroup` puts its tags everywhere: nothing of it is unreached, in a preview and in an export."""
    from tagwright_pulumi import GpuNodeGroup

    def program():
        arguments = {"kind": "asg", "instance_type": "p5.48xlarge", "subnet_ids": ["s"], "ami": "a", "tags": tags}
        GpuNodeGroup("g", arguments)

    for name, document in (
        ("preview.json", documents.preview_of(loopback(program, preview=True))),
        ("export.json", documents.export_of(loopback(program))),
    ):
        (project / name).write_text(json.dumps(document))
        found = read([name], ReadOptions(cwd=project))
        assert found.problems == ()
        for resource in found.resources:
            for bill in resource.bills:
                values = {tag.key: tag.value for tag in bill.tags.items}
                assert values == tags, (name, resource.address, bill.what)
                assert bill.tags.complete


def test_every_tag_of_the_wire_is_read(loopback, tags, project):
    """The reader and the loopback's own decoding agree on every resource of a program."""

    def program():
        platform()
        aws().sqs.Queue("q", tags=tags)
        aws().autoscaling.Group(
            "g", min_size=0, max_size=1, tags=[{"key": "a", "value": "b", "propagate_at_launch": True}]
        )

    result = loopback(program, preview=True)
    (project / "preview.json").write_text(json.dumps(documents.preview_of(result)))
    found = {
        each.address.rpartition("::")[2]: each for each in read(["preview.json"], ReadOptions(cwd=project)).resources
    }
    assert set(found) == {each.name for each in result.resources}
    for each in result.resources:
        written = each.inputs.get("tags", {})
        pairs = written if isinstance(written, dict) else {row["key"]: row["value"] for row in written}
        read_back = {tag.key: tag.value for tag in found[each.name].tags.items}
        assert read_back.keys() == pairs.keys()
        assert all(isinstance(read_back[key], Unknown) or read_back[key] == pairs[key] for key in pairs)
