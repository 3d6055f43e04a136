"""Builders of reports for the tests of the formats, and strings that try to break out of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from tagwright_cli.report import Report
from tagwright_cli.sources import Sources
from tagwright_dictionary.dictionary import Dictionary, Key, UnknownPolicy, Value
from tagwright_dictionary.model import (
    Bill,
    Certainty,
    Classes,
    Finding,
    Judgement,
    Location,
    Origin,
    Problem,
    Resource,
    Severity,
    Tag,
    Tags,
    Unknown,
    Verdict,
)
from tagwright_policies.result import Accepted, GateResult

HOSTILE = {
    "ansi": "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "new lines": "a\n::error file=x::owned\r\n::set-output name=a::b",
    "runner command": "::error::owned ##[error]owned ##vso[task.complete]x ##teamcity[x]",
    "cdata end": "]]></failure></testcase><evil/>",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>\"' &amp;",
    "markdown": "| a | b |\n| --- | --- |\n**bold** [x](http://evil) `code` @everyone #1 GH-2 ~~x~~ ![i](http://e/i.png)",
    "html comment": "--> </details> <!-- ",
    "bidi": "user\u202e\u2066// admin\u2069\u2066",
    "zero width": "tra\u200bining\ufeff\u2060",
    "controls": "".join(chr(code) for code in (*range(1, 32), *range(0x7F, 0xA0))),
    "line separators": "a\u2028b\u2029c\u0085d",
    "percent": "100%25%0A::warning::x, y: z",
    "lone surrogate": "x\udc80y",
    "not characters": "\ufffe\uffff\U0001ffff",
    "backticks": "``` \\` \\",
    "quotes": "'\"; $(id) `id` ${x} %{x}",
    "long": "a::b" * 5_000,
    "wide": "東京🚀" * 30,
}


@pytest.fixture(params=list(HOSTILE.values()), ids=list(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def dictionary() -> Dictionary:
    return Dictionary(
        name="acme-ml",
        version="2.3.0",
        keys=(
            Key("cost-center", pattern="cc-[0-9]{4}"),
            Key("owner", format="email"),
            Key("workload", values=(Value("training"), Value("inference"))),
        ),
        digest=hashlib.sha256(b"acme").hexdigest(),
        source="dictionary.yaml",
    )


SOURCE = """\
resource "aws_instance" "trainer" {
  count = 2

  instance_type = "p5.48xlarge"
  tags = merge(local.common, { workload = "trainng" })
}

resource "aws_s3_bucket" "data" {
  bucket = "data"
}
"""


def _finding(**changes: object) -> Finding:
    base = Finding(
        rule="missing-tag",
        severity=Severity.ERROR,
        address="aws_instance.trainer[0]",
        type="aws_instance",
        message="cost-center is required on GPU nodes",
        key="cost-center",
        requirement="accountable-ai-spend",
        help='Add cost-center = "cc-4100" to tags.',
        suggestions=("cc-4100",),
        location=Location("infra/train.tf", 5, 3, 5),
        fingerprint="f1",
    )
    return replace(base, **changes)


@pytest.fixture
def finding() -> Callable[..., Finding]:
    return _finding


def _trainer(index: int) -> Judgement:
    address = f"aws_instance.trainer[{index}]"
    resource = Resource(
        address=address,
        type="aws_instance",
        provider="aws",
        classes=Classes(frozenset({"gpu"})),
        tags=Tags(
            (
                Tag("Name", "trainer", Origin("resource", "", Location("infra/train.tf", 5, 3))),
                Tag("owner", "ml@acme.example", Origin("local", "local.common", Location("infra/locals.tf", 3, 5))),
                Tag("workload", "trainng", Origin("resource", "", Location("infra/train.tf", 5, 43))),
            ),
        ),
        bills=(Bill("instance", Tags(), own=True),),
        location=Location("infra/train.tf", 1, 1, 6),
        tag_location=Location("infra/train.tf", 5, 3, 5),
        attributes=(("instance_type", ("p5.48xlarge",)),),
        instance_key=str(index),
        block="aws_instance.trainer",
        scope="infra",
        sources=("infra/locals.tf", "infra/train.tf"),
    )
    findings = (
        _finding(address=address, fingerprint=f"{index}-1"),
        _finding(
            address=address,
            rule="value-not-allowed",
            key="workload",
            value="trainng",
            message='workload = "trainng" is not approved: did you mean "training"?',
            help='Write workload = "training".',
            suggestions=("training",),
            location=Location("infra/train.tf", 5, 43),
            fingerprint=f"{index}-2",
        ),
    )
    return Judgement(resource, Verdict.NON_COMPLIANT, findings)


def _bucket() -> Judgement:
    cause = Unknown("var.tags has no value here", "pass --var-file, or check the plan")
    resource = Resource(
        address="aws_s3_bucket.data",
        type="aws_s3_bucket",
        provider="aws",
        classes=Classes(frozenset({"bucket"})),
        tags=Tags((Tag("owner", cause), Tag("token", "hunter2", sensitive=True)), complete=False, cause=cause),
        location=Location("infra/train.tf", 8, 1, 10),
        block="aws_s3_bucket.data",
        scope="infra",
    )
    undecided = _finding(
        address="aws_s3_bucket.data",
        type="aws_s3_bucket",
        certainty=Certainty.UNDECIDED,
        cause=cause,
        help="",
        suggestions=(),
        location=Location("infra/train.tf", 8, 1, 10),
        fingerprint="b-1",
    )
    return Judgement(resource, Verdict.UNDECIDED, (undecided,))


def _others() -> tuple[Judgement, ...]:
    exempt = Resource("aws_s3_bucket.legacy", "aws_s3_bucket", location=Location("infra/old.tf", 1, 1))
    fine = Resource("aws_s3_bucket.good", "aws_s3_bucket", location=Location("infra/good.tf", 1, 1))
    role = Resource("aws_iam_policy_attachment.x", "aws_iam_policy_attachment", taggable=False)
    return (
        Judgement(fine, Verdict.COMPLIANT),
        Judgement(exempt, Verdict.EXEMPT, note="until 2027-03-01: moves to the new account"),
        Judgement(role, Verdict.NOT_APPLICABLE, note="cannot be tagged"),
    )


def _changed(report: Report, **changes: object) -> Report:
    """The report with fields of its own or of the gate's result replaced; `blocking="all"`: everything blocks."""
    names = {item.name for item in fields(report.result)}
    inner = {name: value for name, value in changes.items() if name in names}
    if inner.get("blocking") == "all":
        inner["blocking"] = report.result.findings
    outer = {name: value for name, value in changes.items() if name not in names}
    return replace(report, result=replace(report.result, **inner), **outer)


@pytest.fixture
def changed() -> Callable[..., Report]:
    return _changed


@pytest.fixture
def make_report(dictionary: Dictionary, tmp_path: Path) -> Callable[..., Report]:
    """A report of five kinds of resources; keywords replace its fields."""

    def make(judgements: tuple[Judgement, ...] | None = None, **changes: object) -> Report:
        folder = tmp_path / "infra"
        folder.mkdir(exist_ok=True)
        (folder / "train.tf").write_text(SOURCE)
        if judgements is None:
            judgements = (_trainer(0), _trainer(1), _bucket(), *_others())
        findings = tuple(item for judgement in judgements for item in judgement.findings)
        accepted = Accepted(
            _finding(address="aws_s3_bucket.legacy", location=Location("infra/old.tf", 1, 1), fingerprint="e-1"),
            "exemption",
            "moves to the new account",
            date(2027, 3, 1),
            "legacy",
            "jo",
        )
        result = GateResult(
            judgements=judgements,
            findings=findings,
            accepted=(accepted,),
            blocking=tuple(item for item in findings if item.certainty is Certainty.DEFINITE),
            problems=(),
            stale=(),
            scanned=True,
            on_unknown=UnknownPolicy.WARN,
        )
        report = Report(
            dictionary=dictionary,
            result=result,
            files=("infra/train.tf", "infra/locals.tf", "infra/old.tf", "infra/good.tf"),
            notes=(),
            today=date(2026, 11, 23),
            sources=Sources(tmp_path, ("infra/train.tf",)),
        )
        return _changed(report, **changes)

    return make


@pytest.fixture
def clean_report(make_report: Callable[..., Report]) -> Report:
    return make_report(_others()[:1], accepted=())


@pytest.fixture
def broken_report(make_report: Callable[..., Report]) -> Report:
    """One file could not be read; the rest was judged."""
    problem = Problem("infra/broken.tf", "expected a closing brace", 7, 3, "close the block that opens in line 2")
    return make_report(problems=(problem,))


@pytest.fixture
def hostile_report(make_report: Callable[..., Report], hostile: str) -> Report:
    """Every text that comes from outside is the hostile string."""
    cause = Unknown(hostile, hostile)
    where = Location(hostile, 1, 1, 1)
    tags = Tags((Tag(hostile, hostile, Origin("local", hostile, where)), Tag("owner", hostile)), False, cause)
    resource = Resource(
        hostile,
        hostile,
        classes=Classes(frozenset({hostile}), ((hostile, cause),)),
        tags=tags,
        bills=(Bill(hostile, tags, broken_hop=hostile, fix=hostile),),
        location=where,
        attributes=(("instance_type", (hostile,)),),
        block=hostile,
    )
    texts = {"address": hostile, "type": hostile, "message": f'owner = "{hostile}" is wrong', "key": hostile}
    texts |= {"value": hostile, "help": hostile, "requirement": hostile, "suggestions": (hostile,), "location": where}
    definite = _finding(**texts, fingerprint="h-1")
    undecided = _finding(**texts, certainty=Certainty.UNDECIDED, cause=cause, fingerprint="h-2")
    judgements = (
        Judgement(resource, Verdict.NON_COMPLIANT, (definite, undecided), note=hostile),
        Judgement(replace(resource, address=hostile + "2"), Verdict.EXEMPT, note=hostile),
    )
    return make_report(
        judgements,
        accepted=(Accepted(definite, "inline", hostile, None, hostile, hostile),),
        problems=(Problem(hostile, hostile, 1, 1, hostile),),
        notes=(hostile,),
        dictionary=Dictionary(name=hostile, version=hostile, keys=(Key(hostile), Key("owner"))),
    )
