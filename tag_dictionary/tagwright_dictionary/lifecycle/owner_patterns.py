"""Paths by the patterns of a CODEOWNERS file, in time that grows with their lengths only.

They are those of .gitignore without `!` and `[ ]`, and `folder/*` stands for what is directly in the folder
(https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners).
"""

from __future__ import annotations

from enum import Enum


class _Any(Enum):
    """What a part of a pattern stands for besides a character."""

    CHARACTER = "?"
    NAME = "*"
    REST = "**"
    NO_FOLDER = "no folder, or"
    FOLDERS = "**/"


_Part = str | _Any


def matches(pattern: str, path: str) -> bool:
    """Whether the pattern is for a path from the repository's root, itself or by a folder that it lies in."""
    body = pattern.rstrip("/")
    if not body:
        return False
    fitting = _fitting(_parts(body), path)
    itself = path in fitting
    if body.endswith("/*"):
        return itself
    return bool(fitting) if not pattern.endswith("/") else len(fitting) > itself


def _parts(body: str) -> list[_Part]:
    found: list[_Part] = [] if "/" in body else [_Any.NO_FOLDER, _Any.FOLDERS]
    body = body.removeprefix("/")
    at = 0
    while at < len(body):
        if body.startswith("**/", at) and (at == 0 or body[at - 1] == "/"):
            found += [_Any.NO_FOLDER, _Any.FOLDERS]
            at += 3
        elif body[at:] == "**" and (at == 0 or body[at - 1] == "/"):
            found.append(_Any.REST)
            at += 2
        elif body[at] == "\\" and at + 1 < len(body):
            found.append(body[at + 1])
            at += 2
        else:
            found.append({"*": _Any.NAME, "?": _Any.CHARACTER}.get(body[at], body[at]))
            at += 1
    return found


def _fitting(parts: list[_Part], path: str) -> list[str]:
    """Those of the path and of the folders that it lies in which the parts fit."""
    found: list[str] = []
    places = _onward(parts, {0})
    for at, char in enumerate(path):
        if char == "/" and len(parts) in places:
            found.append(path[:at])
        further: set[int] = set()
        for place in places:
            part = parts[place] if place < len(parts) else ""
            if part is _Any.REST or part is _Any.FOLDERS or (part is _Any.NAME and char != "/"):
                further.add(place)
            if part == char or (part is _Any.CHARACTER and char != "/") or (part is _Any.FOLDERS and char == "/"):
                further.add(place + 1)
        places = _onward(parts, further)
    return [*found, path] if len(parts) in places else found


def _onward(parts: list[_Part], places: set[int]) -> set[int]:
    """With the places that are reached without reading anything."""
    waiting = list(places)
    while waiting:
        place = waiting.pop()
        part = parts[place] if place < len(parts) else ""
        reached = (
            {_Any.NAME: (1,), _Any.REST: (1,), _Any.NO_FOLDER: (1, 2)}.get(part, ()) if isinstance(part, _Any) else ()
        )
        for step in reached:
            if place + step not in places:
                places.add(place + step)
                waiting.append(place + step)
    return places
