"""Text, JSON, CSV and Markdown: everything is there, and nothing from outside is more than text."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from tests.drift_scanner.report.conftest import report
from tests.drift_scanner.report.estate import HOSTILE, STARTED, History, cells, estate, hostile, run_of

from tagwright_cli.drift_formats import DRIFT_FORMATS, Look
from tagwright_cli.drift_formats.csv_rows import COLUMNS
from tagwright_cli.sanitise import columns
from tagwright_cli.terminal import Style
from tagwright_dictionary.errors import MissingExtraError
from tagwright_drift.report.owning import subject_of

SCHEMA = json.loads((files("tagwright_drift.report") / "data" / "drift-report.schema.json").read_text("utf-8"))
STATES = {
    "incomplete": lambda: estate(300),
    "clean": lambda: estate(0, whole=True),
    "one finding": lambda: estate(1, whole=True, resolved=0),
    "first run, no costs": lambda: estate(40, weeks=1, costs=False),
    "hostile": hostile,
}
# What a terminal or a runner would act on, or a reader not see.
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def render(name: str, history: History, look: Look = Look(), **options: object) -> str:  # noqa: B008 - frozen
    return DRIFT_FORMATS[name]()(report(history, **options), look)


@pytest.mark.parametrize("state", STATES)
def test_json_is_what_its_schema_says(state):
    """The document is valid, in ASCII, and ends its last line."""
    text = render("json", STATES[state]())
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(json.loads(text))] == []
    assert text.isascii()
    assert text.endswith("}\n")


def test_the_schema_is_one_and_is_strict():
    """It is a schema; a member more, and a member less, of any object is refused."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    whole = json.loads(render("json", estate(2)))
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert validator.is_valid(whole)
    for name in whole:
        assert not validator.is_valid({key: value for key, value in whole.items() if key != name})
    assert not validator.is_valid({**whole, "more": 1})
    first = whole["findings"][0]
    assert not validator.is_valid({**whole, "findings": [{**first, "more": 1}]})


def test_json_loses_nothing():
    """Every hostile text comes back as it was, in every field; the rows are those of the report, in its order."""
    history = hostile()
    found = json.loads(render("json", history))["findings"]
    assert [row["identity"] for row in found] == [item.record.identity for item in report(history).items]
    by_name = {row["resource"]["name"]: row for row in found}
    assert set(by_name) == set(HOSTILE)
    for text, row in by_name.items():
        assert (row["message"], row["help"], row["value"], row["resource"]["tags"]["owner"]) == (text, text, text, text)
        assert (row["chain"], row["cause"], row["suggestions"], row["requirement"]) == (text, text, [text], text)


def test_csv_is_one_row_a_finding():
    """The header and as many rows as findings, each with the state of the scan behind it."""
    history = estate(300)
    rows = list(csv.DictReader(io.StringIO(render("csv", history))))
    items = report(history).items
    assert [row["identity"] for row in rows] == [item.record.identity for item in items]
    assert [row["name"] for row in rows] == [item.record.name for item in items]
    assert {(row["scan_complete"], row["cells_seen"], row["cells_required"]) for row in rows} == {
        ("false", "31204", "34000")
    }
    for row, item in zip(rows, items, strict=True):
        assert float(row["usd_per_day"] or -1) == pytest.approx(item.record.usd_per_day or -1, abs=0.0001)
    assert render("csv", estate(0, whole=True)) == ",".join(COLUMNS) + "\n"


def test_csv_runs_nothing():
    """No cell begins like a formula, none holds what a terminal acts on; what was written can be read back."""
    text = render("csv", hostile())
    rows = list(csv.reader(io.StringIO(text)))
    cells = [cell for row in rows[1:] for cell in row]
    starts = [cell for cell in cells if re.match(r"\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]", cell)]
    assert starts == []
    assert [cell for cell in cells if any(unicodedata.category(char) in UNSEEN for char in cell)] == []
    assert len(text.splitlines()) == len(rows) == len(HOSTILE) + 1
    names = {row[COLUMNS.index("name")] for row in rows[1:]}
    shown = [text for text in HOSTILE if text.isprintable() and "##" not in text]
    assert [text for text in shown if text not in names and f"'{text}" not in names] == []


@pytest.mark.parametrize("width", [60, 80, 132])
@pytest.mark.parametrize("most", [1, 20])
def test_a_summary_fits_as_well(width, most):
    """Also the line that counts what it leaves out, and accounts that nobody looks at: a few, and how many more."""
    history = estate(400)
    history.records = [
        replace(each, account=f"{number:012d}", last_seen=STARTED - timedelta(days=7)) if number < 20 else each
        for number, each in enumerate(history.records)
    ]
    text = render("text", history, Look(Style(width=width), most=most))
    lines = [line for line in text.splitlines() if not re.match(r"\s*(aws |arn:)", line)]
    assert [line for line in lines if columns(line) > width] == []
    assert "more accounts like these" in text
    assert (
        render("markdown", history).count("were not looked for")
        + render("markdown", history).count("was not looked for")
        == 6
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [60, 80, 132])
def test_text_fits_and_is_only_text(state, width):
    """Coverage first; every line fits but those to be copied; nothing that a terminal or a runner would act on."""
    history = STATES[state]()
    text = render("text", history, Look(Style(width=width), most=0))
    lines = text.splitlines()
    assert lines[0].startswith("seen       ")
    assert [char for char in text if char != "\n" and unicodedata.category(char) in UNSEEN] == []
    assert [line for line in lines if re.search(r"(?:^|\s)::|##\[|##\w+\[", line)] == []
    copied = re.compile(r"\s{13}(?:aws |arn:)")
    if state != "hostile":
        assert [line for line in lines if columns(line) > width and not copied.match(line)] == []
    assert render("text", history, Look(Style(width=width, colour=True), most=0)).count("\x1b[") > 0


def test_text_says_what_a_reader_needs():
    """Who, what, how long, how much, the exact change, and both names of the resource: a name before an ARN."""
    text = render("text", estate(300), Look(Style(width=100), most=300))
    item = next(item for item in report(estate(300)).items if item.fix.value and item.owner and not item.record.group)
    block = next(block for block in text.split("\n\n") if item.record.address in block)
    assert block.index(item.record.name) < block.index("arn:")
    for part in (
        item.owner,
        item.fix.command,
        item.fix.code,
        item.record.message,
        "an hour" if (item.record.usd_per_day or 0) >= 24 else "",
    ):
        assert part in " ".join(block.split())


def test_text_counts_what_it_leaves_out():
    text = render("text", estate(300), Look(most=7))
    assert text.count("owner      ") == 7
    data = report(estate(300))
    seen = list(dict.fromkeys(subject_of(item.record) for item in data.items))
    left = sum(subject_of(item.record) not in seen[:7] for item in data.items)
    assert f"and {len(seen) - 7} more resources with {left} findings: --most 0 shows all" in text
    assert "more: --most" not in render("text", estate(300), Look(most=0))


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_never_clean_when_incomplete(name):
    """With nothing open but gaps in coverage, no format says clean, and each says what is missing first."""
    text = render(name, estate(0))
    assert not re.search(r"\bclean\b", re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL), re.IGNORECASE)
    assert "2,796 not" in text
    assert "2,640 blocked by policy" in text


def test_markdown_renders_as_meant():
    """Through a real renderer with autolinks on: tables are tables, and nothing of the outside formats or links."""
    markdown_it = pytest.importorskip("markdown_it", reason="the extra 'dev' has markdown-it-py")
    parser = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": True})
    source = render("markdown", hostile(), Look(most=0))
    tokens = [child for token in parser.parse(source) for child in (token, *(token.children or ()))]
    assert [token.attrs for token in tokens if token.type in ("link_open", "image")] == []
    assert [
        token.content for token in tokens if token.type in ("fence", "code_block", "code_inline", "s_open", "em_open")
    ] == []
    tags = {
        tag.lower()
        for token in tokens
        if token.type in ("html_inline", "html_block")
        for tag in re.findall(r"</?(\w+)", token.content)
    }
    assert tags <= {"code", "br", "sub"}
    page = parser.render(source)
    assert page.count("<table>") == 3
    assert page.count("<tr>") == 3 + len(HOSTILE) + 10 + 1 + 7
    cells = [len(re.findall(r"<td", row)) for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "<td" in row]
    assert set(cells) == {5, 4, 3}


def test_markdown_mentions_nobody():
    """Neither a person nor an issue of the place where it is posted."""
    text = re.sub(r"</?\w+>", "", render("markdown", hostile(), Look(most=0)))
    assert re.findall(r"(?<![\w&])@\w|(?<![\w&])#\d", text) == []


def test_markdown_fits_an_issue():
    """However much is open, at most 65,000 characters, the rest counted, owners and gaps still there."""
    text = render("markdown", estate(3_000), Look(most=0))
    assert len(text) <= 65_000
    left = re.search(r"and ([\d,]+) more: see", text)
    assert left is not None
    assert text.count("<br><code>arn") + int(left.group(1).replace(",", "")) == 3_000
    assert "### Owners by untagged spend" in text
    assert "### Not seen" in text


def test_who_made_it_is_in_every_format():
    """Dictionary, version, digest, tool, run; the money's currency; a time with its offset."""
    history = estate(3)
    for name, parts in {
        "text": ("acme-ml 2.3.0 (1f2e3d4c)", "tagwright 0.1.0", "14:05 +01:00", "US dollars"),
        "markdown": ("acme&#45;ml 2.3.0 (1f2e3d4c)", "tagwright 0.1.0", "14&#58;05 &#43;01&#58;00", "US dollars"),
        "html": ("acme-ml 2.3.0", "1f2e3d4c0000", "tagwright 0.1.0", "14:05 +01:00", "US dollars"),
        "json": ('"acme-ml"', '"2.3.0"', "1f2e3d4c0000", '"0.1.0"', '"USD"', "2026-11-26T13:05:00Z"),
    }.items():
        text = render(name, history)
        assert [part for part in parts if part not in text] == []


PROGRAM = """
import hashlib, sys
from tests.drift_scanner.report.estate import estate, hostile
from tests.drift_scanner.report.conftest import report
from tagwright_cli.drift_formats import DRIFT_FORMATS, Look
for history in (estate(60), hostile()):
    for name, render in DRIFT_FORMATS.items():
        data = render()(report(history), Look(most=0)).encode("utf-8", "backslashreplace")
        print(name, hashlib.sha256(data).hexdigest())
"""


def test_the_same_bytes():
    """Whatever the hash seed, and a second time in the same process (a chart library numbers what it draws)."""
    root = Path(__file__).parents[3]
    seen = []
    for seed in ("0", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], cwd=root, env=environment, capture_output=True, text=True, check=True
        )
        seen.append(done.stdout)
    assert seen[0] == seen[1]
    assert len(seen[0].splitlines()) == 2 * len(DRIFT_FORMATS)
    assert render("html", estate(20)) == render("html", estate(20))


def test_a_missing_extra_is_one_clear_line(monkeypatch):
    """Without the chart library the page says which extra to install; the other formats do without it."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingExtraError, match="report") as caught:
        DRIFT_FORMATS["html"]()
    assert "tagwright[report]" in caught.value.hint
    assert render("text", estate(3))


def test_an_estimate_is_marked():
    """Dollars from a price file say so wherever they stand."""
    history = estate(6, whole=True)
    history.records = [
        replace(each, usd_basis="estimate" if each.usd_per_day is not None else "") for each in history.records
    ]
    history.ran[-1] = replace(
        history.ran[-1], metrics=tuple(sorted((*history.ran[-1].metrics, ("spend_estimated", 1.0))))
    )
    for name in ("text", "markdown", "html"):
        assert "estimate" in render(name, history, Look(most=0))
    assert json.loads(render("json", history))["cost_basis"] == "estimate"
    assert {row["usd_basis"] for row in csv.DictReader(io.StringIO(render("csv", history)))} == {"", "estimate"}


@pytest.mark.parametrize("name", ["text", "markdown", "html"])
def test_every_reason_not_to_believe_is_told(name):
    """A scan that was cut off, tags that could not be read, and the gaps of a later scan of accelerators."""
    history = estate(3, whole=True)
    last = history.ran[-1]
    history.ran[-1] = replace(last, killed=True, ended=None, coverage=replace(last.coverage, unknown_tags=14))
    hot = run_of(77, started=STARTED + timedelta(hours=1), cells=cells(3, throttled=1), scope="hot")
    history.ran.append(hot)
    text = " ".join(re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), render(name, history)).split())
    for part in (
        "All 31,204 cells seen. The scan was cut off. The tags of 14 resources could not be read.",
        "The later scan of accelerators of Thu 26 Nov 2026, 15:05 +01:00: 3 of 4 cells seen; 1 not: 1 throttled.",
    ):
        assert part in text
