"""Nothing of a dictionary changes unseen: every field that there is, one at a time."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest

from tagwright_dictionary.dictionary import (
    Condition,
    Dictionary,
    Exemption,
    Key,
    Match,
    ProviderEncoding,
    Requirement,
    Selector,
    ServiceLevel,
    Target,
    UnknownPolicy,
    Value,
)
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.model import Severity

TODAY = date(2026, 11, 1)
ALL = Selector(everything=True)
BASE = Dictionary(
    "d",
    "1.0.0",
    (Key("team", values=(Value("vision"), Value("search"))), Key("cost-center"), Key("owner", format="email")),
    (Requirement("must", ALL, ("team",)),),
    providers=(ProviderEncoding("gcp", (("team", "squad"),)),),
    service_levels=(ServiceLevel(ALL, 48.0),),
    targets=(Target("count_compliance", 98, 90),),
    exemptions=(Exemption("x", "why", "a@acme.example", date(2026, 12, 31), types=("aws_*",)),),
)

# What the first of each kind becomes in BASE. None: a field that says where something stands, or what was made of it.
KEY = {
    "name": "cost-centre",
    "title": "T",
    "description": "D",
    "values": (Value("a"),),
    "pattern": "[a-z]+",
    "format": "slug",
    "domains": ("b.example",),
    "approvers": ("finops",),
    "examples": ("e",),
    "default": "x",
    "location": None,
}
VALUE = {
    "value": "sight",
    "title": "T",
    "description": "D",
    "aliases": ("cv",),
    "status": "deprecated",
    "until": date(2027, 1, 1),
    "replaced_by": "search",
    "owner": "a@acme.example",
    "billing_code": "B1",
    "relations": (("cost-center", ("cc-1",)),),
    "location": None,
}
REQUIREMENT = {
    "id": "other",
    "selector": Selector(classes=("gpu",)),
    "require": ("team", "owner"),
    "when": Condition((("team", ("vision",)),)),
    "match": (Match("cost-center", "team", "cost-center"),),
    "exclusive": (("team", "owner"),),
    "severity": Severity.WARNING,
    "becomes_error": date(2027, 1, 1),
    "reach": Severity.INFO,
    "description": "D",
    "location": None,
}
PROVIDER = {"provider": "azure", "keys": (("team", "crew"),), "annotations": ("owner",), "values": "label"}
LEVEL = {
    "selector": Selector(classes=("gpu",)),
    "remediate_within_hours": 24.0,
    "when": Condition((("team", ("vision",)),)),
    "severity": "high",
}
TARGET = {"measure": "spend_compliance", "green": 99, "yellow": 80}
EXEMPTION = {
    "id": "y",
    "reason": "another",
    "approver": "b@acme.example",
    "until": date(2027, 1, 1),
    "addresses": ("x.*",),
    "types": ("gcp_*",),
    "paths": ("infra/*",),
    "accounts": ("1*",),
    "rules": ("missing-tag",),
    "keys": ("team",),
    "location": None,
    "problem": "no date",
}
WHOLE = {
    "name": "e",
    "version": None,  # compared by itself: the changes demand it
    "keys": BASE.keys[:2],
    "requirements": (),
    "unknown": UnknownPolicy.FAIL,
    "providers": (),
    "service_levels": (),
    "exemptions": (),
    "contacts": ("a@acme.example",),
    "placeholders": ("soon",),
    "digest": None,
    "source": None,
    "layers": None,
    "targets": (),
    "_index": None,
}
PARTS = {
    "keys": (Key, KEY),
    "requirements": (Requirement, REQUIREMENT),
    "providers": (ProviderEncoding, PROVIDER),
    "service_levels": (ServiceLevel, LEVEL),
    "targets": (Target, TARGET),
    "exemptions": (Exemption, EXEMPTION),
}


def _edits():
    for name, after in WHOLE.items():
        if after is not None:
            yield name, replace(BASE, _index={}, **{name: after})
    for part, (_, samples) in PARTS.items():
        first = getattr(BASE, part)[1 if part == "keys" else 0]
        rest = [each for each in getattr(BASE, part) if each is not first]
        for name, after in samples.items():
            if after is not None:
                yield f"{part}.{name}", replace(BASE, _index={}, **{part: (replace(first, **{name: after}), *rest)})
    team = BASE.keys[0]
    for name, after in VALUE.items():
        if after is not None:
            one = replace(team.values[0], **{name: after})
            keys = (replace(team, values=(one, *team.values[1:])), *BASE.keys[1:])
            yield f"values.{name}", replace(BASE, _index={}, keys=keys)


EDITS = dict(_edits())


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_field_that_changes_is_a_change(edit):
    """Both ways round, and never a crash."""
    assert diff(BASE, edit, TODAY).changes
    assert diff(edit, BASE, TODAY).changes


KINDS = [*PARTS.values(), (Value, VALUE), (Dictionary, WHOLE)]


@pytest.mark.parametrize(("kind", "samples"), KINDS, ids=[kind.__name__ for kind, _ in KINDS])
def test_no_field_is_forgotten(kind, samples):
    """A field that the model gets needs a sample here, and the comparison a look at it."""
    assert {field.name for field in fields(kind)} == set(samples)
