"""Comparing the requirements of two dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from typing import Protocol

from tagwright_dictionary.dictionary import Condition, Requirement, Selector
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.lifecycle.changes import Kind
from tagwright_dictionary.lifecycle.drafts import Draft, Pair, conditions, listed, reworded, selected
from tagwright_dictionary.lifecycle.focus import Focus, focuses
from tagwright_dictionary.lifecycle.versions import Bump
from tagwright_dictionary.model import Severity


class _Drafter(Protocol):
    def __call__(
        self, field: str, message: str, before: str, after: str, *, up: bool = True, down: bool = True
    ) -> Draft: ...


_WEIGHT = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def requirements_of(pair: Pair) -> Iterator[Draft]:
    """The changes of all requirements, removed ones first."""
    before = {requirement.id: requirement for requirement in pair.old.requirements}
    after = {requirement.id: requirement for requirement in pair.new.requirements}
    for identifier, requirement in before.items():
        if identifier not in after:
            yield _whole(pair, Kind.REMOVED, requirement)
    for identifier, requirement in after.items():
        if identifier not in before:
            yield _whole(pair, Kind.ADDED, requirement)
        else:
            yield from _changed(pair, before[identifier], requirement)
    common = [identifier for identifier in before if identifier in after]
    if common != [identifier for identifier in after if identifier in before]:
        yield Draft(Kind.REWORDED, "requirements", "the requirements stand in another order", Bump.PATCH)


def keys_in(requirement: Requirement) -> tuple[str, ...]:
    """Every key that a requirement speaks of."""
    names = [*requirement.require, *(name for name, _ in requirement.when.terms)]
    names += [name for match in requirement.match for name in (match.key, match.of)]
    names += [name for group in requirement.exclusive for name in group]
    return tuple(dict.fromkeys(names))


def _whole(pair: Pair, kind: Kind, requirement: Requirement) -> Draft:
    words = summary(requirement)
    draft = Draft(
        kind,
        f"requirements.{requirement.id}",
        f"{plain(requirement.id)} is {kind}: {words}",
        before=words if kind is Kind.REMOVED else "",
        after=words if kind is Kind.ADDED else "",
        touches=keys_in(requirement),
        owner=f"requirement:{requirement.id}",
    )
    if kind is Kind.ADDED:
        draft.tightens = list(focuses(requirement, pair.today))
    else:
        draft.loosens = list(focuses(requirement, pair.today))
    return draft


def summary(requirement: Requirement) -> str:
    """A requirement in one line of words."""
    parts = [f"{listed(requirement.require)} on {selected(requirement.selector)}"] if requirement.require else []
    parts += [f"{plain(match.key)} of {plain(match.of)}" for match in requirement.match]
    parts += [f"one of {listed(group)}" for group in requirement.exclusive]
    if requirement.when.terms:
        parts.append(f"when {conditions(requirement.when.terms)}")
    day = f", an error from {requirement.becomes_error}" if requirement.becomes_error else ""
    return "; ".join([*parts, f"{requirement.severity}{day}"])


def _changed(pair: Pair, old: Requirement, new: Requirement) -> Iterator[Draft]:
    path, name, touches = f"requirements.{new.id}", plain(new.id), keys_in(new)
    every, earlier = list(focuses(new, pair.today)), list(focuses(old, pair.today))

    def draft(field: str, message: str, before: str, after: str, *, up: bool = True, down: bool = True) -> Draft:
        made = Draft(Kind.CHANGED, f"{path}.{field}", f"{name}: {message}", Bump.MINOR, before, after, touches)
        made.owner = f"requirement:{new.id}"
        made.tightens, made.loosens = every if up else [], earlier if down else []
        return made

    if not _same_selector(old.selector, new.selector):
        more, less = _covers(new.selector, old.selector), _covers(old.selector, new.selector)
        words = "it selects more resources" if more else "it selects fewer resources" if less else "it selects others"
        yield draft("for", words, selected(old.selector), selected(new.selector), up=not less, down=not more)
    for key in dict.fromkeys((*old.require, *new.require)):
        if (key in old.require) != (key in new.require):
            yield _required(draft, key, every if key in new.require else earlier, asked=key in new.require)
    if not (_implies(old.when, new.when) and _implies(new.when, old.when)):
        wider, narrower = _implies(old.when, new.when), _implies(new.when, old.when)
        words = "it holds in more cases" if wider else "it holds in fewer cases" if narrower else "it holds elsewhere"
        before, after = conditions(old.when.terms), conditions(new.when.terms)
        told = f"{words}, when {after}" if new.when.terms else "it always holds"
        yield draft("when", told, before, after, up=not narrower, down=not wider)
    if set(old.match) != set(new.match):
        before, after = (listed([f"{each.key}: {each.of}.{each.relation}" for each in one.match]) for one in (old, new))
        up, down = bool(set(new.match) - set(old.match)), bool(set(old.match) - set(new.match))
        yield draft("match", f"values must belong together: {after}", before, after, up=up, down=down)
    before_groups, after_groups = set(map(frozenset, old.exclusive)), set(map(frozenset, new.exclusive))
    if before_groups != after_groups:
        before, after = (listed([" or ".join(group) for group in one.exclusive]) for one in (old, new))
        yield draft("exclusive", f"only one may be set: {after}", before, after)
    yield from _strictness(old, new, draft)
    if old.description != new.description:
        yield reworded(f"{path}.description", f"the description of {name}", old.description, new.description, touches)


def _required(draft: _Drafter, key: str, all_focuses: list[Focus], *, asked: bool) -> Draft:
    words = f"{plain(key)} is required" if asked else f"{plain(key)} is no longer required"
    made = draft(f"require.{key}", words, "" if asked else key, key if asked else "", up=False, down=False)
    made.touches = tuple(dict.fromkeys((key, *made.touches)))
    chosen = [focus for focus in all_focuses if key in focus.absent or focus.unreached == key]
    made.tightens, made.loosens = (chosen, []) if asked else ([], chosen)
    return made


def _strictness(old: Requirement, new: Requirement, draft: _Drafter) -> Iterator[Draft]:
    if old.severity != new.severity:
        up = _WEIGHT[new.severity] > _WEIGHT[old.severity]
        words = f"{old.severity} becomes {new.severity}"
        yield draft("severity", words, old.severity.value, new.severity.value, up=up, down=not up)
    if old.becomes_error != new.becomes_error:
        before, after = (str(each.becomes_error or "") for each in (old, new))
        words = f"it becomes an error on {after}" if after else "it does not become an error on a day of its own"
        last = date.max
        later = (new.becomes_error or last) > (old.becomes_error or last)
        yield draft("from", words, before, after, up=not later, down=later)
    if old.reach != new.reach:
        before, after = (each.reach.value if each.reach else "as the severity" for each in (old, new))
        made = draft("reach", f"tags that do not reach what is billed: {after}", before, after)
        made.tightens = [focus for focus in made.tightens if focus.unreached]
        made.loosens = [focus for focus in made.loosens if focus.unreached]
        yield made


def _same_selector(old: Selector, new: Selector) -> bool:
    return _covers(old, new) and _covers(new, old)


def _covers(wide: Selector, narrow: Selector) -> bool:
    """Whether `wide` surely selects all that `narrow` does."""
    if wide.everything:
        return True
    if narrow.everything or not set(narrow.classes) <= set(wide.classes):
        return False
    return all(any(_glob_covers(each, glob) for each in wide.types) for glob in narrow.types)


def _glob_covers(wide: str, narrow: str) -> bool:
    """Only `*` takes any character, so only it takes the `*` and `?` of a narrower glob as they are written. What
    stands inside a set must not be taken for text: of globs with sets only equal ones are known to cover.
    """
    if wide in (narrow, "*"):
        return True
    return not set("?[") & set(wide) and "[" not in narrow and fnmatchcase(narrow, wide)


def _implies(old: Condition, new: Condition) -> bool:
    """Whether `new` holds wherever `old` does."""
    before = dict(old.terms)
    return all(key in before and set(before[key]) <= set(values) for key, values in new.terms)
