"""The dictionary inside a release archive (`tagwright dictionary release` writes them): NAME-VERSION.tar.gz.

Hostile archives are normal: nothing is extracted to disk, sizes are bounded before anything is unpacked, and the
archive holds exactly one dictionary.
"""

from __future__ import annotations

import io
import tarfile
import zlib

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.model import Location

MAGIC = b"\x1f\x8b"
MEMBER = "dictionary.json"
MAX_BYTES = 16 * 1024 * 1024
MAX_MEMBERS = 16


def unpacked(data: bytes, display: str) -> bytes:
    """The bytes of the dictionary in a gzipped tar archive. Raises DictionaryError for anything odd."""
    members = files(data, display)
    found = [name for name in members if name.rpartition("/")[2] == MEMBER]
    if len(found) != 1:
        raise _odd(display, f"it holds {len(found) or 'no'} {MEMBER}")
    return members[found[0]]


def files(data: bytes, display: str) -> dict[str, bytes]:
    """Every file of the archive by its name. Raises DictionaryError for anything but plain files with safe names."""
    plain = _gunzip(data, display)
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            while (member := archive.next()) is not None:
                parts = member.name.split("/")
                if not member.isreg() or member.name.startswith("/") or ".." in parts or member.name in found:
                    raise _odd(display, f"the entry {member.name[:60]!r} is no plain file, or is there twice")
                if len(found) >= MAX_MEMBERS:
                    raise _odd(display, f"it holds more than {MAX_MEMBERS} files")
                stream = archive.extractfile(member)
                content = stream.read(MAX_BYTES + 1) if stream is not None else b""
                if len(content) != member.size:
                    raise _odd(display, f"the entry {member.name[:60]!r} is cut short")
                found[member.name] = content
    except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise _odd(display, str(error)[:100] or type(error).__name__) from None
    return found


def _gunzip(data: bytes, display: str) -> bytes:
    limit = 2 * MAX_BYTES
    engine = zlib.decompressobj(wbits=31)
    try:
        plain = engine.decompress(data, limit + 1)
    except zlib.error as error:
        raise _odd(display, f"not gzip: {error}") from None
    if len(plain) > limit:
        raise _odd(display, f"it unpacks to more than {limit // 1024 // 1024} MiB")
    if not engine.eof or engine.unused_data:
        raise _odd(display, "it is cut short, or something follows it")
    return plain


def _odd(display: str, why: str) -> DictionaryError:
    return DictionaryError(
        f"this is not a release archive of a dictionary: {why}",
        hint="take the archive that `tagwright dictionary release` wrote, or its JSON file",
        location=Location(display),
    )
