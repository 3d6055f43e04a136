"""From a dictionary to the files of its site, and from the files to a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Final

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.loading import canonical_json
from tagwright_dictionary.loading.data import SCHEMA_FILE, read_data
from tagwright_dictionary.loading.entry import collector_paused
from tagwright_dictionary.publishing import addresses, files, manifest, writing
from tagwright_dictionary.publishing.ahead import Ahead
from tagwright_dictionary.publishing.comparing import compare
from tagwright_dictionary.publishing.facts import Facts, Release
from tagwright_dictionary.publishing.history import Chapter, chapters
from tagwright_dictionary.publishing.needs_table import needs_file
from tagwright_dictionary.publishing.pages.ahead import ahead_page, soon
from tagwright_dictionary.publishing.pages.changes import changes_page, gone_pages, news
from tagwright_dictionary.publishing.pages.data import data_page
from tagwright_dictionary.publishing.pages.key import key_addresses, key_page
from tagwright_dictionary.publishing.pages.needs import needs_page
from tagwright_dictionary.publishing.pages.rules import rules_page
from tagwright_dictionary.publishing.pages.start import start_page
from tagwright_dictionary.publishing.pages.value import ValuePages
from tagwright_dictionary.publishing.search_index import index_files
from tagwright_dictionary.publishing.shell import Page, Shell

ASSETS: Final = (
    "style.css",
    "theme.js",
    "site.js",
    "search.js",
    "needs-rules.js",
    "needs-limits.js",
    "needs-pretending.js",
    "needs-words.js",
    "snippets.js",
    "needs.js",
    "icon.svg",
)

Progress = Callable[[int, int], None]
"""Called after each file with the number of files written and that of all files."""


@dataclass(frozen=True, slots=True)
class Options:
    """`home`: the address the site will have ("" where that is not known), ending in a slash. `maker`: the program
    and its version, for the footer. `day`: when this version comes into force.
    """

    day: date
    maker: str = "tagwright"
    home: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """What a build has made. `digest` stands for the whole site (`manifest.json`)."""

    folder: Path
    files: int
    pages: int
    removed: int
    bytes: int
    digest: str


def publish(
    dictionary: Dictionary,
    folder: Path,
    options: Options,
    previous: Sequence[Release] = (),
    progress: Progress | None = None,
    coming: Release | None = None,
) -> Published:
    """Write the site of a dictionary into a folder: the same arguments give the same bytes.

    `previous` are earlier versions, for the changelog and for pages at addresses that are gone; `coming` is the next
    one and the day it is meant to come into force, to be shown beside the present one. Raises InputError for
    a folder that is not ours (without `force`) and for versions that cannot be told apart, OutputError where writing
    fails.
    """
    with collector_paused():
        return _publish(dictionary, folder, options, previous, coming, progress)


def _publish(
    dictionary: Dictionary,
    folder: Path,
    options: Options,
    previous: Sequence[Release],
    coming: Release | None,
    progress: Progress | None,
) -> Published:
    _distinct(dictionary, (*previous, *filter(None, (coming,))))
    before = writing.earlier(folder, force=options.force)
    planned = dict(plan(dictionary, options, previous, coming))
    # A build that is cut off must be known as ours too, with all that it may have written.
    writing.write_one(folder, manifest.NAME, manifest.unfinished(before | planned.keys()))
    digests: dict[str, str] = {}
    size = 0
    for path, content, digest in writing.write(folder, ((path, make()) for path, make in planned.items())):
        digests[path] = digest
        size += len(content)
        if progress is not None:
            progress(len(digests), len(planned))
    removed = writing.remove(folder, before - digests.keys())
    made = manifest.manifest(dictionary, options.maker, digests)
    writing.write_one(folder, manifest.NAME, made.text)
    pages = sum(path.endswith(".html") for path in digests)
    return Published(folder, len(digests) + 1, pages, removed, size + len(made.text), made.digest)


def plan(
    dictionary: Dictionary,
    options: Options,
    previous: Sequence[Release] = (),
    coming: Release | None = None,
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """(path, how to make it) of every file but the manifest. Paths are unique; pages are made one by one when asked
    for, so that 50,000 of them need no memory.
    """
    facts = Facts.of(dictionary, options.day)
    told = chapters(Release(dictionary, options.day), previous, compare, options.day)
    ahead = Ahead.of(dictionary, options.day, _coming(dictionary, options.day, coming))
    shell = Shell(dictionary, options.maker)
    for page in (
        start_page(facts, soon(facts, ahead), news(facts, told)),
        needs_page(facts),
        rules_page(facts),
        ahead_page(facts, ahead),
        changes_page(facts, told),
        data_page(dictionary),
    ):
        yield page.path, partial(shell.frame, page)
    for key in dictionary.keys:
        for path, number in key_addresses(key):
            yield path, partial(_framed, shell, partial(key_page, facts, ahead, key, number))
        pages = ValuePages(facts, ahead, key)
        for value in key.values or ():
            yield addresses.value_page(key.name, value.value), partial(_framed, shell, partial(pages.page, value))
    for page in gone_pages(facts, told):
        yield page.path, partial(shell.frame, page)
    yield from _data(dictionary, told, ahead, options)
    yield from ((path, partial(bytes, content)) for path, content in index_files(facts))
    path, content = needs_file(dictionary)
    yield path, partial(bytes, content)
    for name in ASSETS:
        yield f"assets/{name}", partial(_asset, name)


def _coming(dictionary: Dictionary, day: date, coming: Release | None) -> Chapter | None:
    if coming is None:
        return None
    return Chapter(coming, dictionary, compare(dictionary, coming.dictionary, coming.day or day))


def _framed(shell: Shell, make: Callable[[], Page]) -> bytes:
    return shell.frame(make())


def _data(
    dictionary: Dictionary, told: Sequence[Chapter], ahead: Ahead, options: Options
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    yield "dictionary.json", lambda: canonical_json(dictionary).encode("utf-8", "surrogatepass")
    yield SCHEMA_FILE, lambda: read_data(SCHEMA_FILE).encode("utf-8")
    yield "values.csv", lambda: files.values_csv(dictionary)
    yield "changes.json", lambda: files.changes_json(dictionary, told, ahead)
    yield "feed.xml", lambda: files.feed(dictionary, told, options.day, options.home)


def _asset(name: str) -> bytes:
    return resources.files("tagwright_dictionary").joinpath("publishing", "assets", name).read_bytes()


def _distinct(dictionary: Dictionary, previous: Sequence[Release]) -> None:
    seen = {dictionary.version: dictionary}
    for release in previous:
        old = release.dictionary
        twin = seen.setdefault(old.version, old)
        if twin is not old:
            raise InputError(
                f"two dictionaries have version {old.version}: {twin.source or twin.name} and {old.source or old.name}",
                hint="each version of the changelog needs a number of its own; tagwright dictionary diff says which",
            )
