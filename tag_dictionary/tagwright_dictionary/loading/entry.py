"""Loading and validating a dictionary: the two doors of this package."""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import compiled
from tagwright_dictionary.loading.canonical import canonical_json
from tagwright_dictionary.loading.documents import Documents, display_path
from tagwright_dictionary.loading.references import Kind, Reference, parse_reference


def load(source: str | Path | Reference, *, cache: bool = True) -> Dictionary:
    """The validated dictionary behind a path, a pinned https URL or a pinned git reference (see `references`).

    Raises DictionaryError with file, line, column, what was found and the fix; further mistakes are in its `related`.
    With `cache` a dictionary that was validated before, and whose files are unchanged, is read from the user's cache,
    and a pinned remote file is fetched once. Without it nothing of the cache is read or written.
    """
    reference = _reference(source)
    with collector_paused():
        dictionary = compiled.recall(reference) if cache else None
    if dictionary is None:
        from tagwright_dictionary.loading.reading import read  # noqa: PLC0415 - a cached load does without

        with collector_paused(), Documents(cached=cache) as documents:
            dictionary = read(reference, documents)
            dictionary = replace(dictionary, digest=digest(dictionary), _index={})
            if cache:
                compiled.remember(reference, dictionary, documents.entries)
    return replace(dictionary, source=_words(reference), _index={})


def validate(source: str | Path) -> tuple[DictionaryError, ...]:
    """Every mistake of the dictionary and of what it pulls in, one error each, in file, line and column order; () when
    it is valid. Never raises for a bad dictionary, and never trusts the cache for the verdict.
    """
    from tagwright_dictionary.loading.problems import flatten  # noqa: PLC0415 - only on the error path

    try:
        load(source, cache=False)
    except DictionaryError as error:
        return flatten(error)
    return ()


def digest(dictionary: Dictionary) -> str:
    """SHA-256 (hex) of the canonical JSON."""
    return hashlib.sha256(canonical_json(dictionary).encode("utf-8")).hexdigest()


def _reference(source: str | Path | Reference) -> Reference:
    if isinstance(source, Reference):
        return source
    if isinstance(source, Path):
        if "\0" in str(source):
            raise DictionaryError("the path holds a NUL character", hint="give a plain path")
        return Reference(Kind.LOCAL, str(source))
    return parse_reference(source)


def _words(reference: Reference) -> str:
    if reference.kind is not Kind.LOCAL:
        return str(reference)
    return display_path(os.path.abspath(reference.base))  # noqa: PTH100 - keeps symlinks, as the user named it


@contextmanager
def collector_paused() -> Iterator[None]:
    """Nothing that loading builds is garbage; looking through it again and again triples the time of a large one."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
