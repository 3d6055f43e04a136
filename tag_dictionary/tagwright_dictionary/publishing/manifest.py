"""`manifest.json`: every file of a site with its digest. It proves what was published, marks a folder as ours, and
says what an earlier build has left there.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tagwright_dictionary.dictionary import Dictionary

NAME = "manifest.json"
MADE_BY = "tagwright dictionary publish"

# What `addresses` and this package name files: nothing else is believed of a manifest that lies in a folder.
_PATH = re.compile(r"(?:[a-z0-9][A-Za-z0-9._@~-]*/){0,3}[a-z0-9~][A-Za-z0-9._@~-]*")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The digest of a site is the SHA-256 of its files' paths and digests, so one number stands for all of it."""

    text: bytes
    digest: str


def manifest(dictionary: Dictionary, maker: str, files: Mapping[str, str]) -> Manifest:
    """The manifest of the files, path to SHA-256 (hex)."""
    ordered = dict(sorted(files.items()))
    digest = hashlib.sha256("".join(f"{value}  {path}\n" for path, value in ordered.items()).encode()).hexdigest()
    document = {
        "made_by": MADE_BY,
        "maker": maker,
        "dictionary": {"name": dictionary.name, "version": dictionary.version, "digest": dictionary.digest},
        "digest": digest,
        "files": ordered,
    }
    return Manifest((json.dumps(document, ensure_ascii=True, indent=0) + "\n").encode("ascii"), digest)


def unfinished(paths: Iterable[str]) -> bytes:
    """What stands in the manifest's place while a build runs: all that may be there if it is cut off."""
    document = {"made_by": MADE_BY, "unfinished": True, "files": dict.fromkeys(sorted(paths), "")}
    return (json.dumps(document, ensure_ascii=True, indent=0) + "\n").encode("ascii")


def listed(text: bytes) -> frozenset[str] | None:
    """The files that a manifest of ours lists; None when it is none. Paths that we would not write are ignored: the
    file may have been changed by anybody.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.get("made_by") != MADE_BY:
        return None
    files = document.get("files")
    if not isinstance(files, dict):
        return None
    return frozenset(path for path in files if _PATH.fullmatch(path) and ".." not in path.split("/"))
