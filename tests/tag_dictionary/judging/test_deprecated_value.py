"""`deprecated-value`: what must fire, what must not."""

from __future__ import annotations

from datetime import date

import pytest

from tagwright_dictionary.model import Verdict

MUST_FIRE = [
    (
        "batch",
        date(2027, 1, 31),
        (
            "warning",
            Verdict.COMPLIANT,
            'workload = "batch" is deprecated and accepted until 2027-01-31: use "data-prep"',
        ),
    ),
    (
        "batch",
        date(2027, 2, 1),
        (
            "error",
            Verdict.NON_COMPLIANT,
            'workload = "batch" was accepted until 2027-01-31 and is not any more: use "data-prep"',
        ),
    ),
    (
        "adhoc",
        date(2040, 1, 1),
        ("warning", Verdict.COMPLIANT, 'workload = "adhoc" is deprecated: use "experimentation"'),
    ),
]


@pytest.mark.parametrize(("value", "day", "expected"), MUST_FIRE)
def test_fires(kit, value, day, expected):
    """A warning through the last day, an error from the next; it names the day and the successor."""
    judgement = kit.judge(kit.gpu(kit.with_(workload=value)), day)
    finding = kit.only(judgement)
    assert (finding.severity, judgement.verdict, finding.message) == expected
    assert (finding.rule, len(finding.suggestions)) == ("deprecated-value", 1)


@pytest.mark.parametrize("value", ["data-prep", "Batch", "todo", "poc"])
def test_does_not_fire(kit, value):
    """Active values, misspelt ones, placeholders and aliases are not deprecated."""
    judgement = kit.judge(kit.gpu(kit.with_(workload=value)))
    assert [each for each in judgement.findings if each.rule == "deprecated-value"] == []
