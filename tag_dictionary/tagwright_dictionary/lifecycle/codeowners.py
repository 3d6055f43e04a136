"""CODEOWNERS lines for the files a dictionary is made of, from the approvers of its keys."""

from __future__ import annotations

import re
from pathlib import Path

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.lifecycle.reviews import Teams
from tagwright_dictionary.lifecycle.revisions import Repository

_ESCAPED = re.compile(r"([\\ #\[\]*?!])")


def codeowners(dictionary: Dictionary, place: Repository, main: Path, teams: Teams, organisation: str) -> str:
    """One line a file, the dictionary's own first (of two lines that match a path GitHub takes the last).

    An approver is written as it is when it is a login, a team of an organisation or an e-mail address; else as its
    members in `teams`, else as a team of `organisation`. Raises InputError where neither is known.
    """
    owners: dict[str, dict[str, None]] = {place.relative(main): {}}
    for key in dictionary.keys:
        places = [key.location, *(value.location for value in key.values or ())]
        for path in {location.path for location in places if location is not None}:
            try:
                relative = place.relative(path)
            except InputError:
                continue  # it comes from another repository, which has its own owners
            names = owners.setdefault(relative, {})
            for approver in key.approvers:
                names.update((owner, None) for owner in _owners(approver, teams, organisation))
    first, *rest = owners
    lines = [f"/{_escape(path)} {' '.join(owners[path])}" for path in (first, *sorted(rest)) if owners[path]]
    bare = [path for path in owners if not owners[path]]
    head = [f"# Tag dictionary {dictionary.name}: who approves its keys. Printed by `tagwright dictionary codeowners`."]
    head += [f"# /{_escape(path)}: none of its keys names approvers" for path in sorted(bare)]
    return "".join(f"{line}\n" for line in (*head, *lines))


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
