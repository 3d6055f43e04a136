"""The pull-request comment."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from tagwright_cli.formats import markdown
from tagwright_cli.report import Rendering


def test_marker_comes_first(make_report, clean_report):
    """The hidden marker is the first line, always the same: the comment is found by it and updated in place."""
    for report in (make_report(), clean_report):
        assert markdown.render(report, Rendering()).split("\n", 1)[0] == markdown.MARKER


def test_table_names_who_can_fix_it(make_report):
    """One row a block: where, resource, rules, and the owner from its tags."""
    rows = [line for line in markdown.render(make_report(), Rendering()).splitlines() if line.startswith("|")]
    assert [html.unescape(row) for row in rows] == [
        "| where | resource | findings | owner |",
        "| --- | --- | --- | --- |",
        (
            "| <code>infra/train.tf:5:3</code> | <code>aws_instance.trainer</code> x 2 | **blocked** missing-tag "
            "<code>cost-center</code>, value-not-allowed <code>workload</code> | <code>ml@acme.example</code> |"
        ),
    ]


def test_details_are_folded(make_report):
    """Messages, advice and source stand in a folded section."""
    shown = html.unescape(markdown.render(make_report(), Rendering()))
    section = shown[shown.index("<details>") : shown.index("</details>")]
    assert section == (
        "<details><summary><code>aws_instance.trainer</code></summary>\n\n"
        "- <code>aws_instance.trainer[0]</code>, <code>aws_instance.trainer[1]</code>\n"
        "- **error** missing-tag: cost-center is required on GPU nodes\n"
        '- **error** value-not-allowed: workload = "trainng" is not approved: did you mean "training"?\n'
        '- help: Add cost-center = "cc-4100" to tags.\n'
        '- help: Write workload = "training".\n\n'
        "<pre>infra/train.tf:\n"
        '    1 | resource "aws_instance" "trainer" {\n'
        '    5 |   tags = merge(local.common, { workload = "trainng" })\n'
        "      |   ^^^^                                    ^^^^^^^^^</pre>\n\n"
    )


def test_undecided_and_problems_are_told(broken_report):
    """What is undecided or was not read stands in the comment too."""
    shown = html.unescape(markdown.render(broken_report, Rendering()))
    assert "- **not read** <code>infra/broken.tf:7</code>: expected a closing brace\n" in shown
    assert (
        "- **undecided** 1 resource, because var.tags has no value here: pass --var-file, or check the plan\n" in shown
    )


def test_a_comment_fits(changed, make_report):
    """However much is wrong, the comment stays within what GitHub accepts, and counts what it left out."""
    report = make_report()
    first = report.result.judgements[0]
    many = tuple(
        replace(
            first,
            resource=replace(first.resource, address=f"aws_instance.n{n}", block=f"aws_instance.n{n}"),
            findings=tuple(replace(finding, address=f"aws_instance.n{n}") for finding in first.findings),
        )
        for n in range(3_000)
    )
    findings = tuple(finding for judgement in many for finding in judgement.findings)
    shown = markdown.render(
        changed(report, judgements=many, findings=findings, blocking=findings),
        Rendering(),
    )
    assert len(shown) <= markdown.LONGEST
    assert re.search(r"… and [\d,]+ more blocks&#58; see the log of the job", shown)
    assert shown.count("<details>") == shown.count("</details>") > 0


_OURS = re.compile(
    r"</?(?:code|sub|pre|details|summary)>|&#\d+;|^(?:- )?\*\*[a-z ]+\*\*|^\| --- .*$|^### tagwright$"
    r"|\*\*blocked\*\* |^\| where .*$",
    re.MULTILINE,
)


def test_hostile_text_stays_text(changed, hostile_report):
    """Outside our own markup nothing is left that could format, link, mention, refer or add markup."""
    report = changed(hostile_report, blocking="all")
    shown = markdown.render(report, Rendering())
    assert len(shown) <= markdown.LONGEST
    assert shown.count(markdown.MARKER) == 1
    bare = shown.replace(markdown.MARKER, "")
    bare = re.sub(r"^\*\*(.*?)\*\* ?", r"\1", bare, flags=re.MULTILINE)
    bare = _OURS.sub("", bare)
    rows = [line for line in bare.splitlines() if line.startswith("|")]
    assert all(row.count("|") == 5 for row in rows)
    left = "\n".join(line.replace("|", "") for line in bare.splitlines())
    assert not re.search(r"[<>&`*_\[\]\\~@#!]", left)
    rendered = html.unescape(shown)
    prose = re.sub(r"<(code|pre)>.*?</\1>", "", rendered, flags=re.DOTALL)
    assert not re.search(r"@\w|#\d|://|GH-\d", prose)
    assert all(line.replace("\u2060", "").isprintable() for line in rendered.split("\n"))
