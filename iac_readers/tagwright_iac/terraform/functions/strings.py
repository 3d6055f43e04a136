"""String functions. Letters change case one by one, as in Go: "ß" has no capital letter, "ς" no special place."""

from __future__ import annotations

from collections.abc import Callable

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.functions import graphemes
from tagwright_iac.terraform.functions.signature import COUNT, TEXT, TEXT_LIST, function, normal
from tagwright_iac.terraform.values import EvalError, ListValue, Number, UnknownValue, Value, first_unknown

_SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def _upper_letter(char: str) -> str:
    changed = char.upper()
    if len(changed) == 1:
        return changed
    changed = char.title()
    return changed if len(changed) == 1 else char


def _lower_letter(char: str) -> str:
    return char.lower()[:1]


def _title_letter(char: str) -> str:
    changed = char.title()
    return changed if len(changed) == 1 else char


def _upper(ctx: CallContext, text: str) -> str:
    del ctx
    return str(text).upper() if text.isascii() else normal("".join(map(_upper_letter, text)))


def _lower(ctx: CallContext, text: str) -> str:
    del ctx
    return str(text).lower() if text.isascii() else normal("".join(map(_lower_letter, text)))


def _separates(char: str) -> bool:
    """Whether the letter behind `char` begins a word."""
    if char.isascii():
        return not (char.isalnum() or char == "_")
    return char in _SPACES


def _title(ctx: CallContext, text: str) -> str:
    del ctx
    out = []
    before = " "
    for char in text:
        out.append(_title_letter(char) if _separates(before) else char)
        before = char
    return normal("".join(out))


def _strrev(ctx: CallContext, text: str) -> str:
    del ctx
    return normal("".join(reversed(graphemes.clusters(text))))


def _substr(ctx: CallContext, text: str, offset: Number, count: Number) -> str:
    del ctx
    start, size = numbers.to_int(offset), numbers.to_int(count)
    parts = graphemes.clusters(text)
    if start < 0:
        start = max(start + len(parts), 0)
        size = size or -1  # Terraform gives the rest of the string for a length of 0 counted from the end
    end = None if size < 0 else start + size
    return normal("".join(parts[start:end]))


def _join(ctx: CallContext, separator: str, *lists: tuple[Value, ...] | UnknownValue) -> Value:
    if isinstance(separator, UnknownValue):
        return separator.derived(not_null=True)
    if not lists:
        raise EvalError("at least one list is required")
    items: list[str] = []
    for given in lists:
        if isinstance(given, UnknownValue):
            return given.derived(not_null=True, prefix=separator.join(items))
        for item in given:
            if item is None:
                raise EvalError("cannot concatenate null values")
            if isinstance(item, UnknownValue):
                return item.derived(not_null=True, prefix=separator.join([*items, item.prefix]))
            ctx.spend(len(separator) + len(item))
            items.append(item)
    return normal(separator.join(items))


def _split(ctx: CallContext, separator: str, text: str) -> Value:
    parts = text.split(separator) if separator else list(text)
    ctx.spend(len(parts))
    return ListValue(normal(part) for part in parts)


def _sort(ctx: CallContext, items: tuple[Value, ...] | UnknownValue) -> Value:
    del ctx
    if isinstance(items, UnknownValue):
        return items.derived(not_null=True)
    unknown = first_unknown(items)
    if unknown is not None:  # as many strings as before, but any of them may come first
        return ListValue(unknown.derived() for _ in items)
    if any(item is None for item in items):
        raise EvalError("a null string cannot be sorted")
    return ListValue(sorted(items))


def _replace(ctx: CallContext, text: str, old: str, new: str) -> str:
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        from tagwright_iac.terraform.functions.regexes import replace_all  # noqa: PLC0415  # the engine is optional

        return normal(replace_all(ctx, text, old[1:-1], new))
    ctx.spend(text.count(old) * len(new) + len(text))
    return normal(text.replace(old, new))


def _indent(ctx: CallContext, spaces: Number, text: str) -> str:
    width = numbers.to_int(spaces)
    if width < 0:
        raise EvalError("the number of spaces must not be negative")
    ctx.spend(text.count("\n") * width + width + len(text))
    return text.replace("\n", "\n" + " " * width)


def _startswith(ctx: CallContext, text: str | UnknownValue, prefix: str | UnknownValue) -> Value:
    del ctx
    if isinstance(prefix, UnknownValue):
        return prefix.derived(not_null=True)
    if isinstance(text, UnknownValue):
        if text.prefix.startswith(prefix):
            return True
        if not prefix.startswith(text.prefix):
            return False
        return text.derived(not_null=True)
    return text.startswith(prefix)


def _two(of: Callable[[str, str], Value]) -> Callable[[CallContext, str, str], Value]:
    return lambda _ctx, text, other: of(text, other)


def _one(of: Callable[[str], Value]) -> Callable[[CallContext, str], Value]:
    return lambda _ctx, text: of(text)


def _cut(text: str, cutset: str) -> str:
    return normal(text.strip(cutset)) if cutset else text


FUNCTIONS = {
    "chomp": function(_one(lambda text: text.rstrip("\r\n")), TEXT),
    "endswith": function(_two(str.endswith), TEXT, TEXT),
    "indent": function(_indent, COUNT, TEXT),
    "join": function(_join, TEXT, rest=TEXT_LIST, strict=False),
    "lower": function(_lower, TEXT),
    "replace": function(_replace, TEXT, TEXT, TEXT),
    "sort": function(_sort, TEXT_LIST, strict=False, spread=False),
    "split": function(_split, TEXT, TEXT),
    "startswith": function(_startswith, TEXT, TEXT, strict=False),
    "strcontains": function(_two(lambda text, other: other in text), TEXT, TEXT),
    "strrev": function(_strrev, TEXT),
    "substr": function(_substr, TEXT, COUNT, COUNT),
    "title": function(_title, TEXT),
    "trim": function(_two(_cut), TEXT, TEXT),
    "trimprefix": function(_two(lambda text, other: normal(text.removeprefix(other))), TEXT, TEXT),
    "trimspace": function(_one(lambda text: normal(text.strip(_SPACES))), TEXT),
    "trimsuffix": function(_two(lambda text, other: normal(text.removesuffix(other))), TEXT, TEXT),
    "upper": function(_upper, TEXT),
}
