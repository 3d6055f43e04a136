"""Checking a published dictionary: its digest always, a signature where one is given, and that it loads.

Anything odd is a failure: no digest to compare with, two that differ, an archive with something else in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.lifecycle.given import read_alone
from tagwright_dictionary.lifecycle.release import MANIFEST, SUMS, read_sums
from tagwright_dictionary.lifecycle.signatures import VerificationError, check_signature
from tagwright_dictionary.loading.archive import MAGIC, files
from tagwright_dictionary.loading.documents import Documents
from tagwright_dictionary.loading.references import Kind, Reference, parse_reference

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Verified:
    """An artefact that passed. `pinned_by` says where the digest came from, `comment` is the signature's trusted one
    (None: there was no signature to check).
    """

    dictionary: Dictionary
    sha256: str
    pinned_by: str
    comment: str | None = None


def verify(
    source: str, *, sha256: str | None = None, signature: str | None = None, public_key: str | None = None
) -> Verified:
    """Check the artefact behind a path or https URL. Raises VerificationError (exit 1) when it is not as it should be,
    InputError or DictionaryError (exit 2) when it cannot be looked at.
    """
    if sha256 is not None and not _SHA256.fullmatch(sha256):
        raise InputError(
            f"--sha256 {sha256 or '(empty)'} is no SHA-256", hint="64 lower-case hex digits, as sha256sum prints them"
        )
    if signature is not None and public_key is None:
        raise InputError("--signature needs --public-key", hint="a signature says nothing without whose it should be")
    reference = _reference(source, sha256)
    pins = {"the reference": reference.sha256, "--sha256": sha256 or "", SUMS: _recorded(reference)}
    given = {where: pin for where, pin in pins.items() if pin}
    if not given:
        raise InputError(
            f"there is no digest to check {source} against",
            hint=f"give --sha256, or keep the {SUMS} of the release beside the file",
        )
    data = _bytes(reference)
    found = hashlib.sha256(data).hexdigest()
    for where, pin in given.items():
        if pin != found:
            raise VerificationError(
                f"{source} has the SHA-256 {found}, but {where} says {pin}",
                hint="do not use it: it is damaged, or not the file that was released",
            )
    comment = None
    if public_key is not None:
        comment = check_signature(data, _signature(reference, signature), public_key)
    dictionary = read_alone(data, reference.base)
    _check_contents(data, dictionary, reference)
    return Verified(dictionary, found, " and ".join(given), comment)


def _reference(source: str, sha256: str | None) -> Reference:
    if re.match(r"https?://", source, re.IGNORECASE) and "#" not in source:
        if sha256 is None:
            raise InputError(
                f"there is no digest to check {source} against", hint="give --sha256, or URL#sha256=<64 hex digits>"
            )
        source += f"#sha256={sha256}"
    reference = parse_reference(source)
    if reference.kind is Kind.GIT:
        raise InputError(f"{source} is a git reference, not an artefact", hint="name a file or an https URL")
    return reference


def _recorded(reference: Reference) -> str:
    """What the list of digests beside a local file says of it."""
    if reference.kind is not Kind.LOCAL:
        return ""
    path = Path(reference.base)
    sums = read_sums(path.parent / SUMS)
    if sums and path.name not in sums:
        raise VerificationError(
            f"{path.name} is not in the {SUMS} beside it", hint="it is none of the files released there"
        )
    return sums.get(path.name, "")


def _bytes(reference: Reference) -> bytes:
    with Documents(cached=False) as documents:
        if reference.kind is Kind.LOCAL:
            return documents.open(replace(reference, sha256="")).data
        from tagwright_dictionary.loading.remote import Fetcher  # noqa: PLC0415 - urllib only when needed

        # Fetched without its pin, so that a wrong digest is told as such, with the exit code of a failed check.
        return Fetcher(cached=False).fetch(replace(reference, sha256=""))


def _signature(reference: Reference, signature: str | None) -> Path:
    if signature is not None:
        return Path(signature)
    beside = Path(reference.base + ".minisig")
    if reference.kind is not Kind.LOCAL or not beside.exists():
        raise InputError(
            "--public-key needs a signature to check", hint="give --signature FILE (the .minisig file of the release)"
        )
    return beside


def _check_contents(data: bytes, dictionary: Dictionary, reference: Reference) -> None:
    name = Path(reference.base).name
    if data.startswith(MAGIC):
        _check_archive(data, dictionary, name)
    elif name.endswith(".json") and hashlib.sha256(data).hexdigest() != dictionary.digest:
        raise VerificationError(
            f"{name} is not the canonical JSON of its dictionary",
            hint="take the file that `tagwright dictionary release` wrote",
        )


def _check_archive(data: bytes, dictionary: Dictionary, name: str) -> None:
    members = files(data, name)
    told = [content for path, content in members.items() if path.rpartition("/")[2] == MANIFEST]
    try:
        manifest = json.loads(told[0]) if len(told) == 1 else None
    except (ValueError, RecursionError):
        manifest = None
    said = {"name": dictionary.name, "version": dictionary.version, "digest": dictionary.digest}
    if not isinstance(manifest, dict) or any(manifest.get(field) != value for field, value in said.items()):
        raise VerificationError(f"the manifest of {name} does not describe its dictionary", hint="fetch it again")
    if len(members) != 2:
        raise VerificationError(f"{name} holds more than a dictionary and its manifest", hint="fetch it again")
