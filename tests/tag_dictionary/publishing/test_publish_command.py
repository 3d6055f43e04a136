"""`tagwright dictionary publish`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tagwright_cli.main import main

DATA = Path(__file__).parent / "data"


def publish(*arguments):
    return main(["dictionary", "publish", "--dictionary", str(DATA / "acme.yaml"), *arguments])


def versions(folder):
    return json.loads((folder / "changes.json").read_text("utf-8"))["versions"]


def test_one_line_says_what_was_made(tmp_path, capsys):
    """How many pages, where, how large, and the digest of the whole."""
    assert publish("--to", str(tmp_path / "site"), "--date", "2026-11-23") == 0
    out, err = capsys.readouterr()
    digest = json.loads((tmp_path / "site" / "manifest.json").read_text())["digest"][:12]
    assert re.fullmatch(rf"acme-ml 2\.3\.0: \d+ pages and \d+ other files in .* \(0\.\d MB\), digest {digest}\n", out)
    assert err == ""


def test_quiet_says_nothing(tmp_path, capsys):
    """--quiet."""
    assert publish("--to", str(tmp_path / "site"), "--quiet") == 0
    assert capsys.readouterr() == ("", "")


def test_the_day_is_the_one_given_else_that_of_the_source(tmp_path, monkeypatch):
    """--date wins, then SOURCE_DATE_EPOCH, then today."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    publish("--to", str(tmp_path / "a"), "-q")
    publish("--to", str(tmp_path / "b"), "-q", "--date", "2026-05-06")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    publish("--to", str(tmp_path / "c"), "-q", "--today", "2026-07-08")
    found = [versions(tmp_path / name)[0]["date"] for name in "abc"]
    assert found == ["2026-01-01", "2026-05-06", "2026-07-08"]


def test_earlier_versions_make_the_changelog(tmp_path):
    """--previous with --released: the versions, their days, and the feed at its address."""
    before = str(DATA / "acme_before.yaml")
    site = tmp_path / "site"
    assert (
        publish(
            "--to", str(site), "-q", "--previous", before, "--released", "2.2.0=2026-09-01", "--date", "2026-11-23",
            "--url", "https://tags.example",
        )
        == 0
    )  # fmt: skip
    assert [(each["version"], each["date"]) for each in versions(site)] == [
        ("2.3.0", "2026-11-23"),
        ("2.2.0", "2026-09-01"),
    ]
    assert 'href="https://tags.example/feed.xml"' in (site / "feed.xml").read_text("utf-8")


def test_the_next_version_stands_beside_this_one(tmp_path):
    """--next with --next-date; without a day none is claimed."""
    site = tmp_path / "site"
    after = str(DATA / "acme_next.yaml")
    assert publish("--to", str(site), "-q", "--next", after, "--next-date", "2027-01-15") == 0
    coming = json.loads((site / "changes.json").read_text("utf-8"))["next"]
    assert (coming["version"], coming["date"], coming["since"]) == ("3.0.0", "2027-01-15", "2.3.0")
    assert "Then (3.0.0)" in (site / "ahead.html").read_text("utf-8")
    assert publish("--to", str(site), "-q", "--next", after) == 0
    assert "no day set yet" in (site / "ahead.html").read_text("utf-8")
    assert publish("--to", str(site), "-q") == 0
    assert "3.0.0" not in (site / "ahead.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--released", "2.2.0=2026-09-01"], "--released 2.2.0 is the version of no --previous dictionary"),
        (["--released", "2.2.0"], "--released 2.2.0 names no day"),
        (["--date", "tomorrow"], "'tomorrow' is not a day"),
        (["--url", "javascript:alert(1)"], "--url javascript:alert(1) is not a web address"),
        (["--previous", "nowhere.yaml"], "nowhere.yaml"),
        (["--next", "nowhere.yaml"], "nowhere.yaml"),
        (["--next-date", "2027-01-01"], "--next-date 2027-01-01 is the day of no version"),
        (["--next", str(DATA / "acme_next.yaml"), "--next-date", "soon"], "'soon' is not a day"),
        (["--next", str(DATA / "acme.yaml")], "two dictionaries have version 2.3.0"),
        (["--previous", str(DATA / "acme.yaml")], "two dictionaries have version 2.3.0"),
    ],
)
def test_wrong_options_are_named(tmp_path, capsys, arguments, says):
    """Exit 2, one error with a next step, and no folder."""
    assert publish("--to", str(tmp_path / "site"), *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert "help: " in err
    assert not (tmp_path / "site").exists()


def test_a_wrong_epoch_is_named(tmp_path, capsys, monkeypatch):
    """A build that is meant to be reproducible must not silently take today."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "now")
    assert publish("--to", str(tmp_path / "site")) == 2
    assert "SOURCE_DATE_EPOCH=now is not a number of seconds" in capsys.readouterr().err


def test_a_foreign_folder_needs_force(tmp_path, capsys):
    """Exit 2 without, 0 with."""
    (tmp_path / "notes.txt").write_text("mine")
    assert publish("--to", str(tmp_path)) == 2
    assert "add --force" in capsys.readouterr().err
    assert publish("--to", str(tmp_path), "--force", "-q") == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"
