"""The next step: what to write for a missing key, where, and how to decide what is undecided."""

from __future__ import annotations

from datetime import date

from tagwright_dictionary.dictionary import Requirement, Value
from tagwright_dictionary.judging.case import Case, Lens
from tagwright_dictionary.judging.data import WORDING
from tagwright_dictionary.judging.index import ReadyRequirement
from tagwright_dictionary.judging.text import alternatives, plain, plural, quoted
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.model import NO_TAGS, Severity, Unknown

_CLASSES: dict[str, str] = WORDING["classes"]
_OFFERED = 5

# Where one line serves all resources of a provider (Terraform only).
_DEFAULTS = {"aws": "default_tags", "google": "default_labels", "google-beta": "default_labels"}


def label(case: Case, ready: ReadyRequirement) -> str:
    """What the requirement is about, for this resource: `on GPU nodes when environment is prod`."""
    selector = ready.requirement.selector
    classes = case.resource.classes
    chosen = [name for name in selector.classes if name in classes.certain]
    chosen += [name for name, _ in classes.possible if name in selector.classes]
    if selector.everything:
        target = "on every resource"
    elif chosen:
        target = f"on {_CLASSES.get(chosen[0], plain(chosen[0]))}"
    else:
        target = f"on {plain(case.resource.type)}"
    tags = (lens.tag(key.name) for lens in case.lenses for key, _ in ready.when)
    if not ready.when or any(tag is not None and tag.sensitive for tag in tags):
        return target
    terms = [f"{plain(key)} is {alternatives(values)}" for key, values in ready.requirement.when.terms if values]
    return f"{target} when {' and '.join(terms)}"


def until_error(requirement: Requirement, today: date) -> str:
    """`, and an error from 2027-01-01` for what is not one yet."""
    starts = requirement.becomes_error
    if starts is None or today >= starts or requirement.severity is Severity.ERROR:
        return ""
    return f", and an error from {starts.isoformat()}"


def missing_suggestions(case: Case, lens: Lens, key: KeyCheck) -> tuple[str, ...]:
    """Values ready to paste for a missing key: those its neighbours point to, the default, the approved ones."""
    related = [value for _, values in _related(case, lens, key) for value in values]
    known = [key.key.default] if key.key.default else []
    approved = [] if related else [value.value for value in key.current[:_OFFERED]]
    examples = [] if related or approved else list(key.key.examples[:3])
    return tuple(dict.fromkeys([*related, *known, *approved, *examples]))[:_OFFERED]


def missing_help(case: Case, lens: Lens, key: KeyCheck, cause: Unknown | None) -> str:
    """The next step for a missing key."""
    if cause is not None and cause.hint:
        return _sentence(plain(cause.hint, 200))
    name = plain(case.spelled(key.name))
    similar = _similar(case, lens, key)
    if similar:
        return f"found {quoted(similar)}: rename it to {name}."
    sentences = []
    for source, values in _related(case, lens, key):
        described = ", ".join(_titled(key, value) for value in values[:_OFFERED])
        sentences.append(f"{plural(key.name)} of {source}: {described}.")
    if not sentences and key.offer():
        sentences.append(_sentence(key.offer()))
    sentences.append(f"Add it here{_once_for_all(case)}.")
    return " ".join(sentences)


def _related(case: Case, lens: Lens, key: KeyCheck) -> list[tuple[str, tuple[str, ...]]]:
    """What the values of other keys say about this one: ("team vision", ("cc-4100", "cc-4110"))."""
    wanted = {
        (match.of.name, match.match.relation)
        for ready, _ in case.selected
        for match in ready.matches
        if match.key is key
    }
    found = []
    for name, check in case.index.checks.items():
        tag = lens.tag(name)
        if check is key or not check.closed or tag is None or tag.sensitive or not isinstance(tag.value, str):
            continue
        row = check.row(tag.value)
        if row is None:
            continue
        relations = [relation for of, relation in sorted(wanted) if of == name] or [key.name]
        values = tuple(value for relation in relations for value in _relation(row, relation) if key.accepts(value))
        if values:
            found.append((f"{plain(name)} {plain(row.value)}", values))
    return found


def _relation(row: Value, relation: str) -> tuple[str, ...]:
    return row.relation(relation) or ((row.owner,) if relation == "owner" and row.owner else ())


def _titled(key: KeyCheck, value: str) -> str:
    row = key.approved.get(value)
    return f"{plain(value)} {plain(row.title)}" if row is not None and row.title else plain(value)


def _similar(case: Case, lens: Lens, key: KeyCheck) -> str:
    bill = lens.bill.bill if lens.bill is not None else None
    reaching = bill.tags if bill is not None else NO_TAGS
    for tags in (case.resource.tags, reaching):
        for tag in tags.items:
            if tag.key not in case.cloud.exact and case.cloud.similar(tag.key) is key:
                return tag.key
    return ""


def _once_for_all(case: Case) -> str:
    resource = case.resource
    setting = _DEFAULTS.get(resource.provider)
    if setting is None or not resource.framework.startswith("terraform"):
        return ""
    for tag in resource.tags.items:
        if tag.origin is not None and tag.origin.kind == "default_tags":
            place = tag.origin.location
            where = f" ({plain(place.path, 160)}:{place.line})" if place is not None else ""
            return f", or once for all resources in provider {setting}{where}"
    return f", or once for all resources in provider {setting}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
