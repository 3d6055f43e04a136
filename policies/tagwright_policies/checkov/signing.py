"""Signatures as Checkov's `--external-checks-public-key` expects them (3.3 and newer).

Each Python file ends with a line `# checkov-digest: <hex>`: the DER form of an ECDSA P-256 signature over the SHA-256
of everything before that line. The check file holds the archive's SHA-256 and compares it before it runs anything, so
the signature covers the archive as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tagwright_dictionary.errors import InputError, MissingExtraError
from tagwright_dictionary.model import Location

TRAILER = b"# checkov-digest: "


def signed(files: Iterable[tuple[str, bytes]], key: Path) -> tuple[tuple[str, bytes], ...]:
    """The files with every Python file signed by the private key in PEM. The same key and files give the same bytes
    (RFC 6979). Raises InputError for a key that cannot be used, MissingExtraError without the library.
    """
    try:
        from ecdsa import NIST256p, SigningKey  # noqa: PLC0415 - only signing needs it
        from ecdsa.util import sigencode_der  # noqa: PLC0415
    except ImportError:
        raise MissingExtraError("checkov", "signing a bundle") from None
    hint = "openssl ecparam -name prime256v1 -genkey -noout -out key.pem"
    try:
        private = SigningKey.from_pem(key.read_bytes())
    except OSError as error:
        raise InputError(f"the key cannot be read: {error.strerror}", location=Location(str(key))) from error
    except Exception as error:  # the library raises whatever its parser met
        raise InputError("this is no private key in PEM", hint=hint, location=Location(str(key))) from error
    if private.curve != NIST256p:
        raise InputError("Checkov takes keys on the curve P-256 only", hint=hint, location=Location(str(key)))
    made = []
    for name, data in files:
        if name.endswith(".py"):
            signature = private.sign_deterministic(data, hashfunc=hashlib.sha256, sigencode=sigencode_der)
            made.append((name, data + TRAILER + signature.hex().encode() + b"\n"))
        else:
            made.append((name, data))
    return tuple(made)
