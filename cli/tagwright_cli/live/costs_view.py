"""What tags cost, as text, JSON and CSV. An estimate says so wherever an amount is shown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tagwright_cli.sanitise import clean, short
from tagwright_cli.terminal import Style
from tagwright_cli.version import __version__
from tagwright_cli.wording import count
from tagwright_cli.wrapping import PROSE, wrap
from tagwright_dictionary.publishing.files import inert
from tagwright_drift.cells import Coverage
from tagwright_drift.dollars.allocation import Activation, AllocationTag
from tagwright_drift.dollars.dollars import Dollars
from tagwright_drift.dollars.model import ESTIMATE, FindingCost, Share, Since, Spend
from tagwright_drift.report.words import coverage_words
from tagwright_drift.runs.model import RunHeader

_APART = timedelta(days=35)
_CENT = Decimal("0.005")
SHOWN = 20
"""Findings, owners and tags that text lists; JSON and CSV have all of them."""

_WORDS = {
    Share.COMPLIANT: "compliant",
    Share.EXEMPT: "exempt",
    Share.UNTAGGED: "untagged: a required tag is missing",
    Share.MIS_TAGGED: "mis-tagged: a tag is wrong",
    Share.UNDECIDED: "undecided: tags could not be read",
    Share.NOT_SUBJECT: "no tag is asked of it",
    Share.UNSEEN: "on resources that no scan saw",
    Share.UNATTRIBUTED: "without a resource id",
}
CSV_COLUMNS = (
    "usd_per_day", "currency", "basis", "rule", "key", "name", "type", "owner", "resources", "first_seen",
    "since_billed", "since_projected", "address", "identity", "run", "period_start", "period_end",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the views need. `began` and `since` are by identity, where the history knows the finding."""

    dollars: Dollars
    run: RunHeader
    coverage: Coverage
    began: Mapping[str, datetime] = field(default_factory=dict)
    since: Mapping[str, Since] = field(default_factory=dict)
    allocation: tuple[AllocationTag, ...] = ()


def render_text(shown: Shown, style: Style) -> str:
    """For a person: coverage, the sums, who and what is behind them."""
    dollars = shown.dollars
    spend = dollars.spend
    width = min(style.width, PROSE)
    lines = [style.paint(line, "bold") for line in wrap(_title(shown), width)]
    lines += [*wrap(clean(coverage_words(shown.coverage)), width), ""]
    lines += [*_sums(spend, style), "", *wrap(_compliance(spend), width)]
    notes = (*_notes(spend), *_apart(spend, shown.run), *_partly(shown.run))
    lines += [line for note in notes for line in wrap(note, width, rest="  ")]
    lines += ["", *_section("owners, by untagged spend a day", _owners(dollars), width, style)]
    lines += _section("findings, by spend a day", _findings(shown), width, style)
    lines += _section("on resources that no scan saw, by service, a day", _unseen(dollars), width, style)
    lines += _section("billed with a tag that is not on the resource", _inherited(dollars), width, style)
    told = [each.message for each in shown.allocation if each.state is not Activation.ACTIVE]
    lines += _section("cost allocation tags", told, width, style)
    return "".join(f"{line.rstrip()}\n" for line in lines).rstrip("\n") + "\n"


def render_json(shown: Shown, style: Style) -> str:  # noqa: ARG001 - one signature for all views
    """For programs: everything; amounts are text, so that nothing is rounded."""
    return json.dumps(document(shown), ensure_ascii=False, indent=2) + "\n"


def render_csv(shown: Shown, style: Style) -> str:  # noqa: ARG001 - one signature for all views
    """A row a finding that has a cost, the dearest first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    spend = shown.dollars.spend
    for each in shown.dollars.findings():
        began, since = shown.began.get(each.identity), shown.since.get(each.identity)
        cells = (
            _plain(each.per_day),
            spend.currency,
            spend.basis,
            each.rule,
            each.key,
            each.name,
            each.type,
            each.owner,
            str(each.resources),
            began.isoformat() if began else "",
            _plain(since.billed) if since else "",
            _plain(since.projected) if since else "",
            each.address,
            each.identity,
            shown.run.id,
            spend.period.start.isoformat(),
            spend.period.end.isoformat(),
        )
        writer.writerow([inert(clean(cell)) for cell in cells])
    return out.getvalue()


VIEWS: dict[str, Callable[[Shown, Style], str]] = {"text": render_text, "json": render_json, "csv": render_csv}


def document(shown: Shown) -> dict[str, Any]:
    """Everything as plain values."""
    dollars = shown.dollars
    spend = dollars.spend
    return {
        "schema": 1,
        "tool": {"name": "tagwright", "version": __version__},
        "run": {"id": shown.run.id, "scope": shown.run.scope},
        "dictionary": {
            "name": shown.run.dictionary_name,
            "version": shown.run.dictionary_version,
            "digest": shown.run.dictionary_digest,
        },
        "coverage": {
            "planned": shown.coverage.planned,
            "required": shown.coverage.required,
            "complete": shown.coverage.complete,
            "lost": dict(shown.coverage.lost),
        },
        "basis": spend.basis,
        "currency": spend.currency,
        "period": {
            "start": spend.period.start.isoformat(),
            "end": spend.period.end.isoformat(),
            "days": _plain(spend.period.days),
        },
        "spend": {share.value: _plain(amount) for share, amount in spend.amounts},
        "total": _plain(spend.total),
        "taggable": _plain(spend.taggable),
        "compliance": {
            "of_total": None if spend.compliance_of_total is None else float(spend.compliance_of_total),
            "of_taggable": None if spend.compliance_of_taggable is None else float(spend.compliance_of_taggable),
        },
        "credits": _plain(spend.credits),
        "outside_period": _plain(spend.outside),
        "other_currencies": {name: _plain(amount) for name, amount in spend.foreign},
        "rows": spend.rows,
        "resources": {"seen": spend.seen, "with_cost": spend.resources},
        "owners": [
            {
                "owner": each.owner or None,
                "untagged_per_day": _plain(each.untagged),
                "mis_tagged_per_day": _plain(each.mis_tagged),
                "resources": each.resources,
            }
            for each in dollars.owners()
        ],
        "findings": [_finding(each, shown) for each in dollars.findings()],
        "unseen": [
            {"service": each.service, "ids": each.ids, "per_day": _plain(each.per_day)} for each in dollars.unseen()
        ],
        "billed_tags": [
            {
                "address": each.address,
                "name": each.name,
                "key": each.key,
                "billed_as": each.written,
                "value": each.value,
            }
            for each in dollars.inherited()
        ],
        "cost_allocation_tags": [
            {
                "key": each.key,
                "state": each.state.value,
                "since": each.since or None,
                "last_used": each.last_used or None,
                "why": each.why or None,
            }
            for each in shown.allocation
        ],
    }


def _finding(each: FindingCost, shown: Shown) -> dict[str, Any]:
    began, since = shown.began.get(each.identity), shown.since.get(each.identity)
    return {
        "identity": each.identity,
        "rule": each.rule,
        "key": each.key,
        "address": each.address,
        "name": each.name,
        "type": each.type,
        "owner": each.owner or None,
        "resources": each.resources,
        "per_day": _plain(each.per_day),
        "first_seen": began.isoformat() if began else None,
        "since": {"billed": _plain(since.billed), "projected": _plain(since.projected)} if since else None,
    }


def _title(shown: Shown) -> str:
    spend = shown.dollars.spend
    run = f"scan {short(shown.run.id)}, dictionary {short(shown.run.dictionary_name)} {shown.run.dictionary_version}"
    if spend.basis == ESTIMATE:
        return f"An estimate from a price file, a day, in {spend.currency}; {run}"
    days = f"{spend.period.days:.2f}".rstrip("0").rstrip(".")
    return (
        f"Billed from {spend.period.start:%Y-%m-%d %H:%M} to {spend.period.end:%Y-%m-%d %H:%M} UTC "
        f"({days} {'day' if days == '1' else 'days'}), amortised, in {short(spend.currency)}; {run}"
    )


def _sums(spend: Spend, style: Style) -> list[str]:
    head = f"{'':<38}{'a day':>16}{'of all':>10}"
    rows = [(words, spend.amount(share)) for share, words in _WORDS.items()]
    lines = [style.paint(head, "bold")]
    for words, amount in rows:
        if amount:
            lines.append(_row(words, amount, spend))
    lines.append(style.paint(_row("all", spend.total, spend), "bold"))
    return lines


def _row(words: str, amount: Decimal, spend: Spend) -> str:
    part = f"{amount / spend.total:>10.1%}" if spend.total else f"{'':>10}"
    return f"{words:<38}{_money(amount / spend.period.days, spend.currency):>16}{part}"


def _compliance(spend: Spend) -> str:
    whole, taggable = spend.compliance_of_total, spend.compliance_of_taggable
    parts = [] if whole is None else [f"{whole:.1%} of all spend is on resources with right tags"]
    parts += [] if taggable is None else [f"{taggable:.1%} of the spend that needs tags"]
    return f"{', '.join(parts)}." if parts else "no spend."


def _notes(spend: Spend) -> list[str]:
    notes = []
    if spend.basis == ESTIMATE:
        notes.append(
            f"note: estimate: {spend.resources:,} of {count(spend.seen, 'resource')} have a price, running all day; "
            "the rest is in no sum"
        )
    if spend.credits:
        notes.append(f"note: {_money(spend.credits, spend.currency)} of credits and refunds are in these sums")
    if spend.outside:
        notes.append(f"note: {_money(spend.outside, spend.currency)} lie outside the period and are left out")
    for name, amount in spend.foreign:
        notes.append(f"note: {short(name)} {amount:,.2f} are in another currency and left out")
    return notes


def _apart(spend: Spend, run: RunHeader) -> list[str]:
    """A bill is joined with what lives now: the further apart they are, the more of it finds nobody."""
    if spend.basis == ESTIMATE:
        return []
    started = run.started
    gap = max(started - spend.period.end, spend.period.start - started)
    if gap <= _APART:
        return []
    word = "ends" if started > spend.period.end else "begins"
    side = "before" if started > spend.period.end else "after"
    lived = "what lived only then counts as not seen, and tags are as the scan saw them"
    return [f"note: the bill {word} {count(gap.days, 'day')} {side} the scan: {lived}"]


def _partly(run: RunHeader) -> list[str]:
    """A scan that did not set out to see everything says little of a whole bill."""
    what = {"hot": "accelerators only", "narrowed": "some regions or types only"}.get(run.scope)
    return [] if what is None else [f"note: this scan looked at {what}: the rest of the bill counts as not seen"]


def _section(title: str, rows: list[str], width: int, style: Style) -> list[str]:
    if not rows:
        return []
    lines = [style.paint(title, "bold")]
    for row in rows[:SHOWN]:
        lines += wrap(clean(row, 600), width, first="  ", rest="      ")
    if len(rows) > SHOWN:
        lines.append("  and more (--format json lists all)")
    return [*lines, ""]


def _owners(dollars: Dollars) -> list[str]:
    currency = dollars.spend.currency
    rows = []
    for each in dollars.owners()[: SHOWN + 1]:
        wrong = f", {_money(each.mis_tagged, currency)} mis-tagged" if each.mis_tagged else ""
        who = short(each.owner) or "nobody known"
        rows.append(f"{_money(each.untagged, currency)}  {who}{wrong}, {count(each.resources, 'resource')}")
    return rows


def _findings(shown: Shown) -> list[str]:
    currency = shown.dollars.spend.currency
    rows = []
    for each in shown.dollars.findings():
        since, began = shown.since.get(each.identity), shown.began.get(each.identity)
        told = f"; {_money(since.total, currency)} since {began:%Y-%m-%d}" if since and began else ""
        many = f" and {each.resources - 1:,} more" if each.resources > 1 else ""
        rows.append(
            f"{_money(each.per_day, currency)}  {short(each.name)}{many} ({short(each.type)}): "
            f"{each.rule} {short(each.key)}{told}"
        )
        if len(rows) > SHOWN:
            break
    return rows


def _unseen(dollars: Dollars) -> list[str]:
    """Services of less than half a cent are one line: a page of $0.00 hides what costs."""
    currency = dollars.spend.currency
    every = dollars.unseen()
    told = [each for each in every if abs(each.per_day) >= _CENT]
    rows = [
        f"{_money(each.per_day, currency)}  {short(each.service) or 'no service named'}, {count(each.ids, 'id')}"
        for each in told[: SHOWN + 1]
    ]
    if len(told) < len(every) and len(rows) < SHOWN:
        rows.append(f"and {count(len(every) - len(told), 'service')} of less than a cent")
    return rows


def _inherited(dollars: Dollars) -> list[str]:
    rows = []
    for each in dollars.inherited():
        rows.append(f"{short(each.name)}: {short(each.key)} is billed as {short(each.written)} = {short(each.value)}")
        if len(rows) > SHOWN:
            break
    return rows


def _money(amount: Decimal, currency: str) -> str:
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount):,.2f}" if currency == "USD" else f"{sign}{abs(amount):,.2f} {short(currency)}"


def _plain(amount: Decimal) -> str:
    """Exactly, and without an exponent."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
