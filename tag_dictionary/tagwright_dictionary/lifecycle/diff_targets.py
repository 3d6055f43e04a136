"""Comparing the targets of two dictionaries."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.dictionary import Target
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.lifecycle.changes import Kind
from tagwright_dictionary.lifecycle.drafts import Draft, Pair


def targets_of(pair: Pair) -> Iterator[Draft]:
    """When a report is green or yellow. It decides no verdict, so that nothing is tightened or loosened."""
    before = {target.measure: target for target in pair.old.targets}
    after = {target.measure: target for target in pair.new.targets}
    for measure in sorted(before.keys() | after.keys()):
        old, new = before.get(measure), after.get(measure)
        if old == new:
            continue
        path, name = f"targets.{measure}", plain(measure)
        if new is None:
            yield Draft(Kind.REMOVED, path, f"the target for {name} is removed", before=_words(old))
        elif old is None:
            yield Draft(Kind.ADDED, path, f"a target for {name}: {_words(new)}", after=_words(new))
        else:
            words = f"the target for {name} becomes {_words(new)}"
            yield Draft(Kind.CHANGED, path, words, before=_words(old), after=_words(new))


def _words(target: Target | None) -> str:
    return "" if target is None else f"green from {target.green:g}%, yellow from {target.yellow:g}%"
