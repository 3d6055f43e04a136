"""Files that decide who may approve: read as they were before the change."""

from __future__ import annotations

from pathlib import Path

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.lifecycle.reviews import MAX_BYTES, NO_TEAMS, Teams, parse_teams
from tagwright_dictionary.lifecycle.revisions import Repository
from tagwright_dictionary.model import Location


def text_of(path: str, what: str) -> str:
    """A whole text file. Raises InputError."""
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"the {what} cannot be read: {reason}", hint="check the path", location=Location(path)
        ) from None
    if len(data) > MAX_BYTES:
        largest = f"{MAX_BYTES // 1024 // 1024} MiB"
        raise InputError(f"the {what} is larger than {largest}", hint="check the path", location=Location(path))
    return _decoded(data, what, path)


def teams_of(path: str | None, place: Repository, commit: str) -> Teams:
    """The teams of a file. One that lies in the repository is read from `commit`, where the change under review has
    not touched it yet. Raises InputError.
    """
    if path is None:
        return NO_TEAMS
    try:
        relative = place.relative(path)
    except InputError:
        return parse_teams(text_of(path, "teams file"), path)
    if not place.has(commit, relative):
        raise InputError(
            f"the teams file {path} was not there at {commit[:12]}: a change must not appoint its own approvers",
            hint="merge the teams file first, in a change of its own, or write it outside the repository",
        )
    return parse_teams(_decoded(place.read(commit, relative), "teams file", path), f"{path} at {commit[:12]}")


def _decoded(data: bytes, what: str, path: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"the {what} is not UTF-8 text", hint="save it as UTF-8", location=Location(path)) from None
