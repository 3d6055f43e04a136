"""`tagwright dictionary impact`: whom a change would hit, in real code."""

from __future__ import annotations

import html
import json
import sys
import types
from pathlib import Path

import pytest

from tagwright_cli.main import main
from tagwright_dictionary.model import Problem, Reading, Resource, Tag, Tags

OLD = """\
schema: 1
name: acme
version: 1.2.0
keys:
  team: {values: {vision: {}, search: {}}}
  owner: {}
requirements:
  - {id: must, for: all, require: [team]}
"""
NEW = OLD.replace("vision: {}, ", "").replace("1.2.0", "2.0.0")


def _bucket(name, **tags):
    body = ", ".join(f'{key} = "{value}"' for key, value in tags.items())
    return f'resource "aws_s3_bucket" "{name}" {{\n  tags = {{ {body} }}\n}}\n'


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Two repositories beside a folder with the dictionaries."""
    folder = tmp_path / "tags"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWRIGHT_TODAY", "2026-11-01")
    (folder / "old.yaml").write_text(OLD)
    (folder / "new.yaml").write_text(NEW)
    for name in ("infra", "platform"):
        (tmp_path / name / ".git").mkdir(parents=True)
    (tmp_path / "infra" / "main.tf").write_text(
        _bucket("a", team="vision", owner="ml@x")
        + _bucket("b", team="vision", owner="ml@x")
        + _bucket("c", team="search")
    )
    (tmp_path / "platform" / "main.tf").write_text(_bucket("a", team="vision", owner="data@x") + _bucket("z"))
    return folder


BOTH = ["--against", "../infra", "--against", "../platform"]


def _run(*arguments):
    return main(["dictionary", "impact", "new.yaml", "--dictionary", "old.yaml", *arguments])


def test_text(capsys):
    """The sentence first: resources, repositories, owners, dollars."""
    Path("costs.csv").write_text("address,repository,usd_per_day\naws_s3_bucket.a,infra,10.50\naws_s3_bucket.b,,3\n")
    assert _run(*BOTH, "--costs", "costs.csv") == 1
    assert capsys.readouterr().out == (
        "acme 1.2.0 -> 2.0.0: major: 1 value removed; 1 change breaks those who comply today\n"
        "3 resources in 2 repositories will fail, 2 of them owned by ml@x; $13.50 a day\n"
        "(2 of 3 priced). 2 stay as they are.\n"
        "\n"
        "by repository    fail    pass  undecided       $ a day\n"
        "infra               2       0          0         13.50\n"
        "platform            1       0          0             -\n"
        "\n"
        "by owner    fail    pass  undecided       $ a day\n"
        "ml@x           2       0          0         13.50\n"
        "data@x         1       0          0             -\n"
        "\n"
        "because of\n"
        "       3  value-not-allowed team\n"
        "\n"
        "will fail\n"
        "  aws_s3_bucket.a (../infra/main.tf:1)  infra, ml@x, $10.50 a day\n"
        '      team = "vision" is not approved\n'
        "  aws_s3_bucket.b (../infra/main.tf:4)  infra, ml@x, $3.00 a day\n"
        '      team = "vision" is not approved\n'
        "  aws_s3_bucket.a (../platform/main.tf:1)  platform, data@x\n"
        '      team = "vision" is not approved\n'
    )


def test_whose_it_is_where_owners_lack(capsys):
    """`owner`, else `team`, resource by resource; --owner-key names other keys, in order."""
    Path("../infra/main.tf").write_text(_bucket("a", team="vision") + _bucket("b", team="vision", owner="ml@x"))
    whose = {}
    for options in ([], ["--owner-key", "owner"], ["--owner-key", "team", "--owner-key", "owner"]):
        assert _run("--against", "../infra", "--format", "json", *options) == 1
        whose[" ".join(options)] = [each["owner"] for each in json.loads(capsys.readouterr().out)["resources"]]
    assert whose == {
        "": ["vision", "ml@x"],
        "--owner-key owner": [None, "ml@x"],
        "--owner-key team --owner-key owner": ["vision", "vision"],
    }


def test_one_resource_is_told_in_the_singular(capsys):
    """`1 resource fails already`, `1 resource becomes undecided`."""
    Path("../infra/main.tf").write_text(_bucket("a", team="vision"))
    Path("stricter.yaml").write_text(NEW.replace("[team]", "[team, owner]"))
    Path("older.yaml").write_text(OLD.replace("[team]", "[owner]"))
    options = ["--dictionary", "older.yaml", "--against", "../infra", "--format", "markdown"]
    assert main(["dictionary", "impact", "stricter.yaml", *options]) == 1
    assert "<summary>1 resource fails already, and for more reasons</summary>" in capsys.readouterr().out


def test_json_and_markdown(capsys):
    """The same as data, and as a comment."""
    assert _run(*BOTH, "--format", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["summary"] == {
        "resources": 5, "fails": 3, "worse": 0, "undecided": 0, "passes": 0, "same": 2, "usd_per_day": "0",
    }  # fmt: skip
    assert [(each["address"], each["repository"], each["owner"]) for each in found["resources"]] == [
        ("aws_s3_bucket.a", "infra", "ml@x"),
        ("aws_s3_bucket.b", "infra", "ml@x"),
        ("aws_s3_bucket.a", "platform", "data@x"),
    ]
    assert {each["before"] for each in found["resources"]} == {"compliant"}
    assert {each["after"] for each in found["resources"]} == {"non-compliant"}
    assert _run(*BOTH, "--format", "markdown") == 1
    out = html.unescape(capsys.readouterr().out)
    assert "| <code>infra</code> | 2 | 0 | 0 | - |" in out
    assert "<details><summary>3 resources will fail</summary>" in out


def test_nothing_breaks(capsys):
    """Exit 0, and said; the same dictionary hits nobody."""
    assert _run("--against", "../infra", "--dictionary", "new.yaml") == 0
    assert "No resource will fail that passes now. 3 stay as they are." in " ".join(capsys.readouterr().out.split())
    assert main(["dictionary", "impact", "old.yaml", "--dictionary", "new.yaml", *BOTH]) == 0
    assert "3 will pass, 2 stay as they are." in " ".join(capsys.readouterr().out.split())


def test_inspect_documents(tmp_path, capsys, monkeypatch):
    """An inventory that another repository mailed gives the same answer as its code."""
    monkeypatch.chdir(tmp_path / "infra")
    assert main(["inspect", ".", "--format", "json", "--output", "../tags/infra.json"]) == 0
    monkeypatch.chdir(tmp_path / "tags")
    capsys.readouterr()
    assert _run("--against", "infra.json", "--format", "json") == 1
    mailed = json.loads(capsys.readouterr().out)
    assert _run("--against", "../infra", "--format", "json") == 1
    read = json.loads(capsys.readouterr().out)
    for found in (mailed, read):
        for each in found["resources"]:
            each["location"]["path"] = Path(each["location"]["path"]).name
            for finding in each["findings"]:
                finding["location"] = finding["fingerprint"] = None
    assert mailed == read


def test_what_cannot_be_read(tmp_path, capsys):
    """Exit 2, whatever else is found: nobody may take it for all."""
    (tmp_path / "infra" / "bad.tf").write_text("resource {{{\n")
    assert _run("--against", "../infra") == 2
    assert "not read: ../infra/bad.tf" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Missing option '--against'"),
        (["--against", "nowhere"], "nowhere"),
        (["--against", "empty"], "nothing to judge"),
        (["--against", "../infra", "--costs", "nope.csv"], "table of costs cannot be read"),
        (["--against", "../infra", "--costs", "bad.csv"], "bad.csv:2:1: usd_per_day is not an amount"),
        (["--against", "../infra", "--owner-key", "boss"], "neither dictionary has a key 'boss'"),
        (["--against", "broken.json"], "broken.json"),
    ],
)
def test_errors(here, capsys, arguments, told):
    """Exit 2 with the next step, and no report."""
    (here / "empty").mkdir()
    (here / "bad.csv").write_text("address,usd_per_day\na,$5\n")
    (here / "broken.json").write_text('{"tool": {"name": "tagwright"}, "schema": 9, "resources": []}')
    assert _run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert "help: " in captured.err


@pytest.fixture
def scanner(monkeypatch):
    """scanner(problems...): a live scanner that saw two buckets, by the contract of `live_sources`."""

    def installer(*problems):
        def source(place):
            resources = tuple(
                Resource(name, "aws_s3_bucket", "aws", tags=Tags((Tag("team", team), Tag("owner", place or "nobody"))))
                for name, team in (("arn:aws:s3:::a", "vision"), ("arn:aws:s3:::b", "search"))
            )
            return Reading(resources, ("scan",), problems), ("acme-prod", "acme-dev")

        module = types.ModuleType("tagwright_drift.against")
        module.inventory = module.history = source
        monkeypatch.setitem(sys.modules, "tagwright_drift.against", module)

    return installer


@pytest.mark.parametrize("name", ["inventory", "history"])
def test_live(scanner, capsys, name):
    """Beside code or alone; the account stands for the repository, what follows the colon names the place."""
    scanner()
    assert _run("--against", f"{name}:postgresql://db/x", "--against", "../infra", "-f", "json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["summary"]["resources"] == 5
    live = [each for each in found["resources"] if each["address"].startswith("arn:")]
    assert [(each["repository"], each["owner"]) for each in live] == [("acme-prod", "postgresql://db/x")]


def test_a_scan_that_did_not_see_everything(scanner, capsys, tmp_path):
    """Exit 4; a file that could not be read still is 2."""
    scanner(Problem("123456789012/eu-west-1/aws_s3_bucket", "access denied"))
    assert _run("--against", "history") == 4
    assert "not read: 123456789012/eu-west-1/aws_s3_bucket: access denied" in " ".join(capsys.readouterr().out.split())
    (tmp_path / "infra" / "bad.tf").write_text("resource {{{\n")
    assert _run("--against", "history", "--against", "../infra") == 2


def test_without_a_scanner(capsys, monkeypatch):
    """Said, not taken for a path that is empty; a folder of that name is one."""
    monkeypatch.setitem(sys.modules, "tagwright_drift.against", None)
    assert _run("--against", "history") == 2
    assert "history needs the live scanner" in capsys.readouterr().err
    Path("history").mkdir()
    Path("history/main.tf").write_text(_bucket("a", team="vision"))
    assert _run("--against", "history") == 1


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_hostile_tags(tmp_path, capsys, form):
    """Owners and values from code under review do nothing in a terminal, a log or a comment."""
    nasty = "<img src=x>|`@everyone`\\u001b[31m\\n::error::owned"
    (tmp_path / "infra" / "main.tf").write_text(_bucket("a", team="vision", owner=nasty) + _bucket("b", team=nasty))
    assert _run("--against", "../infra", "-f", form) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert not any(line.lstrip().startswith("::") for line in out.splitlines())
    if form == "json":
        assert json.loads(out)["resources"][0]["owner"].startswith("<img")
    if form == "markdown":
        assert "<img" not in out
        assert {line.count("|") for line in out.splitlines() if line.startswith("|")} == {6}
