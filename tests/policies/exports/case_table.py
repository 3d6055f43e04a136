"""The common table: tag sets and resources, judged by `judge`, and which of its findings an export's gaps cover."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from tagwright_dictionary.judging import judge
from tagwright_dictionary.loading import load
from tagwright_dictionary.model import Certainty, Classes, Resource, Severity, Tag, Tags
from tagwright_policies.exports import TARGETS, Maker
from tagwright_policies.exports.contract import NON_ASCII

FOLDER = Path(__file__).parent / "cases"
ROOT_PATHS = os.pathsep.join(
    str(Path(__file__).parents[3] / room) for room in ("tag_dictionary", "iac_readers", "policies")
)
TODAY = date(2026, 11, 23)
MAKER = Maker("tagwright 0.0.0", "tagwright dictionary export")


@cache
def dictionary():
    return load(FOLDER / "dictionary.yaml", cache=False)


@cache
def exported(target):
    return TARGETS[target].export(dictionary(), TODAY, MAKER)


def text(target, path):
    (found,) = (file.text for file in exported(target).files if file.path == path)
    return found


@dataclass(frozen=True)
class Case:
    name: str
    tags: dict[str, str]
    resource: dict[str, object]

    @property
    def type(self):
        return self.resource["type"]

    @property
    def classes(self):
        return self.resource["classes"]

    def judged(self, **about):
        """The definite errors that `judge` finds."""
        items = tuple(Tag(key, value) for key, value in sorted(self.tags.items()))
        given = {"classes": Classes(frozenset(self.classes)), "tags": Tags(items), **about}
        return errors(Resource(f"{self.type}.x", self.type, "aws", **given))


def errors(resource, severity=Severity.ERROR):
    found = judge(dictionary(), resource, TODAY).findings
    return [each for each in found if each.severity is severity and each.certainty is Certainty.DEFINITE]


@cache
def cases():
    table = yaml.safe_load((FOLDER / "table.yaml").read_text("utf-8"))
    found = []
    for kind, resource in table["resources"].items():
        for name, changes in table["sets"].items():
            merged = {**table["base"], **{key: str(value) for key, value in changes.items() if value is not None}}
            tags = {key: value for key, value in merged.items() if changes.get(key, "") is not None}
            found.append(Case(f"{kind}/{name}", tags, resource))
    return tuple(found)


def rotated():
    """Every tag set once, the resources taking turns: for engines that are slow."""
    kinds = list(dict.fromkeys(case.name.partition("/")[0] for case in cases()))
    size = len(cases()) // len(kinds)
    return [cases()[(number % len(kinds)) * size + number] for number in range(size)]


def covered(gaps, finding, tags):
    """Whether the export says that it does not see this finding."""
    ascii_only = all(text.isascii() for pair in tags.items() for text in pair)
    for gap in gaps:
        if gap.only == NON_ASCII and ascii_only:
            continue
        about = gap.subject == finding.rule or (gap.subject == "classes" and gap.requirement)
        if about and gap.key in ("", finding.key) and gap.requirement in ("", finding.requirement):
            return True
    return False


def compare(target, verdicts, *, judged=None):
    """`verdicts`: (case, refused) pairs. What disagrees with `judge` beyond the gaps, and how many were decided."""
    gaps, wrong, decided = exported(target).gaps, [], 0
    for case, refused in verdicts:
        findings = case.judged() if judged is None else judged(case)
        left = [each for each in findings if not covered(gaps, each, case.tags)]
        if left:
            decided += 1
            if not refused:
                wrong.append((case.name, "accepted", [(each.rule, each.key) for each in left]))
        elif not findings:
            decided += 1
            if refused:
                wrong.append((case.name, "refused", []))
    return wrong, decided / len(verdicts)
