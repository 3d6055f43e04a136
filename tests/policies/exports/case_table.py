"""The common table: tag sets and resources as `judge` and the gate see them, and what an export's gaps say of each."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from tagwright_dictionary.judging.engine import CHECKS
from tagwright_dictionary.judging.limits import CLOUDS
from tagwright_dictionary.loading import load
from tagwright_dictionary.model import Bill, Certainty, Classes, Reading, Resource, Severity, Tag, Tags, Unknown
from tagwright_policies.exports import TARGETS, Maker
from tagwright_policies.exports.contract import CARRIED, DEFERRED, EMPTY, FURTHER, LATE_DEFAULTS, NON_ASCII, OTHER_TYPES
from tagwright_policies.gate import gate

FOLDER = Path(__file__).parent / "cases"
ROOT_PATHS = os.pathsep.join(
    str(Path(__file__).parents[3] / room) for room in ("tag_dictionary", "iac_readers", "policies")
)
TODAY = date(2026, 11, 23)
MAKER = Maker("tagwright 0.0.0", "tagwright dictionary export")
SILENT = frozenset({"service-levels", "policies"})
"""Subjects of gaps that no finding can show."""


@cache
def dictionary():
    return load(FOLDER / "dictionary.yaml", cache=False)


@cache
def exported(target):
    return TARGETS[target].export(dictionary(), TODAY, MAKER)


def text(target, path, export=None):
    (found,) = (file.text for file in (export or exported(target)).files if file.path == path)
    return found


@dataclass(frozen=True)
class Case:
    """A resource with its tags. `live` and `custodian` are how Cloud Custodian sees it; `attributes` how a plan does;
    `day` is the day it is judged on (the export stays that of `TODAY`).
    """

    name: str
    tags: dict[str, str]
    type: str
    classes: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    provider: str = "aws"
    attributes: dict[str, object] = field(default_factory=dict)
    custodian: str = ""
    live: dict[str, object] = field(default_factory=dict)
    carried: dict[str, dict[str, str]] = field(default_factory=dict)
    late_defaults: bool = False
    deferred: bool = False
    day: date = TODAY
    address: str = ""

    def resource(self, framework="terraform"):
        sure = frozenset(self.classes)
        possible = tuple((name, Unknown("not known")) for name in self.possible)
        own = _tags(self.tags)
        bills = tuple(Bill(what, _tags(tags), broken_hop="a hop") for what, tags in self.carried.items())
        return Resource(
            self.address or f"{self.type}.x",
            self.type,
            self.provider,
            framework,
            classes=Classes(sure, possible),
            tags=own,
            bills=(Bill("the resource", own, own=True), *bills) if bills else (),
        )


def _tags(tags):
    return Tags(tuple(Tag(key, value) for key, value in sorted(tags.items())))


@dataclass(frozen=True)
class Judged:
    """What the gate finds (`findings`), and what an exemption took away (`exempt`)."""

    findings: tuple
    exempt: tuple

    @property
    def errors(self):
        return [each for each in self.findings if is_error(each)]


def is_error(finding):
    return finding.severity is Severity.ERROR and finding.certainty is Certainty.DEFINITE


def judged(book, resource, day=TODAY):
    result = gate(book, Reading((resource,), ("x",)), today=day, partial=True)
    return Judged(result.findings, tuple(each.finding for each in result.accepted))


def _merged(base, changes):
    merged = {**base, **{key: str(value) for key, value in changes.items() if value is not None}}
    return {key: value for key, value in merged.items() if changes.get(key, "") is not None}


@cache
def cases():
    """Every tag set on every kind of resource, and the situations, which are one each."""
    table = yaml.safe_load((FOLDER / "table.yaml").read_text("utf-8"))
    kinds, base, sets = table["resources"], table["base"], table["sets"]
    found = [
        Case(f"{kind}/{name}", _merged(base, changes), **_fields(kinds[kind]))
        for kind in kinds
        for name, changes in sets.items()
    ]
    for name, about in table["situations"].items():
        kind, changes = about.pop("kind"), about.pop("set", {})
        found.append(Case(f"situation/{name}", _merged(base, changes), **_fields({**kinds[kind], **about})))
    return tuple(found)


def _fields(about):
    return {key: tuple(value) if isinstance(value, list) else value for key, value in about.items()}


def rotated():
    """Every tag set once, the resources taking turns, and the situations: for engines that are slow."""
    common = [case for case in cases() if not case.name.startswith("situation/")]
    kinds = list(dict.fromkeys(case.name.partition("/")[0] for case in common))
    size = len(common) // len(kinds)
    turns = [common[(number % len(kinds)) * size + number] for number in range(size)]
    return [*turns, *(case for case in cases() if case.name.startswith("situation/"))]


def concerns(gap, book, case, rule, key, *, error, definite, requirement=""):
    """Whether a finding of `judge` (or one it does not have, but the target does) is among those that a gap is about.
    This is the contract in the docstring of `Gap`, word for word.
    """
    rules = gap.rules or ((gap.subject,) if gap.subject in CHECKS else ())
    if gap.subject in SILENT or (rules and rule not in rules):
        return False
    if (gap.subject == "severity" and error) or (gap.subject == "undecided" and definite):
        return False
    if gap.key not in ("", key) or gap.requirement not in ("", requirement):
        return False
    if gap.since is not None and case.day < gap.since:
        return False
    if gap.types and case.type not in gap.types:
        return False
    if gap.clouds and CLOUDS.get(case.provider) not in gap.clouds:
        return False
    if gap.picked_by and not _picked_by(gap.picked_by, book, requirement):
        return False
    return not gap.only or _only(gap.only, book, case, key)


def _picked_by(name, book, requirement):
    return any(each.id == requirement and name in each.selector.classes for each in book.requirements)


def _only(kind, book, case, key):
    about = {key, *_spellings(book, key)}
    folded = {name.casefold() for name in about}
    pairs = [pair for pair in case.tags.items() if pair[0].casefold() in folded] or list(case.tags.items())
    if kind == NON_ASCII:
        return not all(part.isascii() for part in (key, *(part for pair in pairs for part in pair)))
    if kind == EMPTY:
        return any(value == "" for _, value in pairs)
    if kind == CARRIED:
        return bool(case.carried)
    if kind == LATE_DEFAULTS:
        return case.late_defaults
    if kind == DEFERRED:
        return case.deferred
    if kind == OTHER_TYPES:
        return not case.custodian
    assert kind == FURTHER
    return not set(case.tags) <= {name.name for name in book.keys}


def _spellings(book, key):
    return {written for each in book.providers for name, written in each.keys if name == key}


def covering(gaps, book, case, finding):
    """The gaps that say that the target does not show this finding."""
    about = {"error": finding.severity is Severity.ERROR, "definite": finding.certainty is Certainty.DEFINITE}
    return [
        gap
        for gap in gaps
        if not gap.stricter
        and concerns(gap, book, case, finding.rule, finding.key, requirement=finding.requirement, **about)
    ]


def excusing(gaps, book, case, outcome):
    """The gaps that say why a target may refuse what the gate lets pass."""
    found = []
    for gap in gaps:
        if not gap.stricter:
            continue
        if gap.subject == "exemptions":
            hit = bool(outcome.exempt)
        elif gap.only:
            hit = _only(gap.only, book, case, gap.key)
        elif gap.clouds:
            hit = CLOUDS.get(case.provider) in gap.clouds
        else:
            about = {"error": False, "definite": False}
            hit = any(
                concerns(gap, book, case, each.rule, each.key, requirement=each.requirement, **about)
                for each in outcome.findings
            )
        if hit:
            found.append(gap)
    return found


class Comparison:
    """A target that accepts or refuses, against the gate, case by case. `wrong` is what no gap explains, `unseen` the
    gaps that no case has shown, `open` the cases in ASCII in which gaps hide all that `judge` refuses.
    """

    def __init__(self, export, book):
        self.gaps, self.book = export.gaps, book
        self.wrong, self.open, self.decided, self.seen = [], [], 0, set()

    def add(self, case, refused, *, framework="terraform"):
        outcome = judged(self.book, case.resource(framework), case.day)
        covers = {id(each): covering(self.gaps, self.book, case, each) for each in outcome.findings}
        left = [each for each in outcome.errors if not covers[id(each)]]
        excuses = excusing(self.gaps, self.book, case, outcome)
        if left or not outcome.errors:
            self.decided += 1
        elif "situation/" not in case.name and all(part.isascii() for pair in case.tags.items() for part in pair):
            self.open.append(case.name)
        if left and not refused:
            self.wrong.append((case.name, "accepted", [(each.rule, each.key) for each in left]))
        if refused and not outcome.errors:
            self.seen.update(excuses)
            if not excuses:
                self.wrong.append((case.name, "refused", case.tags))
        if not refused:
            self.seen.update(gap for each in outcome.findings for gap in covers[id(each)])

    @property
    def unseen(self):
        return [(gap.subject, gap.text) for gap in self.gaps if gap not in self.seen and gap.subject not in SILENT]


def compare(target, verdicts, *, framework="terraform"):
    """`verdicts`: (case, refused) pairs on the table's dictionary."""
    found = Comparison(exported(target), dictionary())
    for case, refused in verdicts:
        found.add(case, refused, framework=framework)
    return found
