"""What another dictionary says of the same resources."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.judging import judge
from tagwright_dictionary.lifecycle.costs import NO_COSTS, parse_costs
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.lifecycle.impact import NOBODY, UNTOLD, Turn, impact
from tagwright_dictionary.lifecycle.inspected import parse_inspection
from tagwright_dictionary.model import Location, Resource, Tag, Tags, Unknown, Verdict

TODAY = date(2026, 11, 1)
WAITING = Unknown("var.x has no value")
MUST = Requirement("must", Selector(everything=True), require=("team",))
OLD = Dictionary("d", "1.0.0", (Key("team", values=(Value("vision"), Value("search"))), Key("owner")), (MUST,))
NEW = Dictionary("d", "2.0.0", (Key("team", values=(Value("search"), Value("lab"))), Key("owner")), (MUST,))


def _resource(address, scope="", **tags):
    items = tuple(Tag(key, value) for key, value in sorted(tags.items()))
    return Resource(address, "aws_s3_bucket", "aws", tags=Tags(items), scope=scope, location=Location("main.tf", 1))


def _impact(*resources, costs=NO_COSTS, old=OLD, new=NEW, owners=("owner",)):
    judged = [("infra", judge(old, each, TODAY), judge(new, each, TODAY)) for each in resources]
    return impact(diff(old, new, TODAY), judged, costs, owners)


def test_turns():
    """Each resource is told once, by what becomes of it."""
    found = _impact(
        _resource("a", team="vision", owner="v@x"),
        _resource("b", team="lab"),
        _resource("c", team=WAITING),
        _resource("d", team="search"),
        _resource("e"),
        _resource("f", team="nonsense"),
    )
    assert [(hit.resource.address, hit.turn) for hit in found.hits] == [("a", Turn.FAILS), ("b", Turn.PASSES)]
    assert found.breaks
    assert found.resources == 6
    assert found.reasons() == (("value-not-allowed", "team", 1),)
    worse = Requirement("more", Selector(everything=True), require=("owner",))
    both = Dictionary("d", "2.0.0", OLD.keys, (MUST, worse))
    told = _impact(_resource("e"), _resource("g", team="search", owner=WAITING), new=both)
    assert [(hit.resource.address, hit.turn) for hit in told.hits] == [("g", Turn.UNDECIDED), ("e", Turn.WORSE)]


def test_nothing_changes_under_the_same_dictionary():
    """impact(d, d) is empty."""
    found = _impact(_resource("a", team="vision"), _resource("b"), new=OLD)
    assert (found.hits, found.breaks) == ((), False)


def test_groups_and_owners():
    """By owner: the value of the key, nobody, or not known."""
    found = _impact(
        _resource("a", team="vision", owner="v@x"),
        _resource("b", team="vision", owner="v@x"),
        _resource("c", team="vision"),
        _resource("d", team="vision", owner=WAITING),
    )
    assert [(each.name, each.fails) for each in found.by_owner()] == [("v@x", 2), (NOBODY, 1), (UNTOLD, 1)]
    assert [(each.name, each.fails) for each in found.by_repository()] == [("infra", 4)]


def test_a_team_stands_for_a_missing_owner():
    """Of the keys the first that the resource itself carries; one that is not known is not passed over."""
    found = _impact(
        _resource("a", team="vision", owner="v@x"),
        _resource("b", team="vision", owner=""),
        _resource("c", team="vision"),
        _resource("d", team="vision", owner=WAITING),
        owners=("owner", "team"),
    )
    assert [(hit.resource.address, hit.owner) for hit in found.hits] == [
        ("a", "v@x"),
        ("b", "vision"),
        ("c", "vision"),
        ("d", UNTOLD),
    ]


def test_dollars():
    """Of those that will fail, as far as prices are known; never rounded, never counted twice."""
    costs = parse_costs("address,usd_per_day\na,0.10\nb,0.20\nz,99\n", "c.csv")
    found = _impact(*(_resource(name, team="vision") for name in "abc"), costs=costs)
    assert found.usd_per_day == Decimal("0.30")
    assert [(each.usd_per_day, each.priced) for each in found.by_repository()] == [(Decimal("0.30"), 2)]
    twice = _impact(_resource("a", "x", team="vision"), _resource("a", "y", team="vision"), costs=costs)
    assert twice.usd_per_day == 0
    assert "several resources have that address" in twice.notes[0]
    exact = parse_costs("address,scope,usd_per_day\na,x,1\na,y,2\n", "c.csv")
    told = _impact(_resource("a", "x", team="vision"), _resource("a", "y", team="vision"), costs=exact)
    assert (told.usd_per_day, told.notes) == (Decimal(3), ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("address\n", 1),
        ("address,usd_per_day,colour\n", 1),
        ("address,usd_per_day\na\n", 2),
        ("address,usd_per_day\na,1\na,2\n", 3),
        ("address,usd_per_day\n,1\n", 2),
        *(
            (f"address,usd_per_day\na,{amount}\n", 2)
            for amount in ("x", "", "-1", "NaN", "Infinity", "1e99", '"1,000"', "$5")
        ),
        ('address,usd_per_day\n"a,1\n', 2),
    ],
)
def test_broken_costs(text, line):
    """Refused with the line: a wrong sum is worse than none."""
    with pytest.raises(InputError) as caught:
        parse_costs(text, "c.csv")
    assert (caught.value.location.path, caught.value.location.line) == ("c.csv", line)


def _document(*resources, **head):
    return json.dumps({"schema": 1, "tool": {"name": "tagwright"}, "resources": list(resources)} | head)


BROKEN = {
    "empty": "",
    "not JSON": "{",
    "deep": "[" * 100_000,
    "another tool": _document(tool={"name": "checkov"}),
    "another schema": _document(schema=9),
    "resources": _document(resources=3),
    "a resource": _document(3),
    "no address": _document({"type": "t"}),
    "a tag": _document({"address": "a", "type": "t", "tags": {"k": "v"}}),
    "a value": _document({"address": "a", "type": "t", "tags": {"k": {"known": True, "value": 3}}}),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_broken_documents(text):
    """Refused with the place in the document, never read as fewer resources."""
    with pytest.raises(InputError) as caught:
        parse_inspection(text, "inventory.json")
    assert caught.value.location.path == "inventory.json"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["address", "type", "tags", "value", "known", "complete", "bills", "what", "own", "location", "classes"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(_JSON)
def test_any_document_is_read_or_refused(resource):
    """Nothing in a document makes the reader crash, nor the judge after it."""
    document = {"schema": 1, "tool": {"name": "tagwright"}, "resources": [resource]}
    try:
        reading = parse_inspection(json.dumps(document), "x")
    except InputError:
        return
    for each in reading.resources:
        assert judge(OLD, each, TODAY).verdict in Verdict
