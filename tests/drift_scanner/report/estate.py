"""Histories to report on, made without a scan: realistic ones of any size, and one that is hostile in every field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone

from tagwright_drift.cells import Cell, CellResult, CellState, coverage
from tagwright_drift.history.records import (
    AgeBasis,
    Event,
    EventKind,
    FindingRecord,
    FindingState,
    RunRecord,
)
from tagwright_drift.identity import identity
from tagwright_drift.levels import Deadline
from tagwright_drift.report.clocks import Deadlines

NOW = datetime(2026, 11, 26, 15, 30, tzinfo=timezone(timedelta(hours=1)))
STARTED = datetime(2026, 11, 26, 13, 5, tzinfo=UTC)
DIGEST = "1f2e3d4c" + "0" * 56

HOSTILE = (
    "<script>document.title='owned'</script>",
    "</script><script>document.title='owned'</script>",
    "</title><img src=x onerror=\"document.title='owned'\">",
    "\"' onmouseover='document.title=1' x=\"",
    "--></style></textarea>]]><svg onload=alert(1)>",
    '=HYPERLINK("http://evil.example","x")',
    "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", 'a,b;c"d',
    "a\u202eevil\u2066b", "zero\u200bwidth", "line\u2028sep\u2029", "nul\x00\x1b[31mred\x1b]8;;http://evil\x07",
    "new\nline\r\n::error::owned", "##vso[task.setvariable]x", "| a | b |", "**bold** _it_ `code` ~~s~~",
    "[link](javascript:alert(1))", "![img](http://evil.example/x.png)", "@everyone #1 https://evil.example",
    "<!channel> <@U1> <http://evil.example|x>", "${VALUE}", "$(touch /tmp/owned)", "`touch /tmp/owned`",
    "'; touch /tmp/owned; '",
    "{{7*7}}", "{% raw %}", "&lt;b&gt;", "javascript:alert(1)", "x" * 3000, "lone\ud800surrogate",
    " ", "~", "東京", "e\u0301",
)  # fmt: skip


@dataclass
class History:
    """A `HistoryReader` over lists."""

    ran: list[RunRecord] = field(default_factory=list)
    records: list[FindingRecord] = field(default_factory=list)
    happened: dict[str, list[Event]] = field(default_factory=dict)
    ledger: dict[str, list[CellResult]] = field(default_factory=dict)

    def runs(self) -> tuple[RunRecord, ...]:
        return tuple(self.ran)

    def findings(self, *, open_only: bool = True) -> Iterator[FindingRecord]:
        return (each for each in self.records if not open_only or each.state is FindingState.OPEN)

    def events(self, run: str) -> Iterator[Event]:
        return iter(self.happened.get(run, ()))

    def cells(self, run: str) -> Iterator[CellResult]:
        return iter(self.ledger.get(run, ()))


def run_of(
    number: int, *, started: datetime, cells: list[CellResult], scope: str = "full", **metrics: float
) -> RunRecord:
    return RunRecord(
        id=f"{started:%Y%m%dT%H%M%SZ}-{number:08x}",
        scope=scope,
        started=started,
        ended=started + timedelta(minutes=41),
        killed=False,
        inventory="aws",
        tool_version="0.1.0",
        dictionary_name="acme-ml",
        dictionary_version="2.3.0",
        dictionary_digest=DIGEST,
        coverage=coverage(cells),
        metrics=tuple(sorted(metrics.items())),
    )


def finding(number: int, /, **changes: object) -> FindingRecord:
    """One finding; whatever is not given is that of an untagged GPU node group."""
    name = str(changes.get("name", f"trainer-{number}"))
    rule, key = str(changes.get("rule", "missing-tag")), str(changes.get("key", "cost-center"))
    address = str(changes.get("address", f"arn:aws:ec2:eu-west-1:111122223333:instance/i-{number:017x}"))
    made = FindingRecord(
        identity=identity(address, rule, key),
        rule=rule,
        key=key,
        severity="error",
        certainty="definite",
        message=f"{key} is required on GPU nodes",
        help="cost centers of team vision: cc-4100 Research, cc-4110 Production. Add it here.",
        suggestions=("cc-4100", "cc-4110"),
        value=None,
        requirement="accountable-ai-spend",
        cause="",
        address=address,
        name=name,
        type="aws_instance",
        account="111122223333",
        region="eu-west-1",
        cell_region="eu-west-1",
        classes=("gpu",),
        possible_classes=(),
        attributes=(("instance_type", "p5.48xlarge"),),
        group="",
        members=1,
        tags=(("environment", "prod"), ("workload", "training")),
        probable=(),
        chain="",
        created=STARTED - timedelta(hours=31),
        first_seen=NOW - timedelta(hours=31),
        age_basis=AgeBasis.CREATED,
        last_seen=STARTED,
        state=FindingState.OPEN,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def levels(record: FindingRecord) -> Deadline | None:
    """48 hours for GPU in production, 14 days for errors, none for the rest; perhaps 48 where no tag says."""
    tags = dict(record.tags)
    if "gpu" in record.classes and tags.get("environment", "prod") == "prod":
        return Deadline(
            record.first_seen + timedelta(hours=48),
            48,
            "critical",
            "environment" in tags,
            "" if "environment" in tags else "if environment is prod",
        )
    if record.severity == "error":
        return Deadline(record.first_seen + timedelta(days=14), 336, "medium", certain=True)
    return None


LEVELS: Deadlines = levels

_KINDS = (
    ("aws_instance", "arn:aws:ec2:{region}:{account}:instance/i-{n:017x}", ("gpu",), "trainer-{n}", 90.35),
    ("aws_s3_bucket", "arn:aws:s3:::{name}", ("bucket",), "datasets-{n}", 1.7),
    ("aws_lambda_function", "arn:aws:lambda:{region}:{account}:function:{name}", ("function",), "embed-{n}", 0.13),
    ("aws_sagemaker_endpoint", "arn:aws:sagemaker:{region}:{account}:endpoint/{name}", ("ai-service",), "r-{n}", 25.1),
    ("aws_ebs_volume", "arn:aws:ec2:{region}:{account}:volume/vol-{n:017x}", (), "scratch-{n}", 0.35),
    ("aws_eks_node_group", "arn:aws:eks:{region}:{account}:nodegroup/ml/{name}/{n}", ("gpu",), "gpu-nodes-{n}", 196.0),
)  # fmt: skip
_ACCOUNTS = ("111122223333", "444455556666", "777788889999", "101112131415")
_REGIONS = ("eu-west-1", "us-east-1", "us-west-2", "ap-northeast-1")
_OWNERS = (
    "ml-vision@acme.example", "search-ranking@acme.example", "speech@acme.example", "platform@acme.example",
    "fraud@acme.example", "growth@acme.example", "",
)  # fmt: skip
_RULES = (
    ("missing-tag", "cost-center", "cost-center is required on {what}", None, ("cc-4100", "cc-4110")),
    ("missing-tag", "owner", "owner is required on {what}", None, ()),
    ("value-not-allowed", "workload", 'workload = "trainng" is not approved', "trainng", ("training",)),
    ("missing-tag", "workload", "workload is required on {what}", None, ("training", "inference", "data-prep")),
    ("placeholder-value", "owner", 'owner = "todo" only pretends to be a value', "todo", ()),
    ("unreached", "cost-center", "cost-center is on the node group but does not reach its instances", "cc-4100", ()),
    ("deprecated-value", "cost-center", "cc-4000 is accepted until 2026-12-31; use cc-4100", "cc-4000", ("cc-4100",)),
    ("mismatched-tags", "cost-center", "cost-center cc-4200 is not one of team vision", "cc-4200", ("cc-4100",)),
)  # fmt: skip
_WHAT = {"gpu": "GPU nodes", "bucket": "buckets", "function": "functions", "ai-service": "AI services"}


def many(count: int, *, costs: bool = True) -> list[FindingRecord]:
    """That many findings of all kinds, the same for the same count."""
    made = []
    for number in range(count):
        kind, arn, classes, name, usd = _KINDS[number * 7 % 6]
        rule, key, message, value, suggestions = _RULES[number * 5 % 8]
        account, region = _ACCOUNTS[number * 3 % 4], _REGIONS[number // 3 % 4]
        name = name.format(n=number)
        owner = _OWNERS[number * 11 % 7] if key != "owner" else ""
        tags = [("environment", ("prod", "staging", "dev")[number % 3])] if number % 5 else []
        tags += [("owner", owner)] if owner else []
        what = _WHAT[classes[0]] if classes else "every resource"
        probable = (("cost-center", "cc-4110", "node group ng-1"),) if number % 9 == 0 else ()
        begun = NOW - timedelta(hours=3 + number * 37 % 1900, seconds=number * 601 % 3_600, microseconds=number * 7)
        usd_per_day = round(usd * (1 + number % 13 / 10), 2) if costs and number % 4 else None
        made.append(
            finding(
                number,
                rule=rule,
                key=key,
                name=name,
                type=kind,
                address=arn.format(region=region, account=account, n=number, name=name),
                message=message.format(what=what),
                value=value,
                suggestions=suggestions,
                account=account,
                region=region,
                cell_region=region,
                classes=classes,
                severity="warning" if number % 6 == 4 else "error",
                certainty="undecided" if number % 17 == 16 else "definite",
                cause="its tags could not be read" if number % 17 == 16 else "",
                tags=tuple(sorted(tags)),
                probable=probable,
                chain="node group ng-1 carries cost-center; it stops there: no launch template tags its instances"
                if rule == "unreached"
                else "",
                group=f"asg:batch-{number}" if number % 23 == 0 else "",
                members=12 if number % 23 == 0 else 1,
                created=begun if number % 2 else None,
                first_seen=begun.astimezone(UTC),
                age_basis=AgeBasis.CREATED if number % 2 else AgeBasis.FIRST_OBSERVED,
                last_seen=STARTED - timedelta(days=7) if number % 29 == 0 else STARTED,
                regressions=1 if number % 31 == 0 else 0,
                usd_per_day=usd_per_day,
                usd_basis="billed" if usd_per_day is not None else "",
            )
        )
    return made


def cells(seen: int, *, blocked: int = 0, throttled: int = 0, off: int = 0) -> list[CellResult]:
    """A ledger of that many cells in each state."""
    ended = (
        [(CellState.COMPLETE, "", "")] * seen
        + [(CellState.DENIED, "scp", "explicit deny in a service control policy for sagemaker:ListEndpoints")] * blocked
        + [(CellState.THROTTLED, "", "ThrottlingException for lambda:ListFunctions after 6 tries")] * throttled
        + [(CellState.REGION_DISABLED, "", "the account has not opted in to the region")] * off
    )
    types = [kind[0] for kind in _KINDS]
    return [
        CellResult(
            Cell(f"{100000000000 + number // 60:012d}", _REGIONS[number // 6 % 4], types[number % 6]),
            state,
            reason,
            refused_by,
            resources=3 if state is CellState.COMPLETE else 0,
        )
        for number, (state, refused_by, reason) in enumerate(ended)
    ]


def estate(count: int, *, weeks: int = 14, costs: bool = True, whole: bool = False, resolved: int = 30) -> History:
    """A history of weekly full scans that ends with `count` open findings."""
    history = History()
    ledger = cells(31_204, blocked=0 if whole else 2_640, throttled=0 if whole else 156, off=1_900)
    for week in range(weeks):
        back = weeks - 1 - week
        share = 0.914 - back * 0.0095 + (0.012 if back % 4 == 1 else 0.0)
        total, taggable = 52_300.0 + week * 120, 48_210.0 + week * 100
        bad, rest = taggable * (1 - share), total - taggable
        spend = {
            "spend_total": total,
            "spend_taggable": taggable,
            "spend_compliant": taggable * share,
            "spend_untagged": bad * 0.7,
            "spend_mis_tagged": bad * 0.25,
            "spend_undecided": bad * 0.05,
            "spend_exempt": 0.0,
            "spend_not_subject": rest * 0.2,
            "spend_unseen": rest * 0.3,
            "spend_unattributed": rest * 0.5,
        }
        history.ran.append(
            run_of(
                week,
                started=STARTED - timedelta(days=7 * back),
                cells=ledger,
                compliant=81_000.0 + week * 220,
                non_compliant=9_800.0 - week * 190,
                undecided=310.0,
                resources=93_612.0,
                open=float(count + back * 23),
                new=12.0,
                resolved=30.0,
                **(spend if costs else {}),
            )
        )
    history.records = many(count, costs=costs)
    last = history.ran[-1].id
    history.ledger[last] = ledger
    history.happened[last] = [
        Event(last, each.identity, EventKind.NEW if number % 40 else EventKind.REGRESSED, STARTED)
        for number, each in enumerate(history.records)
        if number % 20 == 0
    ]
    if weeks > 1:
        gone = [
            finding(
                1_000_000 + number,
                name=f"indexer-{number}",
                state=FindingState.RESOLVED,
                resolved_at=STARTED,
                usd_per_day=12.5 * number if costs else None,
                usd_basis="billed" if costs else "",
            )
            for number in range(resolved)
        ]
        history.records += gone
        history.happened[last] += [Event(last, each.identity, EventKind.RESOLVED, STARTED) for each in gone]
    return history


def hostile() -> History:
    """Every hostile text in every field that takes text."""
    history = estate(0, weeks=2, resolved=0)
    last = history.ran[-1]
    history.ran[-1] = replace(
        last,
        dictionary_name=HOSTILE[1],
        dictionary_version=HOSTILE[2],
        dictionary_digest=HOSTILE[0],
        inventory=HOSTILE[3],
    )
    history.ledger[last.id] = [CellResult(Cell(text, text, text), CellState.ERROR, text, "") for text in HOSTILE]
    for number, text in enumerate(HOSTILE):
        history.records.append(
            finding(
                number,
                name=text,
                message=text,
                help=text,
                value=text,
                suggestions=(text,),
                address=f"arn:aws:x:::{text}",
                type=text,
                account=text,
                region=text,
                group="" if number % 2 else f"asg:{text}",
                tags=(("owner", text), (text, text)),
                probable=((text, text, text), ("cost-center", text, text)),
                chain=text,
                cause=text,
                requirement=text,
                classes=(text,),
                attributes=((text, text),),
                rule="missing-tag" if number % 3 else text,
                key="cost-center" if number % 3 else text,
            )
        )
    return history
