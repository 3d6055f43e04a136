"""Workflow commands of GitHub Actions."""

from __future__ import annotations

import re

from tagwright_cli.formats import github
from tagwright_cli.report import Rendering

_COMMAND = re.compile(r"::(error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)")


def test_whole_output(make_report):
    """One annotation a finding, on its line; undecided ones are notices; then a plain line of totals."""
    report = make_report()
    trainer = "file=infra/train.tf,line=5,col={},title=tagwright {}::aws_instance.trainer[{}]: {}%0A{}"
    missing = ("cost-center is required on GPU nodes", 'Add cost-center = "cc-4100" to tags.')
    wrong = ('workload = "trainng" is not approved: did you mean "training"?', 'Write workload = "training".')
    assert github.render(report, Rendering()).splitlines() == [
        "::error " + trainer.format(3, "missing-tag", 0, *missing),
        "::error " + trainer.format(43, "value-not-allowed", 0, *wrong),
        "::error " + trainer.format(3, "missing-tag", 1, *missing),
        "::error " + trainer.format(43, "value-not-allowed", 1, *wrong),
        (
            "::notice file=infra/train.tf,line=8,endLine=10,title=tagwright missing-tag::aws_s3_bucket.data: "
            "cost-center is required on GPU nodes, because var.tags has no value here"
            "%0Apass --var-file, or check the plan"
        ),
        (
            "tagwright blocked: 2 of 6 resources (4 errors). 1 compliant, 1 undecided, 1 exempt, "
            "1 not subject to a rule. "
            f"dictionary acme-ml 2.3.0 ({report.dictionary.digest[:8]})"
        ),
    ]


def test_what_could_not_be_read_is_an_error(broken_report):
    """A problem is an annotation at its place."""
    assert github.render(broken_report, Rendering()).splitlines()[0] == (
        "::error file=infra/broken.tf,line=7,col=3,title=tagwright%3A not read::expected a closing brace"
        "%0Aclose the block that opens in line 2"
    )


def test_hostile_text_stays_text(hostile_report):
    """Every line is one of our commands with our properties, or the plain line of totals; none is forged."""
    lines = github.render(hostile_report, Rendering()).removesuffix("\n").split("\n")
    assert len(lines) == 4
    for line in lines[:3]:
        found = _COMMAND.fullmatch(line)
        assert found
        names = [part.partition("=")[0] for part in found["properties"].split(",")]
        assert names == ["file", "line", "col", "title"]
        assert line.isprintable()
        assert not re.search(r"##\w*\[", line)
    assert lines[3].startswith("tagwright not complete: ")
    assert lines[3].isprintable()
    assert not re.search(r"##\w*\[", lines[3])
