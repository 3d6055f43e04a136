"""Publishing a dictionary as files that never change: canonical JSON, an archive, and their SHA-256.

NAME-VERSION.json is the dictionary with everything it pulls in; its SHA-256 is the dictionary's own digest.
NAME-VERSION.tar.gz holds the same with a manifest. Both are made of the dictionary alone, so that the same one gives
the same bytes anywhere, and both are read by `extends:` and `--dictionary`, pinned by `#sha256=`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import EXIT_BLOCKED, DictionaryError, InputError, OutputError
from tagwright_dictionary.lifecycle.changes import Diff
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.lifecycle.given import read_alone
from tagwright_dictionary.lifecycle.versions import parse_version
from tagwright_dictionary.loading import canonical_json, digest
from tagwright_dictionary.loading.archive import MEMBER
from tagwright_dictionary.loading.documents import MAX_BYTES

SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^/\0]+)")
_BLOCK = 65_535  # RFC 1951, 3.2.4: the longest stored block


class ReleaseRefusedError(DictionaryError):
    """The release would break a promise that an earlier one made."""

    exit_code = EXIT_BLOCKED


@dataclass(frozen=True, slots=True)
class Released:
    """What a release consists of: (file name, SHA-256) pairs, JSON first; `written` names those that are new."""

    dictionary: Dictionary
    files: tuple[tuple[str, str], ...]
    written: tuple[str, ...]
    previous: Diff | None = None


def artefacts(dictionary: Dictionary) -> dict[str, bytes]:
    """The files of a release by name. Raises DictionaryError when they could not be read back."""
    stem = f"{dictionary.name}-{dictionary.version}"
    document = canonical_json(dictionary).encode("utf-8")
    manifest = {
        "schema": 1,
        "name": dictionary.name,
        "version": dictionary.version,
        "digest": digest(dictionary),
        "extends": list(dictionary.layers),
    }
    told = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    made = {
        f"{stem}.json": document,
        f"{stem}.tar.gz": _archive({f"{stem}/{MEMBER}": document, f"{stem}/{MANIFEST}": told}),
    }
    for name, data in made.items():
        if len(data) > MAX_BYTES:
            raise DictionaryError(
                f"{name} would be larger than {MAX_BYTES // 1024 // 1024} MiB, which nobody could load",
                hint="split the dictionary",
            )
        if read_alone(data, name).digest != manifest["digest"]:
            raise DictionaryError(f"{name} would not say the same as the dictionary", hint="report this, please")
    return made


def release(dictionary: Dictionary, folder: Path, today: date) -> Released:
    """Write the artefacts into `folder`. A release that is there stays as it is: the same again is fine, another one
    under its version is refused, and so is a version too low for what changed since the last release there.

    Raises ReleaseRefusedError (exit 1), InputError for a damaged folder, OutputError.
    """
    made = artefacts(dictionary)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be made: {error.strerror}", hint="name a folder that you may write"
        ) from None
    sums = read_sums(folder / SUMS)
    _check_kept(folder, sums)
    for name, data in made.items():
        known = _read(folder / name)
        recorded = sums.get(name)
        if (known is not None and known != data) or (recorded is not None and recorded != _sha256(data)):
            raise ReleaseRefusedError(
                f"{name} was released with other content",
                hint="a release never changes: raise the version (`tagwright dictionary diff` says to what)",
            )
    previous = _previous(dictionary, folder, sums)
    since = diff(previous, dictionary, today) if previous is not None else None
    if since is not None and not since.version_matches:
        raise ReleaseRefusedError(
            f"version {dictionary.version} is too low: the changes since {since.old.version} demand {since.demands}",
            hint=f"set version: {since.demands} ({since.bump.word}), or higher",
        )
    written = tuple(name for name, data in made.items() if _create(folder / name, data))
    sums |= {name: _sha256(data) for name, data in made.items()}
    _replace(folder / SUMS, "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode())
    return Released(dictionary, tuple((name, _sha256(data)) for name, data in made.items()), written, since)


def read_sums(path: Path) -> dict[str, str]:
    """File name to SHA-256, as sha256sum writes it; {} when there is no such file. Raises InputError when broken."""
    data = _read(path)
    if data is None:
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found:
            raise InputError(f"{path.name}, line {number} is not what sha256sum writes", hint="restore the file")
        found[match[2]] = match[1]
    return found


def _archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(files[name]), 0o644, 0
            archive.addfile(entry, io.BytesIO(files[name]))
    return _gzip(buffer.getvalue())


def _gzip(data: bytes) -> bytes:
    """Gzip by stored blocks: what a compressor makes differs between its versions, this never does."""
    blocks = [data[start : start + _BLOCK] for start in range(0, len(data), _BLOCK)] or [b""]
    out = [b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"]  # no name, no time, no system
    for place, block in enumerate(blocks, 1):
        size = len(block).to_bytes(2, "little")
        out += [bytes([place == len(blocks)]), size, bytes(each ^ 0xFF for each in size), block]
    return b"".join([*out, zlib.crc32(data).to_bytes(4, "little"), (len(data) & 0xFFFFFFFF).to_bytes(4, "little")])


def _check_kept(folder: Path, sums: dict[str, str]) -> None:
    for name, recorded in sums.items():
        data = _read(folder / name)
        if data is not None and _sha256(data) != recorded:
            raise InputError(
                f"{folder / name} is not what {SUMS} says: somebody changed it",
                hint="restore the folder before releasing into it",
            )


def _previous(dictionary: Dictionary, folder: Path, sums: dict[str, str]) -> Dictionary | None:
    """The latest release there that is older than this one."""
    stem, mine = f"{dictionary.name}-", parse_version(dictionary.version)
    older = []
    for name in sums:
        if not (name.startswith(stem) and name.endswith(".json")):
            continue
        with suppress(ValueError):
            version = parse_version(name.removeprefix(stem).removesuffix(".json"))
            if version.order < mine.order:
                older.append((version.order, name))
    if not older:
        return None
    name = max(older)[1]
    data = _read(folder / name)
    if data is None:
        raise InputError(f"{folder / name} is in {SUMS} but missing", hint="restore it: this release is compared to it")
    return read_alone(data, name)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint="check the folder") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{path} is larger than {MAX_BYTES // 1024 // 1024} MiB", hint="it is no release")
    return data


def _create(path: Path, data: bytes) -> bool:
    """Write a file that must not be there; False when it is (its content has been compared)."""
    temporary = _temporary(path, data)
    try:
        os.link(temporary, path)
    except FileExistsError:
        if _read(path) != data:
            raise ReleaseRefusedError(
                f"{path.name} was released by somebody else meanwhile", hint="look at what is there, then run it again"
            ) from None
        return False
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}", hint="check the folder and the disk") from None
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _replace(path: Path, data: bytes) -> None:
    temporary = _temporary(path, data)
    try:
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written: {error.strerror}", hint="check the folder and the disk") from None


def _temporary(path: Path, data: bytes) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            temporary.chmod(0o644)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}", hint="check the folder and the disk") from None
    return temporary
