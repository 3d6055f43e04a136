"""The Custodian policies in Cloud Custodian's own loader and resource classes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.policies.exports import engines
from tests.policies.exports.case_table import cases, compare, text

from tagwright_policies.exports.custodian import resources

ROOT = Path(__file__).parents[3]
SCRIPT = str(Path(__file__).parent / "scripts" / "custodian.py")
MOTO = str(Path(__file__).parent / "scripts" / "custodian_moto.py")


def _live(case):
    tags = [{"Key": key, "Value": value} for key, value in case.tags.items()]
    return {**case.resource.get("live", {}), "Tags": tags}


def test_policies_find_what_judge_refuses():
    """On the whole table: a policy of severity error finds a resource when judge finds an error, and only then."""
    program = engines.python("c7n", *engines.C7N, *engines.MOTO)
    names = sorted({case.resource["custodian"] for case in cases()})
    resources = [[case.resource["custodian"], _live(case)] for case in cases()]
    policies = [text("custodian", f"policies/{name}.yml") for name in names]
    found = engines.run(program, [SCRIPT], {"policies": policies, "resources": resources})
    verdicts = [
        (case, any(severity == "error" for _, severity in matched))
        for case, matched in zip(cases(), found, strict=True)
    ]
    wrong, decided = compare("custodian", verdicts, judged=lambda case: case.judged(framework="live"))
    assert wrong == []
    assert decided > 0.95


def test_policies_run_against_aws_as_moto_plays_it():
    """From the API to the verdict: instances, buckets and queues are made in moto, and the policies find those that
    judge refuses.
    """
    program = engines.python("c7n", *engines.C7N, *engines.MOTO)
    wanted = (
        "complete",
        "nothing",
        "no-owner",
        "owner-key-in-capitals",
        "workload-ended",
        "cost-center-of-another-team",
    )
    kinds = ("gpu", "instance", "bucket", "queue")
    chosen = {
        name: {kind: case for case in cases() for kind in kinds if case.name == f"{kind}/{name}"} for name in wanted
    }
    document = {
        "policies": [text("custodian", f"policies/{name}.yml") for name in ("ec2", "s3", "sqs")],
        "tag_sets": [chosen[name]["gpu"].tags for name in wanted],
    }
    found = {tuple(each) for each in engines.run(program, [MOTO], document)}
    expected = {
        (kind, number)
        for number, name in enumerate(wanted)
        for kind in kinds
        if chosen[name][kind].judged(framework="live")
    }
    assert found == expected


def test_the_table_of_resources_is_that_of_cloud_custodian():
    """`data/custodian.json` is what the tool makes of the c7n that the tests install."""
    program = engines.python("c7n", *engines.C7N, *engines.MOTO)
    folder = program.parent.parent / "table"
    target = folder / "policies/tagwright_policies/exports/data"
    target.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [program, ROOT / "tools/make_custodian.py", folder], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads((target / "custodian.json").read_text()) == dict(resources())
