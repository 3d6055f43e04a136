"""Resources to judge a change against: code, plans, and inspect documents, each with the repository it is from."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tagwright_cli.governance.live_sources import is_live, read_live
from tagwright_cli.governance.trusted import text_of
from tagwright_dictionary.lifecycle.inspected import is_inspection, parse_inspection
from tagwright_dictionary.model import Reading, Resource
from tagwright_iac.reading import ReadOptions, is_source_file, read

NO_REPOSITORY = "(no repository)"


@dataclass(frozen=True, slots=True)
class Inventory:
    """One reading, and the repository of each of its resources. Of a live one the problems are what was not seen."""

    reading: Reading
    repositories: tuple[str, ...]
    live: bool = False


def inventories(paths: Sequence[str], options: ReadOptions) -> tuple[Inventory, ...]:
    """What the paths name: code and plans as one reading, each inspect document and live source as one. A path named
    twice counts once. Raises InputError.
    """
    code: list[str] = []
    documents: list[str] = []
    live: list[str] = []
    for path in dict.fromkeys(paths):
        if is_live(path) and not os.path.lexists(path):
            live.append(path)
        else:
            (documents if _is_document(path) else code).append(path)
    found = []
    if code:
        reading = read(code, options)
        names = _Names()
        roots = [names.root(resource, options.cwd) for resource in reading.resources]
        found.append(Inventory(reading, tuple(names.name(root) for root in roots)))
    for path in documents:
        reading = parse_inspection(text_of(path, "inspect document"), path)
        found.append(Inventory(reading, (Path(path).name.removesuffix(".json"),) * len(reading.resources)))
    return (*found, *(Inventory(*read_live(source), live=True) for source in live))


def _is_document(path: str) -> bool:
    if not path.endswith(".json") or not os.path.isfile(path) or is_source_file(path):  # noqa: PTH113
        return False
    text = text_of(path, "document")
    if '"tagwright"' not in text[:4096]:  # the tool's name stands at the top; a plan of gigabytes is not parsed twice
        return False
    try:
        return is_inspection(json.loads(text))
    except (ValueError, RecursionError):
        return False


class _Names:
    """Names of repositories: that of their folder, with as much of its path as tells equal ones apart."""

    def __init__(self) -> None:
        self._roots: dict[str, str] = {}

    def root(self, resource: Resource, cwd: Path) -> str:
        where = resource.location
        path = where.path.partition("/.terraform/")[0] if where is not None else ""
        folder = os.path.dirname(os.path.normpath(os.path.join(cwd, path)))  # noqa: PTH118, PTH120 - text in, text out
        if where is not None and path != where.path:
            folder = os.path.normpath(os.path.join(cwd, path))  # noqa: PTH118
        if folder not in self._roots:
            self._roots[folder] = next(
                (str(each) for each in (Path(folder), *Path(folder).parents) if os.path.lexists(each / ".git")), ""
            )
        return self._roots[folder]

    def name(self, root: str) -> str:
        if not root:
            return NO_REPOSITORY
        parts = Path(root).parts
        others = {other for other in self._roots.values() if other and other != root}
        for many in range(1, len(parts) + 1):
            name = "/".join(parts[-many:])
            if not any(f"/{other.lstrip('/')}".endswith(f"/{name}") for other in others):
                return name
        return root
