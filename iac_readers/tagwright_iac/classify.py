"""The classes of a resource that a reader sees, from the catalogue and the attributes it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_dictionary.catalogue import classify, deciding_attributes, tag_support
from tagwright_dictionary.model import Classes, TagValue, Unknown
from tagwright_iac.reach.tagsets import text
from tagwright_iac.view import BlockView, ResourceView

Attributes = tuple[tuple[str, tuple[TagValue, ...]], ...]
Targets = dict[str, tuple[ResourceView | Unknown, ...]]

_SPECIFICATION = "launch_template_specification"
_IDS = ("launch_template_id", "launch_template_name", "id", "name")

LINK_PLACES: dict[str, tuple[tuple[str, ...], ...]] = {
    "launch_template": (
        ("launch_template",),
        ("mixed_instances_policy", "launch_template", _SPECIFICATION),
        ("mixed_instances_policy", "launch_template", "override", _SPECIFICATION),
        ("launch_template_config", _SPECIFICATION),
        ("compute_resources", "launch_template"),
    ),
    "instance_template": ((), ("version",)),
}
"""Blocks that may hold a link which the catalogue calls by one name; a link of another name stands at its own path."""

_LINK_NAMES: dict[str, tuple[str, ...]] = {"launch_template": _IDS}


def needs_links(type_: str) -> bool:
    """Whether the classes of this type depend on a resource it points to."""
    return any("->" in path for path in deciding_attributes(type_))


def classify_view(view: ResourceView) -> tuple[Classes, Attributes]:
    """The classes of a resource, and the values that decided them, for messages (sensitive ones are left out).

    Raises nothing of its own; what cannot be known makes a class possible, with the cause.
    """
    values: dict[str, tuple[TagValue, ...]] = {}
    shown: list[tuple[str, tuple[TagValue, ...]]] = []
    targets: Targets = {}
    for path in deciding_attributes(view.type):
        found, secret = _values(view, path, targets)
        if found:
            values[path] = found
            if not secret:
                shown.append((path, found))
    return classify(view.type, values), tuple(shown)


def taggable(type_: str) -> bool | None:
    """Whether the type takes tags; None when no table knows it."""
    return tag_support(type_).taggable


def _values(view: ResourceView, path: str, targets: Targets) -> tuple[tuple[TagValue, ...], bool]:
    """What stands at a path, and whether it is to be hidden; `targets` remembers what each link points to."""
    link, arrow, rest = path.rpartition("->")
    if not arrow:
        names = path.split(".")
        seen = tuple(_walk(view, names))
        return seen, bool(seen) and _secret(view, names[0])
    found: list[TagValue] = []
    secret = False
    if link not in targets:
        targets[link] = tuple(_linked(view, link))
    for target in targets[link]:
        if isinstance(target, Unknown):
            found.append(target)
        else:
            names = rest.split(".")
            found.extend(_walk(target, names))
            secret = secret or _secret(target, names[0])
    return tuple(found), secret


def _secret(view: ResourceView, name: str) -> bool:
    """Whether the view says that a top-level argument must not be shown; not every view knows."""
    is_sensitive = getattr(view, "is_sensitive", None)
    return is_sensitive is not None and bool(is_sensitive(name))


def _linked(view: ResourceView, link: str) -> Iterator[ResourceView | Unknown]:
    """What each link of that name points to."""
    *around, name = link.split(".")
    places = LINK_PLACES.get(link, (tuple(around),))
    for place in places:
        for path, block in _blocks(view, place, ()):
            if block.exists is not None:
                yield block.exists
                continue
            for last in _LINK_NAMES.get(link, (name,)):
                target = view.link(*path, last)
                if target is not None:
                    yield target
                    break


def _blocks(
    block: BlockView, names: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], BlockView]]:
    """Every block at a path of block names, with the path that names its index where there are several."""
    if not names:
        yield path, block
        return
    found = block.blocks(names[0])
    for index, inner in enumerate(found):
        step = (names[0],) if index == 0 else (names[0], str(index))
        yield from _blocks(inner, names[1:], (*path, *step))


def _walk(block: BlockView, names: list[str]) -> Iterator[TagValue]:
    """The values at a path, through blocks and through objects and lists of arguments."""
    name, rest = names[0], names[1:]
    if rest:
        inner = block.blocks(name)
        for item in inner:
            if item.exists is not None:
                yield item.exists
            else:
                yield from _walk(item, rest)
        if inner:
            return
    yield from _plain(block.attribute(name), rest)


def _plain(value: Any, names: list[str]) -> Iterator[TagValue]:
    if value is None:
        return
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _plain(item, names)
    elif isinstance(value, Mapping):
        if names:
            yield from _plain(value.get(names[0]), names[1:])
            return
        for key in value:
            content = None if value[key] is None else text(value[key])
            if isinstance(content, Unknown):
                yield Unknown(content.cause, content.hint)
            elif content is not None:
                yield f"{key}={content}"
    elif not names:
        yield text(value)
