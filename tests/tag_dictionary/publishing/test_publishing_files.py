"""The files for programs and spreadsheets."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.dictionary import Dictionary, Key, Value
from tagwright_dictionary.loading import load
from tagwright_dictionary.publishing.facts import Release
from tagwright_dictionary.publishing.files import COLUMNS, feed, inert, values_csv
from tagwright_dictionary.publishing.history import Comparison, Line, chapters
from tagwright_dictionary.publishing.needs_table import needs_file
from tagwright_dictionary.publishing.search_index import index_files

ATOM = "{http://www.w3.org/2005/Atom}"


def test_dictionary_json_is_the_dictionary(acme, acme_site):
    """Its SHA-256 is the digest that every gate names, and the loader takes it as a dictionary file."""
    path = acme_site / "dictionary.json"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == acme.digest
    again = load(path, cache=False)
    assert again.digest == acme.digest
    assert replace(again, source="", _index={}).requirements[0].require == acme.requirements[0].require


def test_the_schema_is_the_one_that_ships(acme_site):
    """Editors may point to it: the published dictionary is valid under it."""
    import jsonschema

    schema = json.loads((acme_site / "dictionary.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads((acme_site / "dictionary.json").read_text("utf-8")))


def test_the_table_for_finance(acme, acme_site):
    """A row a value with everything finance asks, readable by Excel (byte order mark, CRLF) and by programs."""
    data = (acme_site / "values.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["key"], row["value"]) for row in rows] == [
        (key.name, value.value) for key in acme.keys for value in key.values or ()
    ]
    assert next(row for row in rows if row["value"] == "cc-4000") == {
        "key": "cost-center",
        "key_title": "Cost center",
        "value": "cc-4000",
        "title": "Old research",
        "description": "",
        "status": "deprecated",
        "until": "2027-01-31",
        "replaced_by": "cc-4100",
        "owner": "",
        "billing_code": "B-11",
        "approvers": "finance; cfo-office",
        "aliases": "",
        "related": "",
        "page": "values/cost-center/cc-4000.html",
    }
    assert (
        next(row for row in rows if row["value"] == "vision")["related"] == "cost-center=cc-4100; cost-center=cc-4110"
    )


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n '\"ax1|\uff1d\uff0b\uff0d\uff20\u00a0"), max_size=8))
def test_no_cell_runs(text):
    """No cell begins, blanks aside, with what makes a spreadsheet run it; other cells are left as they are."""
    cell = inert(text)
    runs = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
    assert not cell.lstrip().startswith(runs)
    assert not cell.startswith(runs)
    assert cell in (text, f"'{text}")
    assert cell == text or text.startswith(runs) or text.lstrip().startswith(runs)


def test_hostile_values_stay_in_their_cells(hostile_site):
    """Quotes, commas, line ends and formulas: as many cells in every row as there are columns, and none runs."""
    text = (hostile_site / "values.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert not [cell for row in rows for cell in row if not cell.isprintable()]


def test_the_feed(acme, acme_site):
    """Valid Atom: an entry a version, newest first, with ids that last and links that lead to the changelog."""
    root = ET.fromstring((acme_site / "feed.xml").read_bytes())  # noqa: S314 - our own output
    assert root.tag == f"{ATOM}feed"
    assert root.findtext(f"{ATOM}updated") == "2026-11-23T00:00:00Z"
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["acme-ml 2.3.0", "acme-ml 2.2.0"]
    assert [entry.findtext(f"{ATOM}updated") for entry in entries] == ["2026-11-23T00:00:00Z", "2026-09-01T00:00:00Z"]
    ids = [entry.findtext(f"{ATOM}id") for entry in (root, *entries)]
    assert len(set(ids)) == 3
    assert all(each.startswith("urn:uuid:") for each in ids)
    link = entries[0].find(f"{ATOM}link").get("href")
    assert urljoin("https://tags.example/x/feed.xml", link) == "https://tags.example/x/changes.html#v2.3.0"
    assert 'id="v2.3.0"' in (acme_site / "changes.html").read_text("utf-8")
    assert "added: team speech is added" in entries[0].findtext(f"{ATOM}content")


@pytest.mark.parametrize("name", ["acme_site", "hostile_site"])
def test_a_feed_reader_reads_it(request, name):
    """feedparser finds nothing wrong, and what it shows as HTML is a list of sentences and nothing else."""
    feedparser = pytest.importorskip("feedparser", reason="the extra 'dev' has feedparser")
    # A feed is text to the reader, never an address to fetch.
    read = feedparser.parse((request.getfixturevalue(name) / "feed.xml").read_bytes(), sanitize_html=False)
    assert (read.bozo, read.version, len(read.entries)) == (False, "atom10", 2)
    for entry in (read.feed, *read.entries):
        assert entry.id
        assert entry.title
        assert entry.updated_parsed
    for entry in read.entries:
        assert entry.link
        for content in entry.get("content", []):
            assert set(re.findall(r"</?([a-z0-9]+)", content.value)) <= {"ul", "li", "p"}


def test_the_feed_of_a_hostile_dictionary_is_xml(hostile_site):
    """Whatever stands in the dictionary, it stays text."""
    root = ET.fromstring((hostile_site / "feed.xml").read_bytes())  # noqa: S314 - our own output
    assert [child.tag for child in root.iter() if not child.tag.startswith(ATOM)] == []


def test_feed_links_are_absolute_where_the_home_is_known(acme):
    """--url makes every link of the feed absolute."""
    told = chapters(Release(acme), (), lambda *_: Comparison("none", ()), date(2026, 1, 1))
    root = ET.fromstring(feed(acme, told, date(2026, 1, 1), "https://tags.example/"))  # noqa: S314 - our own output
    assert {link.get("href") for link in root.iter(f"{ATOM}link")} == {
        "https://tags.example/feed.xml",
        "https://tags.example/changes.html",
        f"https://tags.example/changes.html#v{acme.version}",
    }


def test_the_changelog(acme_site):
    """Every change between the versions, by what it is about and what it does to verdicts."""
    document = json.loads((acme_site / "changes.json").read_text("utf-8"))
    newest, oldest = document["versions"]
    assert (newest["version"], newest["date"], newest["since"], newest["level"]) == (
        "2.3.0",
        "2026-11-23",
        "2.2.0",
        "major",
    )
    told = {(each["kind"], each["key"], each["value"]): each["effects"] for each in newest["changes"]}
    assert told == {
        ("added", "team", "speech"): ["loosened"],
        ("added", "cost-center", "cc-3900"): [],
        ("removed", "cost-center", "cc-3000"): [],
        ("changed", "cost-center", "cc-4000"): [],
        ("changed", "", ""): ["tightened"],
    }
    assert (oldest["version"], oldest["date"], oldest["since"], oldest["changes"]) == ("2.2.0", "2026-09-01", None, [])


def test_versions_are_told_newest_first_whatever_their_order():
    """Each is compared with the one before it, on the day it came into force."""
    asked = []

    def compare(old, new, day):
        asked.append((old.version, new.version, day))
        return Comparison("patch", (Line("added", new.version),))

    def version(number, day=None):
        return Release(Dictionary("d", number), day)

    now = date(2026, 12, 1)
    told = chapters(
        version("2.0.0", now),
        [version("1.2.0"), version("1.10.0", date(2026, 3, 1)), version("1.10.0-rc.1")],
        compare,
        now,
    )
    assert [chapter.release.dictionary.version for chapter in told] == ["2.0.0", "1.10.0", "1.10.0-rc.1", "1.2.0"]
    assert asked == [
        ("1.10.0", "2.0.0", now),
        ("1.10.0-rc.1", "1.10.0", date(2026, 3, 1)),
        ("1.2.0", "1.10.0-rc.1", date(2026, 3, 1)),
    ]
    assert told[-1].comparison is None


@pytest.mark.parametrize("make", [lambda d: dict(index_files(d)), lambda d: dict([needs_file(d.dictionary)])])
def test_scripts_hold_no_way_out(make):
    """No hostile text ends the script or the line it stands in."""
    from tagwright_dictionary.publishing.facts import Facts

    made = make(Facts.of(_hostile(), date(2026, 11, 23)))
    for content in made.values():
        text = content.decode("utf-8")
        assert "<" not in text
        assert "\u2028" not in text


def _hostile():
    texts = ("</script><script>x", "\u2028", "]]>", "a\ud800")
    return Dictionary("h", "1.0.0", (Key("k", texts[0], texts[1], tuple(Value(each, each) for each in texts)),))


def test_an_empty_dictionary_has_its_files():
    """No key, no value: a header and nothing else."""
    assert values_csv(Dictionary("e", "1.0.0")).decode("utf-8-sig").count("\n") == 1
