"""Checking minisign signatures with py-minisign (https://github.com/x13a/py-minisign), which does the cryptography."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tagwright_dictionary.errors import EXIT_BLOCKED, DictionaryError, InputError, MissingExtraError

_LARGEST = 64 * 1024


class VerificationError(DictionaryError):
    """The artefact is not what it should be (exit 1)."""

    exit_code = EXIT_BLOCKED


def check_signature(data: bytes, signature: Path, public_key: str) -> str:
    """The trusted comment of the signature file, whose signature of `data` by `public_key` is valid.

    `public_key` is a file that minisign wrote, or its second line. Raises VerificationError for a wrong signature,
    InputError for what is neither signature nor key, MissingExtraError without the library.
    """
    try:
        import minisign  # noqa: PLC0415 - the extra `release`
    except ImportError:
        raise MissingExtraError("release", "checking a signature") from None
    key = _key(minisign, public_key)
    try:
        parsed = minisign.Signature.from_bytes(_bytes(signature, "signature"))
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{signature} is not a minisign signature: {error}", hint="take the .minisig file that `minisign -S` wrote"
        ) from None
    try:
        key.verify(data, parsed)
    except (minisign.VerifyError, ValueError) as error:
        raise VerificationError(
            f"the signature in {signature} is not one of this file by that key: {error}",
            hint="do not use the file: fetch it and its signature again, and check the key with its owner",
        ) from None
    comment: str = parsed.trusted_comment
    return comment


def _key(minisign: Any, text: str) -> Any:
    try:
        if len(text) == 56 and "/" not in text[:3] and not Path(text).exists():  # 42 bytes in base64
            return minisign.PublicKey.from_base64(text)
        data = _bytes(Path(text), "public key")
        lines = data.split()
        return minisign.PublicKey.from_base64(data.strip()) if len(lines) == 1 else minisign.PublicKey.from_bytes(data)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{text} is not a minisign public key: {error}", hint="take the minisign.pub file, or its second line"
        ) from None


def _bytes(path: Path, what: str) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the {what} {path} cannot be read: {reason}", hint="check the path") from None
    if len(data) > _LARGEST:
        raise InputError(f"{path} is too large for a {what}", hint="check the path")
    return data
