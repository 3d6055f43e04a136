"""The Rego policy in OPA (the engine inside conftest) and in Regorus, on plans that our own reader reads too."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.oracle import harness, need
from tests.policies.exports import engines
from tests.policies.exports.case_table import (
    MAKER,
    SILENT,
    TODAY,
    Case,
    cases,
    covering,
    dictionary,
    excusing,
    exported,
    judged,
    rotated,
    text,
)
from tests.policies.exports.random_books import tables

from tagwright_dictionary.model import Certainty
from tagwright_iac.plan import read_plan
from tagwright_policies.exports import TARGETS
from tagwright_policies.exports.contract import CARRIED

ENGINES = {"opa": engines.opa, "regorus": engines.regorus}


def _change(case, number=0, **about):
    google = case.provider == "google"
    places = ("labels", "effective_labels", "terraform_labels") if google else ("tags", "tags_all")
    after = {**case.attributes, **dict.fromkeys(places, case.tags)}
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": {"id": True}, **about}
    address = case.address or f"{case.type}.r{number}"
    return {
        "address": address, "mode": "managed", "type": case.type, "name": f"r{number}", "change": change,
        "provider_name": f"registry.terraform.io/hashicorp/{case.provider}",
    }  # fmt: skip


def _plan(*changes, configuration=None):
    changes = [
        {"provider_name": f"registry.terraform.io/hashicorp/{each['type'].partition('_')[0]}", **each}
        for each in changes
    ]
    return {
        "format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
        "configuration": configuration or {},
    }  # fmt: skip


def _policies(export=None):
    files = (export or exported("rego")).files
    return {file.path: file.text for file in files if file.path.endswith(".rego")}


def _data(export, day, kinds):
    """The data document on a day, with the types that are asked for (all of them are large)."""
    data = json.loads(text("rego", "data/tagwright.json", export))
    data["tagwright"]["today"] = day.isoformat()
    data["tagwright"]["types"] = {name: about for name, about in data["tagwright"]["types"].items() if name in kinds}
    return json.dumps(data)


def _findings(plans, *, engine="opa", export=None, day=TODAY):
    """(rule, key, severity) triples for each plan."""
    kinds = {each["type"] for plan in plans for each in plan["resource_changes"]}
    document = {
        "policies": _policies(export), "data": _data(export, day, kinds), "inputs": plans,
    }  # fmt: skip
    found = ENGINES[engine]().ask(document)
    return [{(each["rule"], each["key"], each["severity"]) for each in every} for every in found]


def _read(plan, folder):
    file = folder / "plan.json"
    file.write_text(json.dumps(plan))
    reading = read_plan(file, cwd=folder)
    assert reading.problems == ()
    (resource,) = reading.resources
    return resource


def _triple(finding, case):
    """A finding as the policy reports it. Outside ASCII it only knows that a value is
    refused, and that a key is not there.
    """
    if finding.certainty is Certainty.UNDECIDED:
        return ("undecided", finding.key, "warning")
    return (_rule(finding.rule, finding.key, case), finding.key, finding.severity.value)


def _rule(rule, key, case):
    if key.isascii() and all(part.isascii() for pair in case.tags.items() for part in pair):
        return rule
    names = {
        "placeholder-value": "a value",
        "value-not-allowed": "a value",
        "invalid-tag": "a value",
        "key-case": "a key",
        "missing-tag": "a key",
    }
    return names.get(rule, rule)


def _compare(rows, export, book):
    """`rows`: (case, resource, triples). What no gap explains, and the gaps that no case has shown.

    Of one key `judge` says the gravest; the policy says also what waits beside it, or warns beside what waits. Where
    a gap hides what makes a finding an error, the policy may say it as a warning.
    """
    wrong, seen = [], set()
    for case, resource, found in rows:
        outcome = judged(book, resource, case.day)
        assert not case.deferred or outcome.findings
        bare = judged(book, replace(resource, bills=()), case.day).findings
        own = {_triple(each, case) for each in bare}
        covers = []
        for each in outcome.findings:
            triple = _triple(each, case)
            gaps = covering(export.gaps, book, case, each)
            covers.append((triple, [gap for gap in gaps if gap.only != CARRIED or triple not in own]))
        mine = {(_rule(rule, key, case), key, level) for rule, key, level in found}
        theirs = {triple for triple, _ in covers}
        waiting = {key for rule, key, _ in theirs if rule == "undecided"}
        definite = {key for rule, key, _ in theirs if rule != "undecided"}
        graver = {(rule, key) for (rule, key, _), gaps in covers if gaps}
        missed = sorted(triple for triple, gaps in covers if triple not in mine and not gaps)
        more = sorted(
            (rule, key, level)
            for rule, key, level in mine - theirs
            if not (rule == "undecided" and key in definite)
            and not (level == "warning" and (key in waiting or (rule, key) in graver))
        )
        excuses = excusing(export.gaps, book, case, outcome)
        if missed or (more and not excuses):
            wrong.append((case.name, "missed", missed, "more", more))
        if more:
            seen.update(excuses)
        seen.update(gap for triple, gaps in covers if triple not in mine for gap in gaps)
    unseen = [(gap.subject, gap.text) for gap in export.gaps if gap not in seen and gap.subject not in SILENT]
    return wrong, unseen


def _rows(chosen, folder, engine, export=None):
    """By day, because the policy reads the day from its data."""
    rows = []
    for day in sorted({case.day for case in chosen}):
        today = [case for case in chosen if case.day == day]
        plans = [_plan(_change(case, number)) for number, case in enumerate(today)]
        found = _findings(plans, engine=engine, export=export, day=day)
        rows += [(case, _read(plan, folder), each) for case, plan, each in zip(today, plans, found, strict=True)]
    return rows


@pytest.mark.parametrize("engine", ENGINES)
def test_findings_are_those_of_judge_on_the_table(tmp_path, engine):
    """Rule, key, severity and certainty of every finding on every case; what differs is in a gap."""
    chosen = [case for case in (cases() if engine == "opa" else rotated()) if not case.carried]  # plans: see below
    wrong, _ = _compare(_rows(chosen, tmp_path, engine), exported("rego"), dictionary())
    assert wrong == []


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def test_findings_are_those_of_judge_on_any_dictionary(data, tmp_path_factory):
    """So on random dictionaries and tags, in both engines."""
    folder = tmp_path_factory.getbasetemp()
    book, chosen = data.draw(tables(folder))
    export = TARGETS["rego"].export(book, TODAY, MAKER)
    for engine in ENGINES:
        wrong, _ = _compare(_rows(chosen, folder, engine, export), export, book)
        assert wrong == [], engine


HEAD = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
resource "terraform_data" "u" {}
provider "aws" {
  default_tags {
    tags = { team = "search", owner = terraform_data.u.id }
  }
}
provider "aws" {
  alias = "bare"
}
"""
CHILD = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "tags" { default = {} }
resource "aws_s3_bucket" "b" { tags = var.tags }
resource "aws_sqs_queue" "q" {
  for_each = toset(["x", "y\\"]"])
  tags     = { Tier = each.key }
}
"""
TREE = """
locals {
  good = { owner = "vision@acme.example", cost-center = "cc-4100", workload = "training", Tier = "gold" }
}
resource "aws_s3_bucket" "defaults" { tags = { cost-center = "cc-4200", workload = "training", Tier = "gold" } }
resource "aws_s3_bucket" "known" {
  provider = aws.bare
  tags     = local.good
}
resource "aws_s3_bucket" "partly" {
  provider = aws.bare
  tags     = { owner = terraform_data.u.id, workload = "trainng" }
}
resource "aws_s3_bucket" "wholly" {
  provider = aws.bare
  tags     = jsondecode(terraform_data.u.id)
}
resource "aws_s3_bucket" "null" {
  provider = aws.bare
  tags     = { owner = null, Tier = "" }
}
resource "aws_s3_bucket" "many" {
  provider = aws.bare
  count    = 2
  tags     = count.index == 0 ? local.good : { owner = sensitive("s3cret") }
}
resource "aws_instance" "later" {
  provider      = aws.bare
  ami           = "ami-1"
  instance_type = terraform_data.u.id
  tags          = { team = "vision", deputy = terraform_data.u.id }
}
resource "aws_launch_template" "t" {
  provider      = aws.bare
  instance_type = "p5.48xlarge"
  tag_specifications {
    resource_type = "instance"
    tags          = { team = "visoin" }
  }
}
resource "aws_launch_template" "good" {
  provider      = aws.bare
  instance_type = "p5.48xlarge"
  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume"])
    content {
      resource_type = tag_specifications.key
      tags          = local.good
    }
  }
}
resource "aws_autoscaling_group" "g" {
  provider = aws.bare
  max_size = 1
  min_size = 1
  launch_template {
    id      = aws_launch_template.t.id
    version = "$Latest"
  }
  tag {
    key                 = "cost-center"
    value               = "nothing"
    propagate_at_launch = true
  }
}
module "m" {
  source    = "./child"
  providers = { aws = aws.bare }
  tags      = merge(local.good, { Owner = "x" })
}
module "each" {
  source    = "./child"
  for_each  = toset(["a"])
  providers = { aws = aws.bare }
}
"""


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """(case, resource as the reader sees it, triples) for each resource of a plan that Terraform made."""
    need.oracle()
    folder = tmp_path_factory.mktemp("real")
    (folder / "child").mkdir()
    (folder / "child" / "main.tf").write_text(CHILD)
    (folder / "main.tf").write_text(HEAD + TREE)
    document = harness.plan_json(folder)
    file = folder / "plan.json"
    file.write_text(json.dumps(document))
    reading = read_plan(file, cwd=folder)
    assert reading.problems == ()
    addresses = {each["address"]: each for each in document["resource_changes"]}
    (found,) = engines.opa().ask(
        {
            "policies": _policies(),
            "data": _data(exported("rego"), TODAY, {each["type"] for each in document["resource_changes"]}),
            "inputs": [document],
        }
    )
    rows = []
    for resource in reading.resources:
        if resource.taggable and resource.provider == "aws":
            carried = {bill.what: {} for bill in resource.bills if not bill.own}
            late = resource.tags.cause is not None and "default tags of provider" in resource.tags.cause.cause
            case = Case(resource.address, {}, resource.type, carried=carried, late_defaults=late)
            mine = {
                (each["rule"], each["key"], each["severity"]) for each in found if each["address"] == resource.address
            }
            rows.append((case, resource, mine))
    assert {each["address"] for each in found} <= set(addresses)
    assert not any("s3cret" in each["msg"] for each in found)
    return rows


def test_findings_are_those_of_judge_on_a_plan_of_terraform(real):
    """Modules, instances, unknown and sensitive values, provider aliases and default tags as Terraform prints them."""
    wrong, _ = _compare(real, exported("rego"), dictionary())
    assert wrong == []
    assert len(real) == 17


def _kubernetes():
    metadata = [{"name": "n", "labels": {"team": "visoin"}}]
    change = {"actions": ["create"], "before": None, "after": {"metadata": metadata}, "after_unknown": {}}
    kind = "kubernetes_namespace_v1"
    return _plan({"address": f"{kind}.n", "mode": "managed", "type": kind, "name": "n", "change": change})


def test_every_gap_shows(real, tmp_path):
    """The header claims nothing that cannot be seen: on the table, Terraform's plan or a plan for Kubernetes."""
    rows = _rows([case for case in rotated() if not case.carried], tmp_path, "opa")
    plan = _kubernetes()
    case = Case("kubernetes", {"team": "visoin"}, "kubernetes_namespace_v1", provider="kubernetes")
    rows.append((case, _read(plan, tmp_path), _findings([plan])[0]))
    case = Case("later", {"team": "visoin"}, "aws_s3_bucket", deferred=True)
    change = _change(case)
    plan = {**_plan(change), "resource_changes": [], "deferred_changes": [{"reason": "x", "resource_change": change}]}
    rows.append((case, _read(plan, tmp_path), _findings([plan])[0] - {("undecided", "", "warning")}))
    wrong, unseen = _compare([*rows, *real], exported("rego"), dictionary())
    assert (wrong, unseen) == ([], [])


def _special(**about):
    base = {"type": "aws_s3_bucket", "address": "aws_s3_bucket.x", "mode": "managed", "name": "x"}
    change = {"actions": ["create"], "after": {"tags_all": {}}, "after_unknown": {}}
    return _plan(
        {
            **base,
            **{key: value for key, value in about.items() if key != "change"},
            "change": {**change, **about["change"]},
        }
    )


REQUIRED = ("Tier", "cost-center", "owner", "workload")
MISSING = {("missing-tag", key, "error") for key in REQUIRED} | {("missing-tag", "team", "warning")}
CHANGES = {
    "deleted": ({"change": {"actions": ["delete"], "after": None}}, set()),
    "forgotten": ({"change": {"actions": ["forget"], "after": None}}, set()),
    "a data source": ({"mode": "data", "change": {"actions": ["read"]}}, set()),
    "a type without tags": ({"type": "aws_made_up", "change": {"after": {}}}, set()),
    "a deposed object": ({"deposed": "00000001", "change": {"actions": ["delete", "create"]}}, set()),
    "replaced": ({"change": {"actions": ["delete", "create"]}}, MISSING),
    "replaced, the new one first": ({"change": {"actions": ["create", "delete"]}}, MISSING),
    "left alone": ({"change": {"actions": ["no-op"]}}, MISSING),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_stays_is_judged(name):
    """What is there after apply is judged, and nothing else."""
    about, expected = CHANGES[name]
    for engine in ENGINES:
        assert _findings([_special(**about)], engine=engine) == [expected], engine


NO_PLANS = {
    "an empty document": ({}, "error"),
    "a state": ({"format_version": "1.0", "values": {"root_module": {}}}, "error"),
    "a module's code": ({"resource": [{"aws_s3_bucket": {"b": {}}}]}, "error"),
    "a list of other things": ({"format_version": "1.2", "resource_changes": "none"}, "error"),
    "a plan that failed": ({"format_version": "1.2", "errored": True}, "error"),
    "a part of a plan": ({"format_version": "1.2", "complete": False}, "warning"),
    "a change that waits": (
        {"format_version": "1.2", "deferred_changes": [{"resource_change": {"address": "aws_s3_bucket.x"}}]}, "warning",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_PLANS)
def test_what_cannot_be_judged_never_passes_in_silence(name):
    """A document that is no plan, or not all of one, is a finding; a plan without changes is none."""
    document, level = NO_PLANS[name]
    for engine in ENGINES.values():
        ask = {"policies": _policies(), "data": _data(exported("rego"), TODAY, ()), "inputs": [document]}
        ((found,),) = engine().ask(ask)
        assert (found["rule"], found["severity"]) == ("undecided", level)
        ask["inputs"] = [{"format_version": "1.2", "terraform_version": "1.11.4"}]
        assert engine().ask(ask) == [[]]


def test_conftest_finds_deny_and_warn():
    """Errors are in `deny` and the rest in `warn`, objects with `msg`; a sensitive value is in none of them."""
    tags = {"owner": "s3cret", "workload": "research"}
    change = {"after": {"tags_all": tags}, "after_sensitive": {"tags_all": {"owner": True}}}
    plan = _special(change=change)
    found = {}
    for query in ("main.deny", "main.warn"):
        ask = {
            "policies": _policies(), "inputs": [plan], "query": query,
            "data": _data(exported("rego"), TODAY, {"aws_s3_bucket"}),
        }  # fmt: skip
        answers = [sorted(each["msg"] for each in ENGINES[engine]().ask(ask)[0]) for engine in ENGINES]
        assert answers[0] == answers[1]
        found[query] = answers[0]
    assert found["main.deny"] == [
        "aws_s3_bucket.x: Tier is required by buckets-have-a-tier (missing-tag)",
        "aws_s3_bucket.x: cost-center is required by accountable (missing-tag)",
        "aws_s3_bucket.x: owner = (sensitive value): An e-mail address at acme.example. (value-not-allowed)",
    ]
    approved = "One of training, inference, research, batch."
    assert found["main.warn"] == [
        "aws_s3_bucket.x: team is recommended by team-recommended (missing-tag)",
        f"aws_s3_bucket.x: workload = (sensitive value): {approved} (deprecated-value)",
    ]


def test_labels_of_google_are_read_in_their_label_form():
    """Keys and values as Google Cloud writes them are judged as the dictionary spells them."""
    labels = {
        "owner": "vision_at_acme_example",
        "cost_center": "cc-4100",
        "workload": "training",
        "tier": "gold",
        "team": "vision",
    }
    bad = {**labels, "owner": "vision_at_evil_example", "cost_center": "CC"}
    plans = [
        _special(
            type="google_storage_bucket", address="g", change={"after": {"effective_labels": each, "labels": each}}
        )
        for each in (labels, bad)
    ]
    expected = {
        ("invalid-tag", "cost-center", "error"),
        ("value-not-allowed", "cost-center", "error"),
        ("value-not-allowed", "owner", "error"),
    }
    for engine in ENGINES:
        assert _findings(plans, engine=engine) == [set(), expected]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-31", {("deprecated-value", "workload", "warning"), ("missing-tag", "deputy", "warning")}),
        ("2027-01-31", {("deprecated-value", "workload", "warning"), ("missing-tag", "deputy", "error")}),
        ("2027-02-01", {("deprecated-value", "workload", "error"), ("missing-tag", "deputy", "error")}),
    ],
)
def test_deadlines_follow_the_day(day, expected):
    """The policy goes by the day: what is accepted until then is refused after it, without a new export."""
    tags = {"workload": "research", "team": "vision", "owner": "vision@acme.example"}
    plan = _special(type="aws_sqs_queue", address="q", change={"after": {"tags_all": tags}})
    for engine in ENGINES:
        assert _findings([plan], engine=engine, day=date.fromisoformat(day)) == [expected]


def test_without_a_day_the_clock_decides():
    """As conftest runs it, the data name no day."""
    data = json.loads(_data(exported("rego"), TODAY, {"aws_sqs_queue"}))
    del data["tagwright"]["today"]
    for engine in ENGINES.values():
        ask = {"policies": _policies(), "data": json.dumps(data), "inputs": [{}], "query": "main.today"}
        before, (found,), after = datetime.now(UTC).date(), engine().ask(ask), datetime.now(UTC).date()
        assert before <= date.fromisoformat(found) <= after
