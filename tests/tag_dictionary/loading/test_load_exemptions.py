"""Exemptions: what is incomplete is kept with the reason it is not honoured; what is broken stops the load."""

from __future__ import annotations

from datetime import date

import pytest

from tagwright_dictionary.loading import load, validate

GOOD = {"id": "e", "reason": "Migration", "approver": "cfo", "until": "2027-03-01", "addresses": "['*']"}


def written(**changes: str | None) -> str:
    fields = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return "- {" + ", ".join(f"{name}: {value}" for name, value in fields.items()) + "}\n"


def exemptions(write, text: str):
    write("d.yaml", "keys: {owner: {}}\nexemptions: e.yaml\n", head=True)
    write("e.yaml", text)
    return load("d.yaml").exemptions


NOT_HONOURED = {
    "no reason": ({"reason": None}, "it has no reason"),
    "empty reason": ({"reason": "''"}, "it has no reason"),
    "null reason": ({"reason": ""}, "it has no reason"),
    "no approver": ({"approver": None}, "it has no approver"),
    "no last day": ({"until": None}, "it has no until: an exemption needs its last day"),
    "malformed day": ({"until": "31.12.2026"}, 'until is not a real day written YYYY-MM-DD: the text "31.12.2026"'),
    "a day that does not exist": (
        {"until": "2027-02-30"},
        "until is not a real day written YYYY-MM-DD: the date 2027-02-30",
    ),
    "a year": ({"until": "2027"}, "until is not a real day written YYYY-MM-DD: the number 2027"),
    "exempts everything": (
        {"addresses": None},
        'it names no addresses, types, paths or accounts: write addresses: ["*"] if all are meant',
    ),
    "unknown key": ({"keys": "[ownr]"}, 'it names the key "ownr", which the dictionary does not have'),
    "several": ({"reason": None, "approver": None}, "it has no reason; it has no approver"),
}


@pytest.mark.parametrize("case", NOT_HONOURED)
def test_kept_but_not_honoured(case, write):
    """The load goes on; the exemption says what is wrong with it."""
    changes, problem = NOT_HONOURED[case]
    assert [each.problem for each in exemptions(write, written(**changes))] == [problem]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"until": "'2027-03-01'"},
        {"addresses": None, "types": "aws_s3_*"},
        {"keys": "owner"},
        {"rules": "[missing-tag]"},
    ],
)
def test_honoured(changes, write):
    """A complete one has no problem."""
    assert [(each.problem, each.until) for each in exemptions(write, written(**changes))] == [("", date(2027, 3, 1))]


STOPS = {
    "broken YAML": ("- {id: [}\n", "e.yaml:1:9", None),
    "unknown field": (
        written(reson="x"),
        f"e.yaml:1:{written(reson='x').index('reson') + 1}",
        'exemption "e": unknown field "reson"',
    ),
    "not a list": ("id: e\n", "e.yaml:1:1", "exemptions: expected a list, found a mapping"),
    "not a mapping": ("- e\n", "e.yaml:1:3", 'exemption 1: expected a mapping, found the text "e"'),
    "twice": (written() + written(), "e.yaml:2:3", 'exemption "e" is there twice'),
    "duplicate field": (written().replace("reason", "id"), "e.yaml:1:11", '"id" is given twice (first on line 1)'),
}


@pytest.mark.parametrize("case", STOPS)
def test_broken_files_stop_the_load(case, write):
    """A mistake in the file itself is an error of the dictionary, at its place."""
    text, place, message = STOPS[case]
    write("d.yaml", "keys: {owner: {}}\nexemptions: e.yaml\n", head=True)
    write("e.yaml", text)
    errors = validate("d.yaml")
    assert [str(error.location) for error in errors] == [place]
    assert message is None or [error.message for error in errors] == [message]


def test_empty_file_is_no_exemption(write):
    assert exemptions(write, "# all have run out\n") == ()


def test_a_list_in_the_dictionary(write):
    """Short lists may stand in the dictionary itself; ids are made up where there is none."""
    write("d.yaml", f"keys: {{owner: {{}}}}\nexemptions:\n  {written(id=None)}", head=True)
    assert [each.id for each in load("d.yaml").exemptions] == ["exemption-1"]


def test_missing_file(mistakes):
    """A named file that is not there is an error: nothing is silently not exempt."""
    assert mistakes("keys: {owner: {}}\nexemptions: e.yaml\n") == ["2:13 e.yaml does not exist"]
