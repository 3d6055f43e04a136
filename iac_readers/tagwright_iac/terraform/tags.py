"""Tags out of values."""

from __future__ import annotations

from tagwright_dictionary.model import NO_TAGS, Origin, Tag, Tags, Unknown
from tagwright_iac.terraform.numbers import to_text as number_text
from tagwright_iac.terraform.values import ObjectValue, SensitiveStr, UnknownValue, Value, is_sensitive


def tags_of(value: Value, origin: Origin, *, relabel: bool = False) -> Tags:
    """A map value as tags: null entries dropped (as the AWS provider drops them), numbers and booleans as text.

    `origin` is used for entries that do not know where they were written. With `relabel` entries keep their place
    but count as `origin`'s kind (default tags that come from a local).
    """
    if value is None:
        return NO_TAGS
    if isinstance(value, UnknownValue):
        return Tags((), complete=False, cause=Unknown(value.cause, value.hint))
    if not isinstance(value, ObjectValue):
        return Tags((), complete=False, cause=Unknown("the tags are not a map"))
    items: list[Tag] = []
    for key in sorted(value):
        entry = value[key]
        if entry is None:
            continue
        where = value.origins.get(key, origin)
        if relabel and where is not origin and where.kind != origin.kind:
            where = Origin(origin.kind, origin.name, where.location)
        items.append(Tag(str(key), tag_value(entry), where, sensitive=is_sensitive(entry)))
    rest = value.rest
    return Tags(tuple(items), complete=rest is None, cause=None if rest is None else Unknown(rest.cause, rest.hint))


def tag_value(value: Value) -> str | Unknown:
    """One entry as a tag value."""
    if isinstance(value, SensitiveStr):
        return str(value)
    if isinstance(value, str):
        return value
    if isinstance(value, UnknownValue):
        return Unknown(value.cause, value.hint)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | ObjectValue):
        return Unknown("its value is not a string: Terraform refuses it")
    return number_text(value)
