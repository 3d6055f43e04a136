"""The Custodian policies in Cloud Custodian's own loader and resource classes."""

from __future__ import annotations

from pathlib import Path

from tests.policies.exports import engines
from tests.policies.exports.case_table import cases, compare, text

SCRIPT = str(Path(__file__).parent / "scripts" / "custodian.py")


def _live(case):
    tags = [{"Key": key, "Value": value} for key, value in case.tags.items()]
    return {**case.resource.get("live", {}), "Tags": tags}


def test_policies_find_what_judge_refuses():
    """On the whole table: a resource is found by a policy of severity error when judge finds an error, and only then."""
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
