"""Words that several text-like formats share: counts, origins, lists."""

from __future__ import annotations

from collections.abc import Iterable

from tagwright_cli.report import Report
from tagwright_cli.sanitise import short
from tagwright_dictionary.model import Certainty, Finding, Location, Origin, Resource, Severity, Tag, Unknown, Verdict
from tagwright_policies.result import Accepted

_KINDS = {"default_tags": "default_tags", "propagated": "propagated", "stack": "stack tags", "plan": "", "live": "live"}


def count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(items: Iterable[str], most: int) -> str:
    """`a, b, c` with at most that many items, the rest counted."""
    everything = list(items)
    rest = len(everything) - most
    return ", ".join(everything[:most]) + (f" and {rest:,} more" if rest > 0 else "")


def origin_words(origin: Origin | None, near: Location | None) -> str:
    """Where a tag comes from, in the words of the source: "local.common, locals.tf:3". A tag that stands on the
    resource itself has only its place. A file beside `near` is named without its folder.
    """
    if origin is None:
        return ""
    name = origin.name
    if origin.kind == "resource":
        words = ""
    elif origin.kind == "default_tags":
        alias = name.removeprefix("provider.")
        words = f"default_tags of {alias}" if "." in alias else "default_tags"
    elif origin.kind == "propagated":
        words = f"propagated from {name}" if name else "propagated"
    else:
        words = name or _KINDS.get(origin.kind, origin.kind)
    where = origin.location
    place = f"{_beside(where.path, near)}:{where.line}" if where and where.line else ""
    return short(", ".join(part for part in (words, place) if part))


def _beside(path: str, near: Location | None) -> str:
    folder, _, name = path.rpartition("/")
    return name if near is not None and near.path.rpartition("/")[0] == folder else path


def value_words(tag: Tag) -> str:
    """The value as it may be shown: quoted, "(sensitive)", or why it is not known."""
    if tag.sensitive:
        return "(sensitive)"
    if isinstance(tag.value, Unknown):
        return f"unknown: {short(tag.value.cause)}"
    return f'"{short(tag.value)}"'


def made_of(resource: Resource) -> str:
    """What a resource is, beside its address: "p5.48xlarge, gpu"."""
    known = [value for _, values in resource.attributes for value in values if isinstance(value, str) and value]
    names = [*dict.fromkeys(known), *sorted(resource.classes.certain)]
    names += [f"perhaps {name}" for name, _ in resource.classes.possible]
    return ", ".join(short(name) for name in names[:6])


def severity_word(finding: Finding) -> str:
    """The first word of a finding's line: its severity, or that it is undecided."""
    return "undecided" if finding.certainty is Certainty.UNDECIDED else finding.severity.value


def severities(report: Report) -> str:
    """As `2 errors, 1 warning`."""
    counts = report.result.severities
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    return ", ".join(count(counts[severity], name) for severity, name in names.items() if counts[severity])


def headline(report: Report) -> str:
    """The verdict in one sentence: "blocked: 1 of 14 resources (2 errors)."."""
    total = len(report.result.judgements)
    broken = report.result.verdicts[Verdict.NON_COMPLIANT]
    counts = severities(report)
    detail = f" ({counts})" if counts else ""
    if report.result.problems:
        files = count(len(report.result.problems), "problem")
        found = f"; {broken:,} of {count(total, 'resource')} not compliant{detail}" if broken else ""
        return f"not complete: {files} while reading{found}."
    if report.result.exit_code == 1:
        blocked = len({finding.address for finding in report.result.blocking})
        return f"blocked: {blocked:,} of {count(total, 'resource')}{detail}."
    return f"clean: {count(total, 'resource')}{detail}."


def breakdown(report: Report, *, all_of_them: bool = False) -> str:
    """The verdicts that the headline leaves out (or all of them): "11 compliant, 1 exempt."."""
    parts = [
        (report.result.verdicts[Verdict.NON_COMPLIANT] if all_of_them else 0, "not compliant"),
        (report.result.verdicts[Verdict.COMPLIANT], "compliant"),
        (report.result.verdicts[Verdict.UNDECIDED], "undecided"),
        (report.result.verdicts[Verdict.EXEMPT], "exempt"),
        (report.result.verdicts[Verdict.NOT_APPLICABLE], "not subject to a rule"),
    ]
    words = ", ".join(f"{number:,} {word}" for number, word in parts if number)
    if not all_of_them and report.result.verdicts[Verdict.COMPLIANT] == len(report.result.judgements):
        return ""  # "clean: 15 resources." says it
    return f"{words}." if words else ""


def accepted_words(item: Accepted) -> str:
    """Why a finding does not count: `moves to the new account (approved by jo, until 2027-03-01)`."""
    parts = [f"approved by {item.approver}" if item.approver else "", f"until {item.until}" if item.until else ""]
    detail = ", ".join(part for part in parts if part)
    return f"{item.reason} ({detail})" if detail else item.reason


def dictionary_words(report: Report) -> str:
    dictionary = report.dictionary
    digest = f" ({dictionary.digest[:8]})" if dictionary.digest else ""
    return short(f"{dictionary.name} {dictionary.version}{digest}")
