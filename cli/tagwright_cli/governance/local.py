"""The dictionary in use as a file of this repository: what can be compared with earlier revisions, and edited."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tagwright_cli.finding_dictionary import discovered
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.lifecycle.revisions import Repository, repository
from tagwright_dictionary.loading.discovery import ENVIRONMENT, FILES
from tagwright_dictionary.loading.documents import display_path
from tagwright_dictionary.loading.references import Kind, parse_reference
from tagwright_dictionary.loading.settings import read_settings


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


def unmoved_dictionary(explicit: str | None, base: str, *, doing: str) -> Path:
    """Like `local_dictionary`, where the settings name the same dictionary at `base`: a change must not point its own
    check at another one. Raises InputError.
    """
    path = local_dictionary(explicit, doing=doing)
    if explicit is not None or os.environ.get(ENVIRONMENT):
        return path
    place, here = repository(path), Path.cwd()
    tip = place.commit(base)
    for folder in (here, *here.parents):
        if not place.inside(folder):
            break
        for file in (folder / name for name in FILES):
            now = read_settings(file).get("dictionary") if os.path.lexists(file) else None
            if now != _named_at(place, tip, file):
                raise InputError(
                    f"{place.relative(file)} names another dictionary than at {base}",
                    hint=f"say which one is checked: --dictionary {display_path(str(path))}",
                )
    return path


def _named_at(place: Repository, commit: str, file: Path) -> str | None:
    """What a settings file named in a commit, as `read_settings` has it."""
    relative = place.relative(file)
    if not place.has(commit, relative):
        return None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, file.name)
        copy.write_bytes(place.read(commit, relative))
        found: str | None = read_settings(copy).get("dictionary")
    return found.replace(str(copy.parent), str(file.parent), 1) if found and found.startswith(folder) else found
