"""From what AWS answered to the resource that is judged: the one place where live resources are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from tagwright_dictionary.catalogue import classify, deciding_attributes, find, tag_support
from tagwright_dictionary.model import Bill, Classes, Origin, Resource, Tag, Tags, TagValue, Unknown

Attributes = Mapping[str, Iterable[TagValue]]
"""Paths of `deciding_attributes`, in the spelling of the type's name, with their values."""

_LIVE = Origin("live")
_SYSTEM = "aws:"
_SPELLINGS = (("Key", "Value"), ("key", "value"), ("TagKey", "TagValue"))


def tags_of(pairs: Iterable[tuple[str, TagValue]]) -> Tags:
    """Tags that were read, all of them. AWS's own ("aws:...") are left out: nobody can set them."""
    kept = {key: value for key, value in pairs if not key.startswith(_SYSTEM)}
    return Tags(tuple(Tag(key, value, _LIVE) for key, value in sorted(kept.items())))


def unread_tags(cause: str, hint: str = "", seen: Iterable[tuple[str, TagValue]] = ()) -> Tags:
    """Tags that could not be read, for `cause`: never an empty set that looks like "untagged"."""
    return Tags(tags_of(seen).items, complete=False, cause=Unknown(cause, hint or "tagwright drift doctor"))


def system_tags(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """AWS's own tags among `pairs` ("aws:autoscaling:groupName"): facts that no user can write."""
    return {key: value for key, value in pairs if key.startswith(_SYSTEM)}


def pairs_of(value: Any) -> tuple[tuple[str, str], ...]:
    """(key, value) of tags in either shape of AWS: a map, or a list of objects (`Key`/`Value`, `key`/`value`,
    `TagKey`/`TagValue`). None is no tags; a tag without a value has the empty one. Raises KeyError or TypeError for
    what is neither.
    """
    if value is None:
        return ()
    if isinstance(value, Mapping):
        return tuple((str(name), "" if held is None else str(held)) for name, held in value.items())
    return tuple(_pair(tag) for tag in value)


def _pair(tag: Mapping[str, Any]) -> tuple[str, str]:
    for key, value in _SPELLINGS:
        if key in tag:
            return str(tag[key]), str(tag.get(value) or "")
    raise KeyError("Key")


def name_of(arn: str, tags: Tags, given: str = "") -> str:
    """What a person calls it: the Name tag, its own name, else the last part of the identifier."""
    tag = tags.get("Name")
    if tag is not None and isinstance(tag.value, str) and tag.value.strip():
        return tag.value
    return given or arn.rpartition("/")[2].rpartition(":")[2] or arn


def when(value: Any) -> datetime | None:
    """A time as AWS writes it, in UTC: a datetime, ISO text, or seconds or milliseconds since 1970."""
    try:
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
        if isinstance(value, str) and value:
            return when(datetime.fromisoformat(value))
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def make_resource(
    type_: str,
    arn: str,
    account: str,
    *,
    tags: Tags,
    attributes: Attributes | None = None,
    what: str = "",
    bills: tuple[Bill, ...] | None = None,
    classes: Classes | None = None,
    note: str = "",
) -> Resource:
    """The resource of one live thing of catalogue type `type_`.

    Classes follow from `attributes` unless given. It is billed as itself, with its own tags, under the name `what`
    (else its type's last word) unless `bills` says otherwise.
    """
    given = {path: tuple(values) for path, values in (attributes or {}).items()}
    support = tag_support(type_)
    if bills is None:
        bills = (Bill(what or _billed(type_), tags, own=True),)
    return Resource(
        address=arn,
        type=type_,
        provider="aws",
        framework="live",
        taggable=support.taggable if support.taggable is not None or find(type_) is None else True,
        classes=classes if classes is not None else classify(type_, given),
        tags=tags,
        bills=bills,
        attributes=tuple((path, tuple(dict.fromkeys(given[path]))) for path in _paths(type_, given) if given.get(path)),
        account=account,
        note=note,
    )


def _paths(type_: str, given: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*deciding_attributes(type_), *sorted(given))))


def _billed(type_: str) -> str:
    if "::" in type_:
        return type_.rpartition("::")[2]
    return type_.removeprefix("aws_").replace("_", " ")
