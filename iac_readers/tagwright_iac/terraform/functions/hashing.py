"""Digests and identifiers. What is random by nature (`uuid`, `bcrypt`) is unknown."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable

from tagwright_iac.terraform.calling import CallContext, Function
from tagwright_iac.terraform.functions.encoding import encode_base64
from tagwright_iac.terraform.functions.signature import COUNT, TEXT, function
from tagwright_iac.terraform.values import EvalError, UnknownValue, Value

_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}
_HEX = "[0-9a-fA-F]"
_PLAIN = f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_UUID = re.compile(f"(?:[uU][rR][nN]:[uU][uU][iI][dD]:)?({_PLAIN})|.({_PLAIN}).|({_HEX}{{32}})", re.DOTALL)

DIGESTS: dict[str, Callable[[bytes], str]] = {
    "base64sha256": lambda data: encode_base64(hashlib.sha256(data).digest()),
    "base64sha512": lambda data: encode_base64(hashlib.sha512(data).digest()),
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).hexdigest(),
    "sha256": lambda data: hashlib.sha256(data).hexdigest(),
    "sha512": lambda data: hashlib.sha512(data).hexdigest(),
}
"""The digest of bytes, by the name of the function."""


def _digest(of: Callable[[bytes], str]) -> Function:
    def call(ctx: CallContext, text: str) -> Value:
        ctx.spend(len(text))
        return of(text.encode())

    return function(call, TEXT)


def _uuid(ctx: CallContext) -> Value:
    del ctx
    return UnknownValue("uuid() is only known after apply", not_null=True)


def _bcrypt(ctx: CallContext, text: str, *cost: object) -> Value:
    del ctx, text, cost
    return UnknownValue("bcrypt() is only known after apply", not_null=True)


def _rsadecrypt(ctx: CallContext, text: str, key: str) -> Value:
    del ctx, text, key
    return UnknownValue("rsadecrypt() is not evaluated here", not_null=True, sensitive=True)


def _uuidv5(ctx: CallContext, namespace: str, name: str) -> Value:
    del ctx
    space = _NAMESPACES.get(namespace)
    if space is None:
        found = _UUID.fullmatch(namespace)
        if found is None:
            raise EvalError("uuidv5() doesn't support this namespace")
        space = uuid.UUID(found[1] or found[2] or found[3])
    return str(uuid.uuid5(space, str(name)))


FUNCTIONS = {name: _digest(of) for name, of in DIGESTS.items()} | {
    "bcrypt": function(_bcrypt, TEXT, rest=COUNT, optional=1),
    "rsadecrypt": function(_rsadecrypt, TEXT, TEXT),
    "uuid": function(_uuid),
    "uuidv5": function(_uuidv5, TEXT, TEXT),
}
