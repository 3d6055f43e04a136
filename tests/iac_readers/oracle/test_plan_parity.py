"""The same code read from its source and from its plan: what both know is the same, and so are the verdicts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.oracle import corpus, harness

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector
from tagwright_dictionary.judging import judge
from tagwright_dictionary.model import Reading, Tags, Unknown, Verdict
from tagwright_iac.plan import read_plan

pytestmark = pytest.mark.usefixtures("terraform")

KEYS = ("owner", "team", "stage", "Name", "cost-center", "workload", "from", "a", "via")
DICTIONARY = Dictionary(
    "parity",
    "1.0.0",
    keys=tuple(Key(key) for key in KEYS),
    requirements=tuple(Requirement(f"r-{key}", Selector(everything=True), (key,)) for key in KEYS),
)
DECIDED = frozenset({Verdict.COMPLIANT, Verdict.NON_COMPLIANT, Verdict.NOT_APPLICABLE})
# These cannot be planned as they stand: a value is missing, or a backend would have to be reached.
NO_PLAN = frozenset({"backend", "open_maps", "required_object_variable", "unknown_equality", "unknown_variables"})


def plan_reading(case: corpus.Case, folder: Path) -> Reading:
    """The real Terraform's plan of a case, read by the plan reader."""
    document = harness.plan_json(
        case.root, tree=case.folder, assignments=list(case.assignments), env=dict(case.environ)
    )
    path = folder / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_plan(path, cwd=folder)


def conflicts(what: str, code: Tags, plan: Tags) -> list[str]:
    """Keys that one side knows to be different from what the other side knows."""
    found = []
    for key in sorted({*code.keys(), *plan.keys()}):
        ours, theirs = code.get(key), plan.get(key)
        if ours is None or theirs is None:
            side = code if ours is None else plan
            if side.complete:
                found.append(f"{what}[{key}]: {'code' if ours is None else 'plan'} says it is absent")
        elif ours.value != theirs.value and not any(isinstance(tag.value, Unknown) for tag in (ours, theirs)):
            found.append(f"{what}[{key}]: code {ours.value!r}, plan {theirs.value!r}")
    return found


@pytest.mark.parametrize("name", [name for name in corpus.names() if name not in NO_PLAN])
def test_code_and_plan_agree(name: str, tmp_path: Path) -> None:
    """No key, bill, class or verdict that both decide differs."""
    case = corpus.load(name)
    code = {resource.address: resource for resource in corpus.read(case).resources}
    plan = {resource.address: resource for resource in plan_reading(case, tmp_path).resources}
    found = []
    for address in sorted(code.keys() & plan.keys()):
        ours, theirs = code[address], plan[address]
        found += conflicts(address, ours.tags, theirs.tags)
        theirs_by_part = {bill.what: bill for bill in theirs.bills}
        if ours.exists is None and sorted(bill.what for bill in ours.bills) != sorted(theirs_by_part):
            found.append(f"{address}: bills {[bill.what for bill in ours.bills]} and {sorted(theirs_by_part)}")
        for bill in ours.bills:
            if bill.what in theirs_by_part:
                found += conflicts(f"{address}, {bill.what}", bill.tags, theirs_by_part[bill.what].tags)
        if ours.classes.certain != theirs.classes.certain and not (ours.classes.possible or theirs.classes.possible):
            found.append(f"{address}: classes {sorted(ours.classes.certain)} and {sorted(theirs.classes.certain)}")
        verdicts = [judge(DICTIONARY, resource, date(2026, 11, 23)).verdict for resource in (ours, theirs)]
        if set(verdicts) <= DECIDED and verdicts[0] is not verdicts[1]:
            found.append(f"{address}: verdicts {verdicts}")
    only_one = {address for address in code.keys() ^ plan.keys() if "[?]" not in address}
    unknown_blocks = {resource.block for resource in code.values() if "[?]" in resource.address}
    found += [
        f"{address} is read from one side only"
        for address in sorted(only_one)
        if (code.get(address) or plan[address]).block not in unknown_blocks
    ]
    assert found == []
