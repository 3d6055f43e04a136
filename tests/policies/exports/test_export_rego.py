"""The Rego policy in rego-cpp, on plans that tagwright's own reader reads as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.policies.exports import engines
from tests.policies.exports.case_table import TODAY, covered, dictionary, errors, exported, rotated, text

from tagwright_dictionary.model import Severity
from tagwright_iac.plan import read_plan

SCRIPT = str(Path(__file__).parent / "scripts" / "rego.py")
VALUES = {"placeholder-value": "value", "value-not-allowed": "value"}


def _change(number, case, **about):
    after = {**case.resource.get("attributes", {}), "tags": case.tags, "tags_all": case.tags}
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": {"id": True}, **about}
    address = f"{case.type}.r{number}"
    return {"address": address, "mode": "managed", "type": case.type, "name": f"r{number}", "change": change}


def _plan(changes):
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": [
            {"provider_name": f"registry.terraform.io/hashicorp/{each['type'].partition('_')[0]}", **each}
            for each in changes
        ],
        "configuration": {},
    }


def _findings(plans):
    program = engines.python("regopy", *engines.REGO)
    data = json.loads(text("rego", "data/tagwright.json"))
    data["tagwright"]["today"] = TODAY.isoformat()
    used = {each["type"] for plan in plans for each in plan["resource_changes"]}
    data["tagwright"]["types"] = {name: kind for name, kind in data["tagwright"]["types"].items() if name in used}
    document = {"policy": text("rego", "policy/tagwright.rego"), "data": json.dumps(data), "plans": plans}
    return engines.run(program, [SCRIPT], document)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """(case, resource as the plan reader reads it, findings of the policy), each tag set with one of the resources
    in turn: rego-cpp takes a third of a second for each, and its regular expressions are ASCII only (OPA's are not).
    """
    chosen = [case for case in rotated() if all(part.isascii() for pair in case.tags.items() for part in pair)]
    folder, rows = tmp_path_factory.mktemp("plans"), []
    plans = [_plan([_change(0, case)]) for case in chosen]
    for case, plan, found in zip(chosen, plans, _findings(plans), strict=True):
        file = folder / "plan.json"
        file.write_text(json.dumps(plan))
        reading = read_plan(file, cwd=folder)
        assert reading.problems == ()
        (resource,) = reading.resources
        rows.append((case, resource, [tuple(item[:3]) for item in found]))
    return rows


@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.WARNING])
def test_findings_are_those_of_judge(table, severity):
    """Rule, key and severity of every finding, on every case; what differs is in a gap."""
    gaps, wrong = exported("rego").gaps, []
    for case, resource, found in table:
        theirs = {
            (VALUES.get(each.rule, each.rule), each.key)
            for each in errors(resource, severity)
            if not covered(gaps, each, case.tags)
        }
        mine = {(VALUES.get(rule, rule), key) for rule, key, level in found if level == severity.value}
        if theirs != mine:
            wrong.append((case.name, sorted(theirs - mine), sorted(mine - theirs)))
    assert wrong == []


def _special(**about):
    base = {"type": "aws_s3_bucket", "address": "aws_s3_bucket.x", "mode": "managed", "name": "x"}
    change = {"actions": ["create"], "after": {"tags_all": {}}, "after_unknown": {}}
    return _plan(
        [{**base, **{k: v for k, v in about.items() if k != "change"}, "change": {**change, **about["change"]}}]
    )


def test_what_stays_is_judged_and_what_is_unknown_waits():
    """Deleted resources, data sources and unknown types are passed over; unknown tags are a warning, not an error."""
    plans = [
        _special(change={"actions": ["delete"], "after": None}),
        _special(mode="data", change={"actions": ["read"]}),
        _special(type="aws_made_up", change={}),
        _special(change={"actions": ["delete", "create"], "after": {"tags_all": {}}}),
        _special(change={"actions": ["no-op"], "after": {"tags_all": {}}}),
        _special(change={"after": {"tags_all": None}, "after_unknown": {"tags_all": True}}),
        _special(
            change={"after": {"tags_all": {"workload": "training"}}, "after_unknown": {"tags_all": {"owner": True}}}
        ),
    ]
    found = [sorted({(rule, key, level) for rule, key, level, _ in each}) for each in _findings(plans)]
    required = ("Tier", "cost-center", "owner", "workload")
    missing = sorted([("missing-tag", key, "error") for key in required] + [("missing-tag", "team", "warning")])
    waiting = sorted(("undecided", key, "warning") for key in (*required, "team"))
    partly = sorted(
        [("missing-tag", key, "error") for key in ("Tier", "cost-center")]
        + [("missing-tag", "team", "warning"), ("undecided", "owner", "warning")]
    )
    assert found == [[], [], [], missing, missing, waiting, partly]


def test_labels_of_google_are_read_in_their_label_form():
    """Keys and values as Google Cloud writes them are judged as the dictionary spells them."""
    labels = {"owner": "vision_at_acme_example", "cost_center": "cc-4100", "workload": "training", "tier": "gold"}
    good = _special(
        type="google_storage_bucket", address="g", change={"after": {"effective_labels": labels, "labels": labels}}
    )
    bad = _special(
        type="google_storage_bucket",
        address="g",
        change={"after": {"effective_labels": {**labels, "owner": "vision_at_evil_example", "cost_center": "CC"}}},
    )
    found = [
        sorted({(rule, key) for rule, key, level, _ in each if level == "error"}) for each in _findings([good, bad])
    ]
    assert found == [
        [],
        [("invalid-tag", "cost-center"), ("value-not-allowed", "cost-center"), ("value-not-allowed", "owner")],
    ]
    assert dictionary().encoding("gcp").values == "label"


def test_deadlines_follow_the_day():
    """The policy reads the clock: what is accepted until a day is refused after it, without a new export."""
    data = json.loads(text("rego", "data/tagwright.json"))
    program = engines.python("regopy", *engines.REGO)
    plan = _special(type="aws_sqs_queue", address="q", change={"after": {"tags_all": {"workload": "research"}}})
    answers = []
    for day in ("2026-12-31", "2027-01-31", "2027-02-01"):
        data["tagwright"]["today"] = day
        document = {"policy": text("rego", "policy/tagwright.rego"), "data": json.dumps(data), "plans": [plan]}
        (found,) = engines.run(program, [SCRIPT], document)
        answers.append(sorted((rule, key, level) for rule, key, level, _ in found if key != "owner"))
    warned, refused = ("deprecated-value", "workload", "warning"), ("deprecated-value", "workload", "error")
    # Two requirements ask for the team: one recommends it for ever, one is an error from 2027 on.
    advised, demanded = [("missing-tag", "team", level) for level in ("warning", "error")]
    assert answers == [
        sorted([warned, advised, advised]),
        sorted([warned, advised, demanded]),
        sorted([refused, advised, demanded]),
    ]
