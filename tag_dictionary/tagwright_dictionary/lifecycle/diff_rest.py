"""Comparing what is neither key nor requirement: the head, spellings on clouds, service levels, exemptions."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.dictionary import Dictionary, Exemption, ServiceLevel, UnknownPolicy
from tagwright_dictionary.judging.text import plain, quoted
from tagwright_dictionary.lifecycle.changes import Kind
from tagwright_dictionary.lifecycle.drafts import Draft, Pair, conditions, listed, reworded, selected
from tagwright_dictionary.lifecycle.focus import Focus, focuses
from tagwright_dictionary.lifecycle.versions import Bump

_POLICY = {UnknownPolicy.IGNORE: 0, UnknownPolicy.WARN: 1, UnknownPolicy.FAIL: 2}
_WHERE = ("addresses", "types", "paths", "accounts", "rules", "keys")


def head_of(pair: Pair) -> Iterator[Draft]:
    """Name, contacts, the policy for what is not known, and placeholders."""
    old, new = pair.old, pair.new
    if old.name != new.name:
        message = f"the dictionary {quoted(old.name)} is called {quoted(new.name)}"
        yield Draft(Kind.RENAMED, "name", message, before=old.name, after=new.name)
    if old.contacts != new.contacts:
        yield reworded("contacts", "the list of contacts", listed(old.contacts, ""), listed(new.contacts, ""))
    if old.unknown != new.unknown:
        # No tags that are known pass or fail by it; a gate that blocks what it let through breaks all the same.
        stricter = _POLICY[new.unknown] > _POLICY[old.unknown]
        blocks = stricter and new.unknown is UnknownPolicy.FAIL
        message = f"what cannot be decided: {old.unknown} becomes {new.unknown}" + (", which blocks" if blocks else "")
        bump = Bump.MAJOR if blocks else Bump.MINOR
        yield Draft(Kind.CHANGED, "unknown", message, bump, old.unknown.value, new.unknown.value)
    if set(old.placeholders) != set(new.placeholders):
        more = [word for word in new.placeholders if word not in old.placeholders]
        less = [word for word in old.placeholders if word not in new.placeholders]
        parts = [f"{listed(more)} only pretend to be values" if more else "", f"{listed(less)} do not" if less else ""]
        draft = Draft(Kind.CHANGED, "placeholders", "; ".join(part for part in parts if part), owner="placeholders")
        draft.before, draft.after = listed(old.placeholders, ""), listed(new.placeholders, "")
        draft.tightens = [Focus((key.name,)) for key in old.keys if more]
        draft.loosens = [Focus((key.name,)) for key in new.keys if less]
        yield draft


def providers_of(pair: Pair) -> Iterator[Draft]:
    """How keys and values are written on each cloud."""
    names = sorted({encoding.provider for each in (pair.old, pair.new) for encoding in each.providers})
    for name in names:
        old, new = pair.old.encoding(name), pair.new.encoding(name)
        before, after = dict(old.keys) if old else {}, dict(new.keys) if new else {}
        for key in sorted(before.keys() | after.keys()):
            one, other = before.get(key, key), after.get(key, key)
            if one != other and (pair.old.key(key) is None or pair.new.key(key) is None):
                continue  # the key itself is added or removed, which says it
            if one != other:
                message = f"{plain(key)} is written {plain(other)} on {name}, not {plain(one)}"
                yield _spelling(pair, f"providers.{name}.keys.{key}", message, one, other, (key,))
        before_notes, after_notes = (set(each.annotations) if each else set() for each in (old, new))
        for key in sorted(before_notes ^ after_notes):
            kind = "an annotation" if key in after_notes else "a label"
            path = f"providers.{name}.annotations.{key}"
            yield _spelling(pair, path, f"{plain(key)} is {kind} on {name} from now on", "", kind, (key,))
        one, other = (each.values if each else "" for each in (old, new))
        if one != other:
            message = f"values are written {'in their label form' if other else 'as they are'} on {name}"
            path, every = f"providers.{name}.values", tuple(key.name for key in pair.new.keys)
            yield _spelling(pair, path, message, one, other, every)


def _spelling(pair: Pair, path: str, message: str, before: str, after: str, keys: tuple[str, ...]) -> Draft:
    draft = Draft(Kind.CHANGED, path, message, Bump.MINOR, before, after, keys, "providers")
    draft.tightens = list(_all_focuses(pair, pair.new, keys))
    draft.loosens = list(_all_focuses(pair, pair.old, keys))
    return draft


def _all_focuses(pair: Pair, dictionary: Dictionary, keys: tuple[str, ...]) -> Iterator[Focus]:
    for key in keys:
        if dictionary.key(key) is not None:
            yield Focus((key,))
    for requirement in dictionary.requirements:
        for focus in focuses(requirement, pair.today):
            if set(focus.touches) & set(keys):
                yield focus


def service_levels_of(pair: Pair) -> Iterator[Draft]:
    """Deadlines for live findings. They decide no verdict, so that none of them tightens or loosens one."""
    before = {(level.selector, level.when): level for level in pair.old.service_levels}
    after = {(level.selector, level.when): level for level in pair.new.service_levels}
    for place, level in before.items():
        if place not in after:
            message = f"the service level for {_whom(level)} is removed"
            yield Draft(Kind.REMOVED, f"service_levels.{_number(pair.old, level)}", message, before=_within(level))
    for place, level in after.items():
        path, old = f"service_levels.{_number(pair.new, level)}", before.get(place)
        if old is None:
            message = f"a service level for {_whom(level)}: {_within(level)}"
            yield Draft(Kind.ADDED, path, message, after=_within(level))
        elif (old.remediate_within_hours, old.severity) != (level.remediate_within_hours, level.severity):
            word = "the same time"
            if old.remediate_within_hours != level.remediate_within_hours:
                word = "less time" if level.remediate_within_hours < old.remediate_within_hours else "more time"
            message = f"findings on {_whom(level)} have {word}: {_within(level)}"
            yield Draft(Kind.CHANGED, path, message, before=_within(old), after=_within(level))
    common = [place for place in before if place in after]
    if common != [place for place in after if place in before]:
        yield Draft(Kind.CHANGED, "service_levels", "the service levels apply in another order")


def _number(dictionary: Dictionary, level: ServiceLevel) -> int:
    return dictionary.service_levels.index(level) + 1


def _whom(level: ServiceLevel) -> str:
    return selected(level.selector) + (f" when {conditions(level.when.terms)}" if level.when.terms else "")


def _within(level: ServiceLevel) -> str:
    hours = f"{level.remediate_within_hours:g} hours"
    return f"{hours}, {plain(level.severity)}" if level.severity else hours


def exemptions_of(pair: Pair) -> Iterator[Draft]:
    """Exemptions. Whoever relies on one that ends earlier, or covers less, breaks."""
    before = {exemption.id: exemption for exemption in pair.old.exemptions}
    after = {exemption.id: exemption for exemption in pair.new.exemptions}
    for name, old in before.items():
        if name not in after:
            force = _in_force(pair, old)
            message = f"the exemption {plain(name)} is removed{' while it is in force' if force else '; it had ended'}"
            yield Draft(Kind.REMOVED, f"exemptions.{name}", message, Bump.MAJOR if force else Bump.PATCH, before=name)
    for name, new in after.items():
        if name not in before:
            message = f"the exemption {plain(name)} is added, until {new.until or 'no day'}"
            yield Draft(Kind.ADDED, f"exemptions.{name}", message, after=name)
        else:
            yield from _exemption(pair, before[name], new)


def _exemption(pair: Pair, old: Exemption, new: Exemption) -> Iterator[Draft]:
    path, name = f"exemptions.{new.id}", plain(new.id)
    if any(set(getattr(old, field)) != set(getattr(new, field)) for field in _WHERE):
        bump = Bump.MAJOR if _in_force(pair, old) and not _covers(new, old) else Bump.MINOR
        yield Draft(Kind.CHANGED, path, f"the exemption {name} covers something else", bump)
    if old.until != new.until or bool(old.problem) != bool(new.problem):
        bump = Bump.MAJOR if _in_force(pair, old) and not _in_force(pair, new) else Bump.MINOR
        message = f"the exemption {name} holds until {new.until or 'no day'}"
        yield Draft(Kind.CHANGED, f"{path}.until", message, bump, str(old.until or ""), str(new.until or ""))
    if (old.reason, old.approver) != (new.reason, new.approver):
        before, after = (f"{each.reason} ({each.approver})" for each in (old, new))
        yield reworded(f"{path}.reason", f"the reason of the exemption {name}", before, after)


def _in_force(pair: Pair, exemption: Exemption) -> bool:
    return not exemption.problem and exemption.until is not None and pair.today <= exemption.until


def _covers(wide: Exemption, narrow: Exemption) -> bool:
    """Whether each list of globs is no shorter than before (an empty one stands for everything)."""
    return all(
        not getattr(wide, field)
        or (bool(getattr(narrow, field)) and set(getattr(narrow, field)) <= set(getattr(wide, field)))
        for field in _WHERE
    )
