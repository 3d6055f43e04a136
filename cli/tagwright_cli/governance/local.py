"""The dictionary in use as a file of this repository: what can be compared with earlier revisions, and edited."""

from __future__ import annotations

from pathlib import Path

from tagwright_cli.finding_dictionary import discovered
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.loading.references import Kind, parse_reference


def local_dictionary(explicit: str | None, *, doing: str) -> Path:
    """Its path. Raises InputError for a remote dictionary, and for the shipped one, which nobody may change."""
    found = discovered(explicit, quiet=True)
    reference = parse_reference(found.source)
    if found.shipped:
        raise InputError(
            f"there is no dictionary of your own here, {doing}",
            hint="name it with --dictionary, or start one with `tagwright init`",
        )
    if reference.kind is not Kind.LOCAL:
        raise InputError(
            f"the dictionary in use is {reference.display}, {doing}",
            hint="run this in the repository that the dictionary lies in",
        )
    path = Path(reference.base)
    if not path.is_file():
        raise InputError(f"{path} is not a file", hint="check --dictionary, or the settings that name it")
    return path
