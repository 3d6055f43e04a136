"""Every root of the trees and files a user names: found, read (from the cache, in parallel), put together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tagwright_dictionary.model import Problem, Reading, Resource
from tagwright_iac.reading import ReadOptions
from tagwright_iac.terraform.cache import RootCache, RootReading
from tagwright_iac.terraform.file_table import FileTable
from tagwright_iac.terraform.names import list_configuration
from tagwright_iac.terraform.tree import callers_among, find_boundary, roots_above, walk

PARALLEL_BYTES = 400_000
"""Below this much source a second process costs more than it saves."""


@dataclass(slots=True)
class Forest:
    """The roots of one boundary: `directories` are scanned whole, `files` only narrow what is reported."""

    boundary: str
    options: ReadOptions
    directories: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def read_forest(directories: Iterable[str], files: Iterable[str], options: ReadOptions) -> Reading:
    """Read the roots below `directories`, and those that `files` (changed ones) belong to. Absolute paths."""
    forests: dict[str, Forest] = {}
    cwd = os.path.abspath(options.cwd)  # noqa: PTH100
    for directory in directories:
        boundary = find_boundary(directory)
        forests.setdefault(boundary, Forest(boundary, options)).directories.append(directory)
    for file in files:
        boundary = find_boundary(file)
        if boundary == os.path.dirname(os.path.realpath(file)) and _below(file, cwd):  # noqa: PTH120
            # Without a repository the working directory is the tree that a hook's file belongs to.
            boundary = os.path.realpath(cwd) if boundary != os.path.realpath(cwd) else boundary
        forests.setdefault(boundary, Forest(boundary, options)).files.append(file)
    return _merge([_read(forest) for _, forest in sorted(forests.items())])


def _below(path: str, directory: str) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(directory).rstrip(os.sep) + os.sep)


def _read(forest: Forest) -> Reading:
    options = forest.options
    table = FileTable(os.path.abspath(options.cwd), forest.boundary)  # noqa: PTH100
    readings: list[Reading] = []
    if forest.directories:
        readings.append(_read_directories(forest, table))
    if forest.files:
        readings.append(_read_files(forest, table))
    return _merge(readings)


def _read_directories(forest: Forest, table: FileTable) -> Reading:
    scanned: dict[str, None] = {}
    refused: list[Problem] = []

    def note(error: OSError) -> None:
        shown = table.show(os.path.abspath(error.filename or forest.boundary))  # noqa: PTH100
        refused.append(Problem(shown, f"cannot be listed: {error.strerror or error}"))

    for directory in forest.directories:
        scanned.update((found, None) for found, _ in walk(directory, forest.options.exclude, note))
    inner = {
        directory
        for directory in forest.directories
        if any(directory != other and _below(directory, other) for other in forest.directories)
    }
    called_by = callers_among(scanned, table)
    roots = [directory for directory in scanned if directory not in called_by or directory in inner]
    results = read_roots(roots, table, forest.options)
    _read_missing(scanned, results, table, forest.options)
    return _merge([*(results[root].reading for root in sorted(results)), Reading(problems=tuple(refused))])


def _read_missing(
    directories: Iterable[str], results: dict[str, RootReading], table: FileTable, options: ReadOptions
) -> None:
    """What the text made look called but no root's code names is judged by itself: nothing is left out."""
    missing = set(directories).difference(*(result.reached for result in results.values()))
    while missing:
        added = read_roots([min(missing)], table, options)
        results.update(added)
        missing.difference_update(*(result.reached for result in added.values()))


def _read_files(forest: Forest, table: FileTable) -> Reading:
    changed = {table.show(os.path.abspath(file)) for file in forest.files}  # noqa: PTH100
    directories = sorted({os.path.dirname(os.path.abspath(file)) for file in forest.files})  # noqa: PTH100, PTH120
    directories = [directory for directory in directories if list_configuration(directory)]
    called_by = callers_among([found for found, _ in walk(forest.boundary, forest.options.exclude)], table)
    roots = sorted({root for directory in directories for root in roots_above(directory, called_by)})
    results = read_roots(roots, table, forest.options)
    _read_missing(directories, results, table, forest.options)
    reading = _merge([results[root].reading for root in sorted(results)])
    kept = tuple(resource for resource in reading.resources if _concerns(resource, changed))
    return replace(
        reading,
        resources=kept,
        files=tuple(sorted(changed | {name for name in reading.files if name in changed})),
        suppressions=tuple(item for item in reading.suppressions if item.location.path in changed),
    )


def _concerns(resource: Resource, changed: set[str]) -> bool:
    """Whether a resource is declared in a changed file or takes its tags from one."""
    return bool(changed.intersection(resource.sources)) or (
        resource.location is not None and resource.location.path in changed
    )


def read_roots(roots: list[str], table: FileTable, options: ReadOptions) -> dict[str, RootReading]:
    """Each root's reading: remembered ones first, the rest in as many processes as pay."""
    found: dict[str, RootReading] = {}
    cache = RootCache(table, options) if options.cache else None
    for root in roots:
        hit = cache.load(root) if cache is not None else None
        if hit is not None:
            found[root] = hit
    rest = [root for root in roots if root not in found]
    if not rest:
        return found
    from tagwright_iac.terraform.roots import RootTask, read_all  # noqa: PLC0415 - what is remembered needs no evaluator

    report = _progress(options, len(found), len(roots))
    found.update(read_all(RootTask(table, options, cache), rest, _jobs(options, rest), report))
    if cache is not None:
        cache.trim()
    return found


def _progress(options: ReadOptions, done: int, total: int) -> Callable[[], None]:
    state = {"done": done}

    def report() -> None:
        state["done"] += 1
        if options.progress is not None:
            options.progress(state["done"], total)

    return report


def _jobs(options: ReadOptions, roots: list[str]) -> int:
    if len(roots) < 2 or options.jobs == 1 or not hasattr(os, "fork"):
        return 1
    if options.jobs > 1:
        return min(options.jobs, len(roots))
    size = 0
    for root in roots:
        for name in list_configuration(root):
            try:
                size += os.stat(os.path.join(root, name)).st_size  # noqa: PTH116, PTH118
            except OSError:
                continue
        if size > PARALLEL_BYTES:
            return min(
                len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, len(roots)
            )
    return 1


def _merge(readings: list[Reading]) -> Reading:
    resources = sorted((resource for reading in readings for resource in reading.resources), key=_resource_key)
    problems: dict[Problem, None] = {}
    suppressions = {item: None for reading in readings for item in reading.suppressions}
    for resource in resources:
        for item in resource.suppressions:
            suppressions.pop(item, None)
    for reading in readings:
        problems.update(dict.fromkeys(reading.problems))
    return Reading(
        resources=tuple(resources),
        files=tuple(sorted({name for reading in readings for name in reading.files})),
        problems=tuple(sorted(problems, key=lambda item: (item.path, item.line, item.column, item.reason))),
        suppressions=tuple(suppressions),
        notes=tuple(dict.fromkeys(note for reading in readings for note in reading.notes)),
    )


def _resource_key(resource: Resource) -> tuple[str, str, int, str]:
    where = resource.location
    return (resource.scope, where.path if where else "", where.line if where else 0, resource.address)
