"""`values_from`: CSV files as finance exports them."""
# ruff: noqa: E501 - tables read better unbroken

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tagwright_dictionary.loading import load, validate

BODY = "keys:\n  team: {}\n  cost-center: {values_from: cc.csv}\n"


@pytest.fixture
def table(here, write):
    """table(bytes): the errors of a dictionary with that CSV, as "file:line:column message"."""

    def check(data: bytes) -> list[str]:
        (here / "cc.csv").write_bytes(data)
        write("d.yaml", BODY, head=True)
        return [f"{error.location} {error.message}" for error in validate("d.yaml")]

    return check


def values(here) -> dict[str, tuple]:
    return {
        value.value: (
            value.title,
            value.aliases,
            value.owner,
            value.billing_code,
            value.status,
            str(value.until),
            value.relations,
        )
        for value in load("d.yaml", cache=False).key("cost-center").values
    }


PLAIN = b"value,title,team,billing_code,owner,status,until,replaced_by\ncc-1,One,vision,B1,a@b.example,active,,\ncc-2,Two,,,,deprecated,2027-01-31,cc-1\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b"\r"),
        PLAIN.replace(b",", b" , "),
        PLAIN.replace(b"One", b'"One"'),
        PLAIN.rstrip(b"\n"),
        PLAIN.replace(b"\ncc-2", b"\n\n,,,,,,,\ncc-2"),
    ],
    ids=["plain", "BOM", "CRLF", "CR", "blanks", "quotes", "no last line end", "empty rows"],
)
def test_read_rightly(data, table, here):
    """The same rows, however the spreadsheet wrote them."""
    assert table(data) == []
    assert values(here) == {
        "cc-1": ("One", (), "a@b.example", "B1", "active", "None", (("team", ("vision",)),)),
        "cc-2": ("Two", (), "", "", "deprecated", "2027-01-31", ()),
    }


def test_quotes_and_lists(table, here):
    """Quoted commas, quotes and line ends stay; `;` separates lists."""
    assert table(b'value,title,aliases,team\ncc-1,"One, ""the first""",a; b;,x;y\n') == []
    assert values(here)["cc-1"][:2] == ('One, "the first"', ("a", "b"))
    assert values(here)["cc-1"][-1] == (("team", ("x", "y")),)


MUST_REFUSE = {
    "empty": (b"", ["cc.csv:1:1 the CSV file is empty"]),
    "only a header": (b"value\n", ["cc.csv:1:1 the CSV file has no rows, so no value would be approved"]),
    "no value column": (b"name\nx\n", ["cc.csv:1:1 the column value is missing", 'cc.csv:1:1 unknown column "name"']),
    "unknown column": (b"value,titel\nx,y\n", ['cc.csv:1:7 unknown column "titel"']),
    "column twice": (b"value,title,title\nx,y,z\n", ['cc.csv:1:13 the column "title" is there twice']),
    "semicolons": (b"value;title\nx;y\n", ["cc.csv:1:1 the header's columns are not separated by commas"]),
    "duplicate row": (b"value\nx\ny\nx\n", ['cc.csv:4:1 "x" is listed twice (first on line 2)']),
    "ragged row": (b"value,title\nx\ny,z,w\n", ["cc.csv:2:1 1 cells where the header has 2 columns", "cc.csv:3:1 3 cells where the header has 2 columns"]),
    "no value": (b"title,value\nx,\n", ["cc.csv:2:3 the row has no value"]),
    "bad status": (b"value,status\nx,old\n", ['cc.csv:2:3 status: "old" is neither active nor deprecated']),
    "bad day": (b"value,status,until\nx,deprecated,31.01.2027\n", ['cc.csv:2:14 until: expected a date, found "31.01.2027"']),
    "until without deprecated": (b"value,until\nx,2027-01-01\n", ['cc.csv:2:1 value "x" of "cost-center": until without status: deprecated']),
    "open quote": (b'value,title\nx,"y\n', ["cc.csv:2:1 not valid CSV: unexpected end of data"]),
    "text after a quote": (b'value,title\nx,"y"z\n', ["cc.csv:2:1 not valid CSV: ',' expected after '\"'"]),
    "Latin-1": (b"value\n\xe9\n", ["cc.csv:2:1 not UTF-8 text: found the byte 0xe9"]),
    "a control character": (b"value,title\nx,\x1b[31m\n", ["cc.csv:2:3 title: the character U+001B is not allowed"]),
    "line after a quoted line end": (b'value,title\nx,"y\nz"\nx,a\n', ['cc.csv:4:1 "x" is listed twice (first on line 2)']),
    "alias of another": (b"value,aliases\nx,y\ny,\n", ['cc.csv:2:1 value "x" of "cost-center": the alias "y" is itself an approved value']),
    "a huge cell": (b"value,title\nx," + b"y" * 200_000 + b"\n", ["cc.csv:2:1 not valid CSV: field larger than field limit (131072)"]),
}  # fmt: skip


@pytest.mark.parametrize("case", MUST_REFUSE)
def test_refused_at_its_place(case, table):
    """Each mistake with the CSV's own line and column."""
    data, expected = MUST_REFUSE[case]
    assert table(data) == expected


def test_team_column_needs_no_team_key(here, write):
    """Finance's column `team` is fine where the dictionary has no such key; it is then no relation."""
    write("d.yaml", "keys: {cost-center: {values_from: cc.csv}}\n", head=True)
    write("cc.csv", "value,team\ncc-1,vision\n")
    assert values(here)["cc-1"][-1] == ()


@pytest.mark.parametrize("path", ["../out.csv", "sub/../../out.csv", "link.csv", "linked/out.csv", "absolute"])
def test_never_outside_the_folder(path, here, write):
    """Neither .., nor an absolute path, nor a symbolic link leads out of the dictionary's folder."""
    outside = here.parent / "out.csv"
    outside.write_text("value\nsecret\n")
    (here / "link.csv").symlink_to(outside)
    (here / "linked").symlink_to(here.parent)
    named = str(outside) if path == "absolute" else path
    write("d.yaml", f"keys: {{a: {{values_from: {named}}}}}\n", head=True)
    errors = validate("d.yaml")
    assert [error.message for error in errors] == [f"{named} leads outside the dictionary's folder"]
    assert str(errors[0].location) == "d.yaml:4:25"


def test_below_and_linked_inside_is_fine(here, write):
    """A CSV in a folder below, or behind a link that stays inside, is read."""
    write("data/real.csv", "value\nx\n")
    (here / "link.csv").symlink_to("data/real.csv")
    write("d.yaml", "keys: {a: {values_from: data/real.csv}, b: {values_from: link.csv}}\n", head=True)
    assert validate("d.yaml") == ()


def test_missing_table_is_said_where_it_is_named(mistakes):
    assert mistakes("keys: {a: {values_from: no.csv}}\n") == ["1:25 no.csv does not exist"]


CELLS = (
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(CELLS, CELLS, min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_what_the_csv_module_writes_is_read_back(here, rows, end):
    """Any table that Python's writer produces comes back cell by cell."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows([("value", "title"), *rows.items()])
    (here / "cc.csv").write_text(stream.getvalue(), encoding="utf-8", newline="")
    (here / "d.yaml").write_text("schema: 1\nname: a\nversion: 1.0.0\nkeys: {cost-center: {values_from: cc.csv}}\n")
    assert {name: row[0] for name, row in values(here).items()} == rows
