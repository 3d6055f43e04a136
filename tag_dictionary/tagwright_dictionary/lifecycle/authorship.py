"""Who changed which part of a dictionary, as the commits of a branch tell.

Each commit is compared with its parent: it touched what differs between the two. Names in commits are claims, which
git does not check; they may take an approval away (nobody approves his own work), never give one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import DictionaryError, InputError
from tagwright_dictionary.lifecycle.changes import Change
from tagwright_dictionary.lifecycle.diff import changed_paths
from tagwright_dictionary.lifecycle.revisions import Repository, at_commit

MAX_COMMITS = 100
"""Commits of a branch that are looked at; a dictionary is loaded for each."""

EVERYTHING = ""
"""In place of a path: what a commit changed is not known, so that it may be anything."""

_NOREPLY = re.compile(r"(?:[0-9]+\+)?([A-Za-z0-9][A-Za-z0-9-]*)@users\.noreply\.github\.com", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Author:
    """Who a commit says wrote it."""

    name: str
    email: str

    @property
    def login(self) -> str:
        """The GitHub login in lower case, where the address is the one GitHub gives to hide an address; else ""."""
        found = _NOREPLY.fullmatch(self.email)
        return found[1].casefold() if found else ""


@dataclass(frozen=True, slots=True)
class Authorship:
    """The authors with the paths of what they changed; `complete` False: of some commits it is not known what."""

    touched: tuple[tuple[Author, frozenset[str]], ...] = ()
    complete: bool = True

    def of(self, change: Change) -> tuple[Author, ...]:
        """Who touched it, in the order of their first commit: a part of it, or what it is a part of."""
        return tuple(
            dict.fromkeys(
                author for author, paths in self.touched if any(_overlap(path, change.path) for path in paths)
            )
        )

    def logins(self, changes: Iterable[Change]) -> frozenset[str]:
        """The logins that are known to have written one of the changes."""
        return frozenset(author.login for change in changes for author in self.of(change) if author.login)


NOBODY = Authorship()


def authorship(place: Repository, since: str, until: str, main: str, paths: Iterable[str], today: date) -> Authorship:
    """`main` is the dictionary's file and `paths` all files that it is made of. A commit in which the dictionary cannot
    be read is laid together with the next one that can. Raises InputError when git cannot list the commits.
    """
    commits = place.log(since, until, tuple(sorted({main, *paths})))
    authors = {commit: Author(name, email) for commit, name, email in commits}
    if len(commits) > MAX_COMMITS:
        return Authorship(tuple((each, frozenset((EVERYTHING,))) for each in authors.values()), complete=False)
    known: dict[str, Dictionary | None] = {}
    touched: list[tuple[Author, frozenset[str]]] = []
    complete = True
    for commit in authors:
        after = _dictionary(place, commit, main, known)
        if after is None:
            continue  # a later commit, which mends it, names this author too
        before, writers = _before(place, commit, main, authors, known)
        complete = complete and before is not None
        changed = changed_paths(before, after, today) if before is not None else frozenset((EVERYTHING,))
        touched += [(author, changed) for author in writers if changed]
    return Authorship(tuple(touched), complete)


def _before(
    place: Repository, commit: str, main: str, authors: dict[str, Author], known: dict[str, Dictionary | None]
) -> tuple[Dictionary | None, tuple[Author, ...]]:
    """The nearest readable dictionary before a commit, and the authors of the commits since."""
    writers = [authors[commit]]
    for _ in range(MAX_COMMITS):
        parents = place.parents(commit)
        if not parents:
            return None, tuple(reversed(writers))
        commit = parents[0]
        found = _dictionary(place, commit, main, known)
        if found is not None:
            return found, tuple(reversed(writers))
        if commit in authors:
            writers.append(authors[commit])
    return None, tuple(reversed(writers))


def _dictionary(place: Repository, commit: str, main: str, known: dict[str, Dictionary | None]) -> Dictionary | None:
    if commit not in known:
        try:
            found = at_commit(place, commit, main) if place.has(commit, main) else _EMPTY
        except (DictionaryError, InputError):
            found = None
        known[commit] = found
    return known[commit]


_EMPTY = Dictionary("", "0.0.0")


def _overlap(one: str, other: str) -> bool:
    return EVERYTHING in (one, other) or one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
