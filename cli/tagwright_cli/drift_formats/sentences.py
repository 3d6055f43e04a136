"""Sentences that text and Markdown share."""

from __future__ import annotations

from tagwright_cli.sanitise import short
from tagwright_drift.report import words
from tagwright_drift.report.model import Item, Measure, ReportData


def measure_words(data: ReportData, measure: Measure) -> str:
    """A share with everything that belongs to it, in one or two sentences."""
    spend = measure.name == "spend_compliance"
    what = "of spend on taggable resources is attributable" if spend else "of resources carry the tags they need"
    text = f"{words.share_words(measure.share)} {what}"
    if measure.target is not None:
        gap = words.gap_words(measure)
        text += f"; target {measure.target.green:g}%, {words.light_word(measure.light)}{f', {gap}' if gap else ''}"
    if measure is data.headline:
        moves = [
            f"{moved} in {days} days"
            for days, change in ((30, data.trend.change_30), (90, data.trend.change_90))
            if (moved := words.points_words(change))
        ]
        text += f"; {', '.join(moves)}" if moves else ""
    text += "."
    total = data.measure("spend_of_total")
    if spend and total.share is not None and total.whole is not None:
        text += f" {words.share_words(total.share)} of all spend, which is {words.money(total.whole)} a day."
    if spend and data.untagged_usd is not None:
        basis = f", {words.basis_words(data)}" if data.basis else ""
        text += f" {words.money(data.untagged_usd)} a day is untagged{basis}."
    return text


def change_words(data: ReportData) -> str:
    changes = data.changes
    if changes.since is None:
        if data.run.scope == "narrowed":  # some regions or types are no measure of others
            return "none to tell: a narrowed scan is compared with no other."
        return "none to tell: this is the first scan."
    counts = f"{changes.new:,} new, {changes.regressed:,} came back, {changes.resolved:,} resolved"
    counts += f", {changes.retired:,} retired" if changes.retired else ""
    return f"{counts} since {words.moment(changes.since)}."


def owner_words(item: Item) -> str:
    """Who answers, and what that rests on."""
    if not item.owner:
        return "nobody known"
    return (
        short(item.owner)
        if item.owner_basis == "tag"
        else f"probably {short(item.owner)}, from {short(item.owner_basis)}"
    )


def provenance_words(data: ReportData) -> tuple[str, ...]:
    """Which scan, which dictionary, which tool, when."""
    run = data.run
    first = f"{words.run_words(run)} ({run.id}), dictionary {words.dictionary_words(run)}."
    later = f" Findings of the later {words.run_words(data.newest)} are in it." if data.newest is not None else ""
    made = f"Made {words.moment(data.now)} by tagwright {data.tool_version}; money in US dollars."
    only = (f"Only findings of {short(data.owner)}; the shares are of everything.",) if data.owner else ()
    return (f"{first[0].upper()}{first[1:]}{later}", made, *only)
