"""`yamldecode`: YAML as go-cty-yaml reads it (YAML 1.2 numbers, YAML 1.1 booleans, timestamps as strings)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.conversion import INFINITY, to_string
from tagwright_iac.terraform.functions.dates import moment
from tagwright_iac.terraform.functions.encoding import decode_base64
from tagwright_iac.terraform.functions.signature import TEXT, function, normal
from tagwright_iac.terraform.values import EvalError, LimitError, ObjectValue, UnknownValue, Value

_MAX_DEPTH = 200
_PREFIX = "tag:yaml.org,2002:"
_TAGS = {"", *(_PREFIX + name for name in ("str", "bool", "int", "float", "null", "timestamp", "binary"))}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:"
    r"[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(?:(Z)|([+-])(\d\d):(\d\d))"
    r"| +(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?)?",
    re.ASCII,
)
_TRUE = {word for plain in ("y", "yes", "true", "on") for word in (plain, plain.capitalize(), plain.upper())}
_FALSE = {word for plain in ("n", "no", "false", "off") for word in (plain, plain.capitalize(), plain.upper())}
_NULL = {"", "~", "null", "Null", "NULL"}
_INFINITE = {sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}
_MERGE = object()


def _decode(ctx: CallContext, text: str) -> Value:
    ctx.spend(len(text))
    import yaml  # noqa: PLC0415  # most configurations decode no YAML

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events = yaml.parse(str(text) or "\n", Loader=loader)
    try:
        return _Reader(ctx, events, yaml).document()
    except yaml.YAMLError as error:
        raise EvalError(f"invalid YAML: {getattr(error, 'problem', None) or 'it does not parse'}") from None


class _Reader:
    """Builds values from the parser's events. What an alias repeats is paid for again."""

    def __init__(self, ctx: CallContext, events: Iterator[Any], yaml: Any) -> None:
        self._ctx = ctx
        self._events = events
        self._yaml = yaml
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._size = 0

    def document(self) -> Value:
        next(self._events)
        if not isinstance(next(self._events), self._yaml.DocumentStartEvent):
            raise EvalError("missing start of document")
        value = self._node(next(self._events), 0)
        next(self._events)
        if not isinstance(next(self._events), self._yaml.StreamEndEvent):
            raise EvalError("only a single document is allowed")
        return value

    def _node(self, event: Any, depth: int) -> Value:
        if depth > _MAX_DEPTH:
            raise LimitError("a YAML document deeper than a gate may spend")
        self._size += 1
        yaml = self._yaml
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise EvalError(f'reference to undefined anchor "{event.anchor}"')
            value, size = self._anchors[event.anchor]
            self._ctx.spend(size)
            self._size += size
            return value
        start = self._size
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        else:
            # While an anchor's node is being read, it cannot be referred to, not even an older one of that name.
            self._anchors.pop(event.anchor, None)
            mapping = isinstance(event, yaml.MappingStartEvent)
            if event.tag not in (None, "!", _PREFIX + ("map" if mapping else "seq")):
                raise EvalError(f"can't interpret a collection as {event.tag}")
            value = self._mapping(depth) if mapping else self._sequence(depth)
        if event.anchor:
            self._anchors[event.anchor] = (value, self._size - start + 1)
        return value

    def _scalar(self, event: Any) -> Value:
        value = _resolve(event)
        if value is _MERGE:
            return "<<"
        if event.tag in (None, "!") and not event.implicit[0] and value is not None:
            return to_string(value)  # a quoted or block scalar is a string, however it reads
        return value

    def _sequence(self, depth: int) -> Value:
        items = []
        while not isinstance(event := next(self._events), self._yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return tuple(items)

    def _mapping(self, depth: int) -> Value:
        entries: dict[str, Value] = {}
        while not isinstance(event := next(self._events), self._yaml.MappingEndEvent):
            if not isinstance(event, self._yaml.ScalarEvent):
                raise EvalError("only strings are allowed as mapping keys")
            key = _resolve(event)
            value = self._node(next(self._events), depth + 1)
            if key is _MERGE:
                if not isinstance(value, ObjectValue):
                    raise EvalError("cannot merge this into a mapping")
                entries.update(value)
                continue
            if key is None:
                raise EvalError("mapping key cannot be null")
            name = to_string(key)
            if isinstance(name, UnknownValue):
                raise EvalError("mapping key must be known")
            entries[name] = value
        return ObjectValue(entries)


def _resolve(event: Any) -> Any:
    """The value of one scalar, or `_MERGE`."""
    text: str = event.value
    tag = "" if event.tag in (None, "!") else event.tag
    if tag not in _TAGS:
        raise EvalError(f'unsupported tag "{tag}"')
    kind = tag.removeprefix(_PREFIX)
    if (not text or text[0] in "+-0123456789yYnNtTfFoO~.") and kind not in ("str", "binary"):
        if event.style in ("'", '"'):
            return normal(text)
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        if text in _NULL:
            return None
        if text in _INFINITE:
            return UnknownValue(INFINITY, not_null=True)
        if not kind and text in (".nan", ".NaN", ".NAN"):
            raise EvalError("floating point NaN is not supported")
        if text[0] in "+-.0123456789":
            found = _numeric(text, kind)
            if found is not None:
                return found
    if not kind and text == "<<":
        return _MERGE
    return _tagged(text, kind)


def _numeric(text: str, kind: str) -> Value:
    """A timestamp or number; None when `text` is neither."""
    if text[0] == ".":
        try:
            return numbers.parse(text)
        except EvalError:
            return None
    if kind in ("", "timestamp"):
        stamp = _timestamp(text)
        if stamp is not None:
            return stamp
    if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
        return _number(text)
    return None


def _number(text: str) -> Value:
    plain = text.replace("_", "")
    try:
        return numbers.parse(plain)
    except EvalError:
        pass
    try:
        number = int(plain, 0)
    except ValueError:
        raise EvalError(f'cannot parse "{text[:40]}" as a number') from None
    if not -(1 << 63) <= number < 1 << 64:
        raise EvalError(f'cannot parse "{text[:40]}" as a number')
    return numbers.counted(number)


def _tagged(text: str, kind: str) -> Value:
    if kind == "null":
        return None
    if kind in ("int", "float"):
        return _number(text)
    if kind == "bool":
        raise EvalError(f'cannot parse "{text[:40]}" as a bool')
    if kind == "timestamp":
        stamp = _timestamp(text)
        if stamp is None:
            raise EvalError(f'cannot parse "{text[:40]}" as a timestamp')
        return stamp
    if kind == "binary":
        decode_base64(text)
    return normal(text)


def _timestamp(text: str) -> str | None:
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        return None
    groups = found.groups()
    hour, minute, second = (int(one or other or 0) for one, other in zip(groups[3:6], groups[10:13], strict=True))
    offset = 0
    if groups[7]:
        offset = (int(groups[8]) * 3600 + int(groups[9]) * 60) * (-1 if groups[7] == "-" else 1)
    when = moment((int(groups[0]), int(groups[1]), int(groups[2])), (hour, minute, second), 0, offset)
    return None if when is None else when.rfc3339()


FUNCTIONS = {"yamldecode": function(_decode, TEXT, not_null=False)}
