"""`mismatched-tags`: a cross-tag rule is broken: a value does not belong to another's, or exclusive keys meet."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.judging.case import Case, Draft, Lens
from tagwright_dictionary.judging.index import ReadyMatch, ReadyRequirement
from tagwright_dictionary.judging.kleene import Truth, both
from tagwright_dictionary.judging.text import SENSITIVE, listed, plain, quoted
from tagwright_dictionary.judging.values import DEPRECATED, KeyCheck
from tagwright_dictionary.model import Unknown

RULE = "mismatched-tags"


def check(case: Case) -> Iterator[Draft]:
    for lens, ready, truth in case.applied:
        for match in ready.matches:
            fires = both(truth, _mismatched(match, lens))
            if fires is not False:
                yield _mismatch(case, lens, ready, match, fires)
        for group in ready.exclusive:
            fires = both(truth, _together(group, lens))
            if fires is not False:
                yield _exclusive(case, lens, ready, group, fires)


def _mismatched(match: ReadyMatch, lens: Lens) -> Truth:
    """Whether the value is outside what the other key's value allows.

    A value that is refused for itself is not refused again here; a value of `of` that is not approved, or that names
    no values of `key`, allows any.
    """
    if not match.rows:
        return False
    value, of = lens.value(match.key.name), lens.value(match.of.name)
    if value is None or of is None:
        return False
    if isinstance(value, str):
        value = match.key.canonical(value)
        fault = match.key.fault(value)
        if (fault is not None and fault.rule != DEPRECATED) or value in match.always:
            return False
    if isinstance(of, str):
        allowed = match.rows.get(match.of.canonical(of))
        if allowed is None:
            return False
        if isinstance(value, str):
            return value not in allowed
        return False if match.key.closed and match.key.approved.keys() <= set(allowed) else value
    if isinstance(value, Unknown) and match.key.closed and match.key.approved.keys() <= match.always:
        return False
    return of


def _mismatch(case: Case, lens: Lens, ready: ReadyRequirement, match: ReadyMatch, fires: Truth) -> Draft:
    tag, of_tag = lens.tag(match.key.name), lens.tag(match.of.name)
    name, of_name = plain(case.spelled(match.key.name)), plain(case.spelled(match.of.name))
    value, of = lens.value(match.key.name), lens.value(match.of.name)
    cause = fires if isinstance(fires, Unknown) else None
    hides, of_hides = tag is not None and tag.sensitive, of_tag is not None and of_tag.sensitive
    allowed: tuple[str, ...] = ()
    if isinstance(of, str) and not of_hides:
        allowed = match.rows.get(match.of.canonical(of), ())
    if isinstance(value, str) and isinstance(of, str):
        shown = SENSITIVE if hides else quoted(value)
        message = f"{name} = {shown} does not belong to {of_name} {SENSITIVE if of_hides else quoted(of)}"
        message += ", and may have to" if cause else ""
    else:
        message = f"{name} cannot be checked against {of_name}"
    help_text = f"allowed for this {of_name}: {listed([_titled(match.key, each) for each in allowed])}."
    if not allowed:
        help_text = plain(cause.hint, 200) if cause and cause.hint else f"make {name} and {of_name} belong together."
    return Draft(
        RULE,
        ready.requirement.severity_on(case.today),
        match.key.name,
        message,
        help=help_text,
        suggestions=allowed[:5],
        value=value if isinstance(value, str) and not hides else None,
        cause=cause,
        requirement=ready.requirement.id,
        order=ready.order,
        location=case.tag_location(tag),
        discriminator="" if hides or of_hides or cause else f"{value}|{of}",
    )


def _titled(key: KeyCheck, value: str) -> str:
    row = key.approved.get(value)
    return f"{value} {row.title}" if row is not None and row.title else value


def _together(group: tuple[KeyCheck, ...], lens: Lens) -> Truth:
    """Whether two or more keys of the group are present."""
    present, unknown = 0, []
    for key in group:
        truth = lens.has(key.name)
        if isinstance(truth, Unknown):
            unknown.append(truth)
        elif truth:
            present += 1
    if present >= 2:
        return True
    return unknown[0] if present + len(unknown) >= 2 else False


def _exclusive(case: Case, lens: Lens, ready: ReadyRequirement, group: tuple[KeyCheck, ...], fires: Truth) -> Draft:
    """Filed under the group's first key, whichever are present, so that it stays one finding when more is known."""
    cause = fires if isinstance(fires, Unknown) else None
    names = [case.spelled(key.name) for key in group]
    present = [case.spelled(key.name) for key in group if lens.has(key.name) is True]
    if cause is None:
        message = f"{' and '.join(plain(name) for name in present)} exclude each other"
    else:
        message = f"only one of {listed(names)} may be set"
    tags = (lens.tag(key.name) for key in group if lens.has(key.name) is True)
    return Draft(
        RULE,
        ready.requirement.severity_on(case.today),
        group[0].name,
        message,
        help=plain(cause.hint, 200) if cause and cause.hint else f"keep one of {listed(names)}.",
        cause=cause,
        requirement=ready.requirement.id,
        order=ready.order,
        location=case.tag_location(next(tags, None)),
    )
