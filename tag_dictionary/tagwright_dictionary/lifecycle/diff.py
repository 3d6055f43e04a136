"""What changed between two dictionaries, what it does to those who comply, and the version it demands.

A change tightens when some tags that passed fail now, and loosens when some that failed pass now: both are shown by an
example, found by asking the judge (see `witnesses`). The tags that count are those made of keys that the old dictionary
knows; what somebody tags beyond it was never promised to pass (`impact` finds who does).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.lifecycle.changes import Change, Diff, Effect, Kind, Witness
from tagwright_dictionary.lifecycle.diff_keys import keys_of
from tagwright_dictionary.lifecycle.diff_requirements import keys_in, requirements_of
from tagwright_dictionary.lifecycle.diff_rest import exemptions_of, head_of, providers_of, service_levels_of
from tagwright_dictionary.lifecycle.diff_targets import targets_of
from tagwright_dictionary.lifecycle.drafts import Draft, Pair
from tagwright_dictionary.lifecycle.focus import Focus, focuses
from tagwright_dictionary.lifecycle.sides import Side
from tagwright_dictionary.lifecycle.versions import Bump
from tagwright_dictionary.lifecycle.witnesses import Seeker
from tagwright_dictionary.loading.entry import collector_paused

__all__ = ["Change", "Diff", "Effect", "Kind", "Witness", "diff"]


def diff(old: Dictionary, new: Dictionary, today: date) -> Diff:
    """Compare two dictionaries as of `today`, which decides what has already ended or begun.

    A dictionary does not differ from itself, and the version is no change. Never raises for what the loader accepts.
    """
    drafts = _drafts(old, new, today)
    if not drafts:
        return Diff(old, new, ())
    with collector_paused():
        return Diff(old, new, _with_effects(drafts, old, new, today))


def _with_effects(drafts: list[Draft], old: Dictionary, new: Dictionary, today: date) -> tuple[Change, ...]:
    one, other = Side(old, today), Side(new, today)
    tightening, loosening = Seeker(one, other, foreign=False), Seeker(other, one, foreign=True)
    tight = _searched(tightening, [draft.tightens for draft in drafts])
    loose = _searched(loosening, [draft.loosens for draft in drafts])
    _sweep(tightening, new, today, drafts, tight)
    _sweep(loosening, old, today, drafts, loose)
    return tuple(_change(draft, tight.get(place), loose.get(place)) for place, draft in enumerate(drafts))


def changed_paths(old: Dictionary, new: Dictionary, today: date) -> frozenset[str]:
    """The paths of all changes, without a search for what they do to verdicts."""
    return frozenset(draft.path for draft in _drafts(old, new, today))


def _drafts(old: Dictionary, new: Dictionary, today: date) -> list[Draft]:
    pair = Pair(old, new, today)
    drafts = [*head_of(pair), *keys_of(pair), *requirements_of(pair), *providers_of(pair)]
    return [*drafts, *service_levels_of(pair), *targets_of(pair), *exemptions_of(pair)]


_Found = tuple[Witness | None]
"""A witness, or None where the search was given up."""


def _searched(seeker: Seeker, wanted: list[list[Focus]]) -> dict[int, _Found]:
    found: dict[int, _Found] = {}
    for place, each in enumerate(wanted):
        for focus in each:
            if not seeker.affected(focus):
                continue
            witness, complete = seeker.find(focus)
            if witness is not None:
                found[place] = (witness,)
                break
            if not complete:
                found[place] = (None,)
    return found


def _sweep(seeker: Seeker, fails: Dictionary, today: date, drafts: list[Draft], found: dict[int, _Found]) -> None:
    """Two changes may only together do what neither does alone: look at everything that is judged differently, and
    lay what is found at the door of a change that touches it.
    """
    for focus in _everything(fails, today):
        if not seeker.affected(focus):
            continue
        witness, complete = seeker.find(focus)
        if witness is None and complete:
            continue
        owners = [place for place, draft in enumerate(drafts) if _owns(draft, focus)]
        if owners and not any(place in found for place in owners):
            found[owners[0]] = (witness,)


def _everything(dictionary: Dictionary, today: date) -> Iterator[Focus]:
    for key in dictionary.keys:
        yield Focus((key.name,))
    for requirement in dictionary.requirements:
        yield from focuses(requirement, today)


def _owns(draft: Draft, focus: Focus) -> bool:
    if draft.kind is Kind.REWORDED or not draft.owner:
        return False
    if focus.requirement and draft.owner == f"requirement:{focus.requirement}":
        return True
    return draft.owner in ("providers", "placeholders") or bool(set(draft.touches) & set(focus.touches))


def _change(draft: Draft, tight: _Found | None, loose: _Found | None) -> Change:
    effects = [Effect.TIGHTENED] if tight is not None else []
    effects += [Effect.LOOSENED] if loose is not None else []
    return Change(
        draft.kind,
        draft.path,
        draft.message,
        Bump.MAJOR if tight is not None else draft.bump,
        draft.before,
        draft.after,
        draft.touches,
        tuple(effects),
        tight[0] if tight is not None else None,
        loose[0] if loose is not None else None,
    )


def keys_changed(changes: Diff) -> dict[str, tuple[Change, ...]]:
    """The changes by the key they are about; those of the dictionary as a whole under ""."""
    found: dict[str, list[Change]] = {}
    for change in changes.changes:
        for key in change.touches or ("",):
            found.setdefault(key, []).append(change)
    return {key: tuple(each) for key, each in found.items()}


def demanded_keys(dictionary: Dictionary, requirement: str) -> tuple[str, ...]:
    """The keys that a requirement of the dictionary speaks of; () when it has none of that id."""
    for each in dictionary.requirements:
        if each.id == requirement:
            return keys_in(each)
    return ()
