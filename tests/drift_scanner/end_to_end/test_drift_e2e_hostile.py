"""Tags that attack their reader, set on real resources, through every output of every command.

Nothing is executed, nothing is lost, a finding stays one row; what may not be shown as it is is shown harmlessly.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import unicodedata

import html5lib
import pytest
from tests.drift_scanner.end_to_end import reading
from tests.drift_scanner.end_to_end.completed import regions_are
from tests.drift_scanner.end_to_end.conftest import settle
from tests.drift_scanner.end_to_end.world import US, World

HOSTILE = {
    "script": "<script>alert(document.domain)</script>",
    "closing": "</script></style></textarea><svg/onload=alert(1)>",
    "attribute": "\" onmouseover='alert(1)' x=\"",
    "formula": "=cmd|' /C calc'!A0",
    "plus": '+HYPERLINK("https://evil.example","x")',
    "at": "@SUM(1+1)*cmd|'/C calc'!A0",
    "tab": "\t=1+1",
    "ansi": "\x1b[31mred\x1b]8;;https://evil.example\x07link\x1b]8;;\x07\x1b[2J",
    "lines": "one\ntwo\r\n::error::three\u2028four\u0085five",
    "slack": "<!channel> <@U123> <https://evil.example|click here> &lt;",
    "markdown": "[x](javascript:alert(1)) | **b** `c` ![i](https://evil.example/i.png) # h @everyone",
    "rtl": "\u202egnp.exe\u202c\u200b\ufeff\u2066x",
    "emoji": "\U0001f600" * 256,
    "shell": "$(touch pwned) `touch pwned` ; touch pwned '\" \\",
    "template": "{{7*7}} ${7*7} {% raw %} %n%s",
}
FORMATS = ("text", "json", "csv", "markdown", "html")
TABLES = ("--type", "aws_dynamodb_table", "--region", US)
JOINER = "\u2060"  # what our own Markdown puts behind an @ or :// so that nothing is called and nothing linked


@pytest.fixture(scope="module")
def kept(server, tmp_path_factory):
    """One table a value, which is its owner, its cost center, its Name and a note; and all formats of the report."""
    from tagwright_cli.main import main

    folder = tmp_path_factory.mktemp("hostile")
    server.reset()
    regions_are(US)
    world = World(server)
    for name, value in HOSTILE.items():
        table = world.make("aws_dynamodb_table", name, {})
        world.tag(table, owner=value, cost_center=value, note=value, Name=value)
    formats = [word for each in FORMATS for word in ("--format", f"{each}=r.{each}")]
    with pytest.MonkeyPatch.context() as patch:
        settle(patch, folder, server.url)
        assert main(["drift", "scan", "--max-tps", "0", "--most", "0", "--quiet", *formats, *TABLES]) == 1
    world.close()
    (folder / "notify.yaml").write_text(
        "channels:\n"
        "  - {name: hook, url: 'json://127.0.0.1:1/'}\n"
        "  - {name: slack, url: 'slack://AAAAAAAAA/BBBBBBBBB/cccccccccccccccccccccccc/#x'}\n"
        "  - {name: teams, url: 'workflows://h/w/s/'}\n"
        "  - {name: owners, url: 'mailtos://u:p@h?to={owner}', each: owner, domains: [acme.example]}\n"
    )
    (folder / "prices.yaml").write_text("currency: USD\nprices: [{type: aws_dynamodb_table, usd_per_hour: 1}]\n")
    state = {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "x", "outputs": {}}
    tags = {"owner": "a", "note": HOSTILE["lines"]}
    known = {"arn": "arn:aws:dynamodb:us-east-1:123456789012:table/script", "name": "script", "id": "script"}
    state["resources"] = [
        {
            "mode": "managed",
            "type": "aws_dynamodb_table",
            "name": "x",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"schema_version": 1, "attributes": {**known, "tags": tags, "tags_all": tags}}],
        }
    ]
    (folder / "terraform.tfstate").write_text(json.dumps(state))
    return folder


@pytest.fixture
def scanned(kept, tmp_path, monkeypatch):
    """A copy of all that, to work in."""
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("GITHUB_TOKEN", "good")
    return tmp_path


def harmless(text):
    """Nothing that a terminal or a log collector acts on, and no character that hides or turns others."""
    bad = {f"{each!r} in {line[:80]!r}" for line in text.split("\n") for each in line if _acts(each)}
    assert not bad, sorted(bad)[:5]
    assert not re.search(r"^\s*::\w+", text, re.MULTILINE)


def _acts(character):
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def findings():
    return {(each.address.rpartition("/")[2], each.rule, each.key): each for each in reading.records()}


def test_json_loses_nothing(scanned):
    rows = json.loads((scanned / "r.json").read_text())["findings"]
    assert len(rows) == len(findings()) >= len(HOSTILE)
    for row in rows:
        value = HOSTILE[row["resource"]["address"].rpartition("/")[2]]
        assert row["resource"]["tags"] == {"owner": value, "cost-center": value, "note": value, "Name": value}
        assert row["value"] in (None, value)
    assert {row["key"] for row in rows if row["value"]} >= {"cost-center"}


def test_csv_is_a_row_a_finding_and_no_formula(scanned):
    content = (scanned / "r.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert len(rows) == 1 + len(findings())
    assert {len(row) for row in rows} == {len(rows[0])}
    for row in rows[1:]:
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row), row
        harmless("".join(row).replace("\n", ""))
    assert len({row[rows[0].index("identity")] for row in rows[1:]}) == len(findings())


def test_text_is_text(scanned):
    text = (scanned / "r.text").read_text()
    harmless(text)
    for table in HOSTILE:
        assert f":table/{table}" in text


def test_markdown_is_a_row_a_finding_and_nothing_else(scanned):
    """As GitHub renders it: no link, image, heading or element that a tag's value made."""
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    text = (scanned / "r.markdown").read_text()
    harmless(text.replace(JOINER, ""))
    parser = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": True})
    tree = html5lib.parse(parser.render(text), treebuilder="etree", namespaceHTMLElements=False)
    made = {each.tag for each in tree.iter() if isinstance(each.tag, str)}
    allowed = "html head body h2 h3 p ul li table thead tbody tr th td code br strong sub em"
    assert made <= set(allowed.split()), made
    for table in HOSTILE:
        assert f":table/{table}" in html.unescape(text)


def test_html_has_no_element_more_than_a_harmless_report(scanned, drift, world):
    """Parsed as a browser does: the same scripts, no handler, no address outside; and the rows are all in it."""
    hostile = html5lib.parse((scanned / "r.html").read_text(), treebuilder="etree", namespaceHTMLElements=False)
    count = len(findings())
    for name in HOSTILE:
        table = world.make("aws_dynamodb_table", name, {})
        world.tag(table, owner="x", cost_center="wrong", note="x", Name="x")
    drift("scan", "--format", "html=plain.html", *TABLES, "--state", "plain")
    plain = html5lib.parse((scanned / "plain.html").read_text(), treebuilder="etree", namespaceHTMLElements=False)
    assert _kinds(hostile) <= _kinds(plain) | {("optgroup",), ("option",)}
    assert [each.text for each in hostile.iter("script")][-1] == [each.text for each in plain.iter("script")][-1]
    assert len(list(hostile.iter("script"))) == len(list(plain.iter("script")))
    for each in hostile.iter():
        assert not [name for name in each.attrib if name.lower().startswith("on")]
        for name in ("href", "src", "action", "formaction"):
            assert not re.match(r"\s*(javascript|data|https?):", each.attrib.get(name, ""))
    (rows,) = [each.text for each in hostile.iter("script") if each.attrib.get("id") == "rows"]
    document = json.loads(rows)
    assert document["count"] == count
    assert set(HOSTILE.values()) <= set(document["texts"])
    for table in HOSTILE:
        assert f":table/{table}" in rows


def _kinds(tree):
    return {(each.tag,) for each in tree.iter() if isinstance(each.tag, str)}


def test_digests_command_nobody(scanned, drift):
    said = drift("notify", "--dry-run")
    assert said.code == 0
    harmless(said.out)
    _, slack, teams = re.split(r"^to .*\n", said.out, flags=re.MULTILINE)[1:]
    # No owner of these is an address that the channel may write to: a dry run says so too.
    assert len(re.findall(r"^not sent to owners for .*: .*no e-mail address$", said.out, re.MULTILINE)) == len(HOSTILE)
    teams, _, _ = teams.partition("not sent to")
    assert "<!channel>" not in slack
    assert "<https://evil" not in slack
    assert "](javascript" not in teams
    assert "![i](" not in teams


def test_a_webhook_gets_them_as_text(scanned, drift, post):
    (scanned / "notify.yaml").write_text(f"channels: [{{name: hook, url: 'json://127.0.0.1:{post.port}/'}}]\n")
    assert drift("notify").code == 0
    ((_, body),) = post.got
    harmless(body["title"])
    harmless(body["message"])


def test_issues_hold_no_markup_and_call_nobody(scanned, drift, hub):
    """Written to a tracker by the real PyGithub; then read back and kept, for nothing has changed."""
    markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    arguments = ("--repository", "acme/infra", "--api", hub.api)
    dry = drift("tickets", *arguments)
    assert dry.code == 0
    harmless(dry.out)
    assert hub.issues == {}
    said = drift("tickets", *arguments, "--apply")
    assert said.code == 0, said
    harmless(said.out)
    assert len(hub.issues) == len(HOSTILE) + 1  # an owner's own tag that is wrong names nobody
    parser = markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": True})
    for each in hub.issues.values():
        harmless(each["title"].replace(JOINER, ""))
        assert len(each["title"]) <= 256
        assert len(each["body"]) <= 65_536
        tree = html5lib.parse(parser.render(each["body"]), treebuilder="etree", namespaceHTMLElements=False)
        assert not list(tree.iter("script"))
        assert not list(tree.iter("svg"))
        assert not list(tree.iter("img"))
        assert not list(tree.iter("a"))
        assert not re.search(r"(?<![\w\u2060])@(?:everyone|SUM)", each["body"])
    again = drift("tickets", *arguments, "--apply")
    assert {line.split()[0] for line in again.out.splitlines()[1:]} == {"keep"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "--most", "0"),
        ("report", "--format", "markdown"),
        ("report", "--owner", HOSTILE["ansi"]),
        ("report", "--owner", "nobody\x1b[31m"),
        ("report", "--run", "\x1b[31m\u202e"),
        ("history",),
        ("history", HOSTILE["ansi"]),
        ("history", HOSTILE["lines"]),
        ("history", "\x1b[31m\u202e"),
        ("costs", "--prices", "prices.yaml"),
        ("costs", "--prices", "prices.yaml", "--no-save", "--owner-key", "note"),
        ("compare", "terraform.tfstate"),
        ("compare", "terraform.tfstate", "--format", "markdown"),
        ("replay", ".tagwright/drift/runs", "--history", "new.db"),
    ],
)
def test_what_every_other_command_says_is_harmless(scanned, drift, arguments):
    said = drift(*arguments)
    assert said.code in (0, 1, 2), said
    assert "Traceback" not in said.err
    harmless(said.out.replace(JOINER, "") if "markdown" in arguments else said.out)
    harmless(said.err)


def test_costs_as_csv_are_no_formulas(scanned, drift):
    said = drift("costs", "--prices", "prices.yaml", "--format", "csv")
    assert said.code == 0, said
    rows = list(csv.reader(io.StringIO(said.out)))
    assert len(rows) > len(HOSTILE)
    assert {len(row) for row in rows} == {len(rows[0])}
    for row in rows[1:]:
        assert not any(re.match(r"\s*[=+@]|\s*-(?![\d.]+$)", cell) for cell in row), row


def test_documents_of_the_other_commands_lose_nothing(scanned, drift):
    found = json.loads(drift("history", HOSTILE["lines"], "--format", "json").out)["findings"]
    assert {each["name"] for each in found} == {HOSTILE["lines"]}
    document = json.loads(drift("compare", "terraform.tfstate", "--format", "json").out)
    text = json.dumps(document, ensure_ascii=False)
    for table in HOSTILE:
        assert f":table/{table}" in text
    document = json.loads(drift("costs", "--prices", "prices.yaml", "--format", "json").out)
    assert document
    assert not (scanned / "pwned").exists()


def test_commands_to_paste_do_what_they_say_and_nothing_else(scanned, drift):
    """Every command of the report, given to a shell in which `aws` prints its arguments."""
    import os
    import subprocess

    (scanned / "bin").mkdir()
    (scanned / "bin/aws").write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n')
    (scanned / "bin/aws").chmod(0o755)
    rows = json.loads((scanned / "r.json").read_text())["findings"]
    commands = [row["fix"]["command"] for row in rows if row["fix"]["command"]]
    assert commands
    environment = {"PATH": f"{scanned / 'bin'}:{os.environ['PATH']}", "TAG_COST_CENTER": "cc-1", "TAG_OWNER": "me"}
    for command in commands:
        ended = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, check=False)
        assert ended.stdout.startswith("resourcegroupstaggingapi\0tag-resources\0"), (command, ended)
    assert not (scanned / "pwned").exists()
    assert not list(scanned.glob("**/pwned"))
