"""CODEOWNERS lines for the files a dictionary is made of, from the approvers of its keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.lifecycle.owner_patterns import matches
from tagwright_dictionary.lifecycle.reviews import Teams
from tagwright_dictionary.lifecycle.revisions import Repository

_ESCAPED = re.compile(r"([\\ #\[\]*?!])")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")

Owners = Mapping[str, tuple[str, ...]]
"""Paths from the repository's root, each with its owners as CODEOWNERS writes them."""


def owners(dictionary: Dictionary, place: Repository, main: Path, teams: Teams, organisation: str) -> Owners:
    """The files of the dictionary, its own first, each with who approves the keys in it.

    An approver is written as it is when it is a login, a team of an organisation or an e-mail address; else as its
    members in `teams`, else as a team of `organisation`. Raises InputError where neither is known.
    """
    found: dict[str, dict[str, None]] = {place.relative(main): {}}
    for key in dictionary.keys:
        places = [key.location, *(value.location for value in key.values or ())]
        for path in {location.path for location in places if location is not None}:
            relative = place.inside(path)
            if not relative:
                continue  # it comes from another repository, which has its own owners
            names = found.setdefault(relative, {})
            for approver in key.approvers:
                names.update((owner, None) for owner in _owners(approver, teams, organisation))
    first, *rest = found
    return {path: tuple(found[path]) for path in (first, *sorted(rest))}


def codeowners(dictionary: Dictionary, wanted: Owners) -> str:
    """One line a file (of two lines that match a path GitHub takes the last)."""
    lines = [f"/{_escape(path)} {' '.join(names)}" for path, names in wanted.items() if names]
    bare = [path for path, names in wanted.items() if not names]
    head = [f"# Tag dictionary {dictionary.name}: who approves its keys. Printed by `tagwright dictionary codeowners`."]
    head += [f"# /{_escape(path)}: none of its keys names approvers" for path in sorted(bare)]
    return "".join(f"{line}\n" for line in (*head, *lines))


def differences(text: str, wanted: Owners) -> tuple[str, ...]:
    """What a CODEOWNERS file gets wrong, in words; () when the last line for each path names its owners and no more."""
    lines: list[tuple[int, str, tuple[str, ...]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = _WORD.findall(re.sub(r"(^|\s)#.*", "", line))
        if words and not re.search(r"(?<!\\)[\[\]]|^!", words[0]):  # GitHub skips such lines
            lines.append((number, words[0], tuple(words[1:])))
    found = []
    for path, names in wanted.items():
        if not names:
            continue
        last = next(((number, there) for number, pattern, there in reversed(lines) if matches(pattern, path)), None)
        if last is None:
            found.append(f"no line is for /{path}: it belongs to {' '.join(names)}")
            continue
        number, there = last
        if {name.casefold() for name in there} != {name.casefold() for name in names}:
            given = " ".join(there) or "nobody"
            found.append(f"line {number} gives /{path} to {given}: it belongs to {' '.join(names)}")
    return tuple(found)


def _owners(approver: str, teams: Teams, organisation: str) -> tuple[str, ...]:
    if approver.startswith("@") or ("@" in approver and " " not in approver):
        return (approver,)
    members = teams.of(approver)
    if members:
        return tuple(f"@{login}" for login in sorted(members))
    if organisation:
        return (f"@{organisation.removeprefix('@')}/{approver}",)
    raise InputError(
        f"{approver} is an approver, but not a login or team that CODEOWNERS knows",
        hint=f"give --org ORG for @ORG/{approver}, or --teams FILE with its members",
    )


def _escape(path: str) -> str:
    return _ESCAPED.sub(r"\\\1", path)
