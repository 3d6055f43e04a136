"""The text report and what `inspect` shows."""

from __future__ import annotations

import re

import pytest

from tagwright_cli.formats import inspection, text
from tagwright_cli.report import Rendering
from tagwright_cli.sanitise import columns
from tagwright_cli.terminal import Style
from tagwright_dictionary.dictionary import UnknownPolicy

BLOCKED = """\
infra/train.tf:5:3  aws_instance.trainer  x 2   p5.48xlarge, gpu
  instances  [0], [1]
  error      missing-tag        cost-center is required on GPU nodes
  error      value-not-allowed  workload = "trainng" is not approved: did you
                                mean "training"?
  policy     accountable-ai-spend
      1 | resource "aws_instance" "trainer" {
       ...
      5 |   tags = merge(local.common, { workload = "trainng" })
        |   ^^^^                                    ^^^^^^^^^
  found      owner = "ml@acme.example"  local.common, locals.tf:3
             workload = "trainng"       train.tf:5
             and 1 other tag
  help       - Add cost-center = "cc-4100" to tags.
             - Write workload = "training".

blocked: 2 of 6 resources (4 errors). 1 compliant, 1 undecided, 1 exempt, 1 not
  subject to a rule.
undecided: 1 resource, because var.tags has no value here: pass --var-file, or
  check the plan.
accepted: 1 finding by exemptions; the first ends on 2027-03-01.
dictionary acme-ml 2.3.0 (22d9d81b), 4 files.   tagwright explain missing-tag
"""

BROKEN = """\
infra/broken.tf:7:3
  not read   expected a closing brace
  help       close the block that opens in line 2

not complete: 1 problem while reading; 2 of 6 resources not compliant (4
  errors). 1 compliant, 1 undecided, 1 exempt, 1 not subject to a rule.
"""


def test_whole_report(make_report):
    """A blocked block is shown once for its instances, with source, tags found, advice and totals."""
    report = make_report()
    expected = BLOCKED.replace("22d9d81b", report.dictionary.digest[:8])
    assert text.render(report, Rendering()) == expected


def test_same_bytes_twice(make_report):
    """The same run twice prints the same bytes."""
    assert text.render(make_report(), Rendering()) == text.render(make_report(), Rendering())


def test_clean_is_one_line(clean_report):
    """A clean run is one line."""
    digest = clean_report.dictionary.digest[:8]
    expected = f"clean: 1 resource. dictionary acme-ml 2.3.0 ({digest}), 4 files.\n"
    assert text.render(clean_report, Rendering()) == expected


def test_quiet_prints_nothing_when_clean(clean_report):
    """--quiet leaves nothing to read when nothing is wrong."""
    assert text.render(clean_report, Rendering(quiet=True)) == ""


def test_quiet_still_shows_findings(make_report):
    """--quiet never hides a finding."""
    assert text.render(make_report(), Rendering(quiet=True)).startswith("infra/train.tf:5:3  aws_instance.trainer")


def test_what_could_not_be_read_is_never_clean(broken_report):
    """A file that could not be read is shown with place, reason and next step, and spoils "clean"."""
    assert BROKEN in text.render(broken_report, Rendering())


def test_undecided_blocks_are_shown_when_they_block(changed, make_report):
    """With --on-unknown fail an undecided requirement is shown like any other finding, with its cause."""
    report = make_report()
    report = changed(report, blocking="all", on_unknown=UnknownPolicy.FAIL)
    shown = text.render(report, Rendering())
    assert "  undecided  missing-tag  cost-center is required on GPU nodes, because var.tags" in shown
    assert "  found      owner = unknown: var.tags has no value here\n             and 1 other tag\n" in shown


def test_explain_unknown_lists_the_resources_that_wait(make_report):
    """--explain-unknown names every resource under its cause."""
    shown = text.render(make_report(), Rendering(explain_unknown=True))
    assert "  check the plan.\n  - aws_s3_bucket.data: cost-center\n" in shown


def test_sensitive_values_are_never_printed(changed, make_report):
    """Neither the report nor `inspect` shows a sensitive value."""
    report = make_report()
    report = changed(report, blocking="all")
    assert "hunter2" not in text.render(report, Rendering())
    shown = inspection.render(report, Rendering())
    assert "hunter2" not in shown
    assert "token = (sensitive)" in shown


@pytest.mark.parametrize("width", [60, 80, 140, 400])
def test_lines_fit_the_terminal(make_report, broken_report, width):
    """No line is wider than the terminal."""
    for report in (make_report(), broken_report):
        for shown in (
            text.render(report, Rendering(Style(width=width))),
            inspection.render(report, Rendering(Style(width=width))),
        ):
            assert [line for line in shown.splitlines() if columns(line) > width] == []


def test_wide_terminal_uses_its_width(make_report):
    """At 140 columns the messages are not wrapped."""
    shown = text.render(make_report(), Rendering(Style(width=140)))
    assert 'workload = "trainng" is not approved: did you mean "training"?\n' in shown


def test_colour_never_carries_meaning_alone(make_report):
    """Without its escape sequences the coloured report is the plain one."""
    coloured = text.render(make_report(), Rendering(Style(colour=True)))
    assert "\x1b[1;31merror" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text.render(make_report(), Rendering())


def test_hostile_text_stays_text(changed, hostile_report):
    """No escape sequence, forged line, hidden character or runner command reaches the terminal."""
    report = changed(hostile_report, blocking="all")
    for shown in (
        text.render(report, Rendering(explain_unknown=True)),
        inspection.render(report, Rendering()),
    ):
        for line in shown.split("\n"):
            assert line.isprintable()
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
            assert "##vso[" not in line
            assert "##teamcity[" not in line
    assert len(text.render(report, Rendering())) < 20_000


INSPECTED = """\
infra/train.tf:8:1  aws_s3_bucket.data
  what       aws_s3_bucket, bucket
  verdict    undecided
  tags       owner = unknown: var.tags has no value here
             token = (sensitive)
             perhaps more: var.tags has no value here
"""


def test_inspect_shows_what_was_understood(make_report):
    """`inspect` shows type, classes, verdict, tags with their origin, and bills of every resource."""
    shown = inspection.render(make_report(), Rendering())
    assert INSPECTED in shown
    assert "  bills      instance: no tag\n" in shown
    assert "aws_iam_policy_attachment.x\n  what       aws_iam_policy_attachment\n" in shown
    assert shown.endswith(
        "6 resources in 4 files: 2 not compliant, 1 compliant, 1 undecided, 1 exempt, 1\nnot subject to a rule.\n",
    )
