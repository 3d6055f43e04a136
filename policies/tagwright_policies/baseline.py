"""The baseline: today's findings, accepted by fingerprint so that only new ones block. It can only shrink."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Finding, Location

FORMAT: Final = 1
_LARGEST = 64 * 1024 * 1024
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")
_FIELDS = ("fingerprint", "rule", "address", "key")
_HINT = "write a new one with --write-baseline"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One accepted finding. Only the fingerprint counts; the rest tells a reader what it is."""

    address: str
    rule: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted findings, sorted."""

    entries: tuple[Entry, ...] = ()

    @property
    def fingerprints(self) -> frozenset[str]:
        return frozenset(entry.fingerprint for entry in self.entries)

    def stale(self, findings: Iterable[Finding]) -> tuple[Entry, ...]:
        """The entries that none of the findings is behind any more."""
        seen = {finding.fingerprint for finding in findings}
        return tuple(entry for entry in self.entries if entry.fingerprint not in seen)

    def shrunk(self, findings: Iterable[Finding]) -> Baseline:
        """Without its stale entries. Nothing is ever added: a new finding has to be fixed."""
        gone = set(self.stale(findings))
        return Baseline(tuple(entry for entry in self.entries if entry not in gone))

    def dumps(self) -> str:
        """The file's text: JSON, one entry a line, the same bytes for the same entries."""
        lines = [
            json.dumps({name: getattr(entry, name) for name in _FIELDS}, ensure_ascii=True) for entry in self.entries
        ]
        body = ",\n".join(f"    {line}" for line in lines)
        return f'{{\n  "tagwright_baseline": {FORMAT},\n  "findings": [\n{body}\n  ]\n}}\n'


def of(findings: Iterable[Finding]) -> Baseline:
    """A baseline that accepts exactly these findings."""
    return Baseline(
        tuple(sorted({Entry(each.address, each.rule, each.key, each.fingerprint) for each in findings})),
    )


def load(path: str | Path) -> Baseline:
    """Read a baseline file. Raises `InputError`, with the place, where it is missing or is none: a gate that cannot
    read what was accepted must not guess.
    """
    where = Location(Path(path).as_posix())
    try:
        with Path(path).open("rb") as stream:
            raw = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"the baseline cannot be read: {reason}", hint=_HINT, location=where) from error
    if len(raw) > _LARGEST:
        raise InputError("the baseline is larger than 64 MiB", hint=_HINT, location=where)
    try:
        return parse(raw.decode("utf-8-sig"), where.path)
    except UnicodeDecodeError as error:
        raise InputError("the baseline is not UTF-8 text", hint=_HINT, location=where) from error


def parse(text: str, path: str) -> Baseline:
    """A baseline from its text; `path` is for messages. Raises `InputError`."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        place = Location(path, error.lineno, error.colno)
        raise InputError(f"the baseline is not JSON: {error.msg}", hint=_HINT, location=place) from error
    except (RecursionError, ValueError) as error:
        raise InputError("the baseline is not JSON that can be read", hint=_HINT, location=Location(path)) from error
    if not isinstance(document, dict) or document.get("tagwright_baseline") != FORMAT:
        raise InputError(
            f'the file is no baseline: it does not begin with "tagwright_baseline": {FORMAT}',
            hint=_HINT,
            location=Location(path),
        )
    findings = document.get("findings")
    if not isinstance(findings, list):
        raise InputError('the baseline has no list "findings"', hint=_HINT, location=Location(path))
    return Baseline(tuple(sorted({_entry(each, number, path) for number, each in enumerate(findings, 1)})))


def _entry(item: Any, number: int, path: str) -> Entry:
    if (
        not isinstance(item, dict)
        or not all(isinstance(item.get(name), str) for name in _FIELDS)
        or not _FINGERPRINT.fullmatch(item["fingerprint"])
    ):
        raise InputError(
            f"finding {number} of the baseline has no fingerprint of 32 hex digits with rule, address and key",
            hint=_HINT,
            location=Location(path),
        )
    return Entry(item["address"], item["rule"], item["key"], item["fingerprint"])
