"""Arithmetic on `Tags` with unknowns: layers, doubts, tags that travelled.

The one law behind all of it: a layer of which something cannot be seen may override what lies below it, and may add
keys. So below an incomplete layer every value is unknown, and the whole is incomplete (SEMANTICS 7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from tagwright_dictionary.model import NO_TAGS, Origin, Tag, Tags, Unknown

_LARGEST_BITS = 4096
_NOT_WRITTEN = Unknown("the number is too long to be a tag's value")
UNSEEN = Unknown("further tags may exist that cannot be seen")


def tags_of(items: Iterable[Tag]) -> Tags:
    """Complete tags of these items, sorted; of equal keys the last wins."""
    by_key = {tag.key: tag for tag in items}
    return Tags(tuple(by_key[key] for key in sorted(by_key)))


def unseen(cause: Unknown) -> Tags:
    """Tags of which nothing can be seen."""
    return Tags((), complete=False, cause=cause)


def layers(*stack: Tags) -> Tags:
    """The later over the earlier."""
    merged: dict[str, Tag] = {}
    cause: Unknown | None = None
    for tags in stack:
        if not tags.complete:
            cause = tags.cause or UNSEEN
            merged = {key: replace(tag, value=cause) for key, tag in merged.items()}
        merged.update((tag.key, tag) for tag in tags.items)
    return Tags(tuple(merged[key] for key in sorted(merged)), complete=cause is None, cause=cause)


def shared(own: Tags, users: Iterable[Tags]) -> Tags:
    """`own`, and of what each of `users` adds to it only the keys that all of them add: with different values it is
    not known which one arrives. Incomplete when one of them is, for what none of the others rules out.
    """
    others = list(users)
    if not others:
        return own
    items = list(own.items)
    for tag in others[0].items:
        if own.get(tag.key) is not None:
            continue
        found = [other.get(tag.key) for other in others]
        if all(each is not None for each in found):
            same_value = all(each is not None and each.value == tag.value for each in found)
            differs = Unknown(f"those who use the template give {tag.key} different values")
            items.append(tag if same_value else replace(tag, value=differs))
    cause = next((tags.cause or UNSEEN for tags in (own, *others) if not tags.complete), None)
    return replace(tags_of(items), complete=cause is None, cause=cause)


def doubtful(tags: Tags, cause: Unknown) -> Tags:
    """The same keys, their values unknown: for tags that arrive by a way nobody could confirm."""
    return Tags(tuple(replace(tag, value=cause) for tag in tags.items), tags.complete, tags.cause)


def travelled(tags: Tags, source: str) -> Tags:
    """The same tags, marked as propagated from `source`; each keeps the place where it is written."""
    return replace(
        tags,
        items=tuple(
            replace(tag, origin=Origin("propagated", source, tag.origin.location if tag.origin else None))
            for tag in tags.items
        ),
    )


def same(left: Tags, right: Tags) -> bool:
    """Equal in keys, values and completeness, wherever they were written."""
    return left.complete == right.complete and [(tag.key, tag.value) for tag in left.items] == [
        (tag.key, tag.value) for tag in right.items
    ]


def from_plain(value: Any, cause: Unknown, origin: Origin | None = None) -> Tags:
    """A plain value read as a map of tags (null entries dropped); anything else that is set is `unseen`."""
    if value is None:
        return NO_TAGS
    if isinstance(value, Unknown):
        return unseen(value)
    if not isinstance(value, Mapping):
        return unseen(cause)
    return tags_of(Tag(str(key), text(item), origin) for key, item in value.items() if item is not None)


def text(value: Any) -> str | Unknown:
    """A scalar as Terraform turns it into a string; what is no scalar is unknown."""
    if isinstance(value, (str, Unknown)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "numerator"):
        return number(value)
    return Unknown("the tag's value is not a string")


def number(value: Any) -> str | Unknown:
    """An int or a Fraction as Terraform writes it, as far as it has a finite decimal form."""
    if value.denominator == 1:
        return str(int(value)) if value.numerator.bit_length() < _LARGEST_BITS else _NOT_WRITTEN
    from decimal import Context  # noqa: PLC0415 - rarely needed, and the hook starts without it

    exact = Context(prec=512).divide(value.numerator, value.denominator)
    return format(exact, "f") if len(exact.as_tuple().digits) < 500 else _NOT_WRITTEN
