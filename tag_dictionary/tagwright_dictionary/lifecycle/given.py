"""Reading a dictionary from bytes that are not, or not yet, what stands on disk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import digest
from tagwright_dictionary.loading.documents import Document, Documents
from tagwright_dictionary.loading.entry import collector_paused
from tagwright_dictionary.loading.reading import read
from tagwright_dictionary.loading.references import Kind, Reference
from tagwright_dictionary.model import Location


class _Edited(Documents):
    """The files on disk, but with other bytes for some of them."""

    def __init__(self, replaced: Mapping[str, bytes]) -> None:
        super().__init__(cached=False)
        self._replaced = replaced

    def open(self, reference: Reference, named_at: Location | None = None, inside: str = "") -> Document:
        plain = replace(reference, sha256="") if self._real(reference) in self._replaced else reference
        document = super().open(plain, named_at, inside)
        data = self._replaced.get(self._real(document.reference))
        return document if data is None else replace(document, data=data)

    @staticmethod
    def _real(reference: Reference) -> str:
        return os.path.realpath(reference.base) if reference.kind is Kind.LOCAL else ""


class _Alone(Documents):
    """One document and no other."""

    def __init__(self, data: bytes, display: str) -> None:
        super().__init__(cached=False)
        self._data: bytes | None = data
        self._display = display

    def open(self, reference: Reference, named_at: Location | None = None, inside: str = "") -> Document:  # noqa: ARG002
        if self._data is None:
            raise DictionaryError(
                f"it names another file, {reference.display}: an artefact holds everything it needs",
                hint="publish it with `tagwright dictionary release`",
                location=named_at,
            )
        data, self._data = self._data, None
        return Document(reference, self._display, data)


def read_edited(path: str | Path, replaced: Mapping[Path, bytes]) -> Dictionary:
    """The dictionary at `path` as it would be if those files had those bytes. Raises DictionaryError as `load` does."""
    bytes_of = {os.path.realpath(file): data for file, data in replaced.items()}
    with collector_paused(), _Edited(bytes_of) as documents:
        found = read(Reference(Kind.LOCAL, str(path)), documents)
    return replace(found, digest=digest(found), _index={})


def read_alone(data: bytes, display: str) -> Dictionary:
    """The dictionary in those bytes, which name no other file. Raises DictionaryError."""
    with collector_paused(), _Alone(data, display) as documents:
        found = read(Reference(Kind.LOCAL, display), documents)
    return replace(found, digest=digest(found), source=display, _index={})
