"""Blocks of Checkov's configuration as `BlockView`s: lists of one unwrapped, `dynamic` blocks expanded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tagwright_dictionary.model import Origin, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, unseen
from tagwright_iac.view import BlockView
from tagwright_policies.checkov.adapters.tags import read_tags
from tagwright_policies.checkov.adapters.text import is_bookkeeping, plain, unwrapped

Doubts = Callable[[str], Mapping[str, Unknown]]
"""For a path of attributes from the resource down: what of it is not what it looks like (`doubt.doubts`)."""


@dataclass(frozen=True, slots=True)
class ConfBlock:
    """One nested block. `path` leads to it from the resource."""

    conf: Mapping[str, Any]
    path: str
    origin: Origin
    doubts: Doubts
    exists: Unknown | None = None

    def attribute(self, name: str) -> Any:
        return attribute(self.conf, name, f"{self.path}.{name}", self.doubts)

    def blocks(self, name: str) -> tuple[BlockView, ...]:
        return tuple(blocks(self.conf, name, f"{self.path}.{name}", self.origin, self.doubts))

    def tags(self, name: str) -> Tags:
        return tags(self.conf, name, f"{self.path}.{name}", self.origin, self.doubts)


def attribute(conf: Mapping[str, Any], name: str, path: str, doubts: Doubts) -> Any:
    """An argument as a plain value; one that is not what it looks like is unknown."""
    value = unwrapped(conf.get(name))
    if value is None:
        return None
    wrong = doubts(path)
    if "" in wrong:
        return wrong[""]
    return plain(value)


def tags(conf: Mapping[str, Any], name: str, path: str, origin: Origin, doubts: Doubts) -> Tags:
    """A map of tags. A doubt about one key is that key's; one about the whole leaves nothing certain."""
    raw = conf.get(name)
    value = unwrapped(raw)
    if value is None:
        return read_tags(None, origin)
    found = read_tags(plain(value), origin)
    for part, cause in sorted(doubts(path).items()):
        found = layers(found, unseen(cause)) if not part else _blurred(found, part, cause)
    return found


def _blurred(found: Tags, part: str, cause: Unknown) -> Tags:
    """With one key's value unknown."""
    items = tuple(
        type(tag)(tag.key, cause, tag.origin, tag.sensitive)
        if tag.key == part and not isinstance(tag.value, Unknown)
        else tag
        for tag in found.items
    )
    return Tags(items, found.complete, found.cause)


def blocks(conf: Mapping[str, Any], name: str, path: str, origin: Origin, doubts: Doubts) -> Iterator[ConfBlock]:
    """Nested blocks of that name in order; `dynamic` ones expanded, or one that may not exist."""
    dynamic = [item for item in _dynamic(conf) if name in item]
    templates = [each for item in dynamic for each in _contents(item[name])]
    for item in _listed(conf.get(name)):
        if isinstance(item, Mapping):
            # Checkov adds a dynamic block's content, unexpanded, to the blocks of the same name.
            if item not in templates:
                yield ConfBlock(item, path, origin, doubts)
        elif isinstance(item, str):
            cause = plain(item)
            if isinstance(cause, Unknown):
                yield ConfBlock({}, path, origin, doubts, cause)
    for item in dynamic:
        for expanded, exists in _expanded(name, item[name], doubts(f"dynamic.{name}.for_each")):
            yield ConfBlock(expanded, path, origin, doubts, exists)


def _dynamic(conf: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [item for item in _listed(conf.get("dynamic")) if isinstance(item, Mapping)]


def _content(template: Any) -> Mapping[str, Any]:
    content = unwrapped(template.get("content")) if isinstance(template, Mapping) else None
    return content if isinstance(content, Mapping) else {}


def _contents(template: Any) -> list[Any]:
    return template if isinstance(template, list) else [_content(template)]


def _expanded(
    name: str, template: Any, wrong: Mapping[str, Unknown]
) -> Iterator[tuple[Mapping[str, Any], Unknown | None]]:
    content = _content(template)
    if not isinstance(template, Mapping) or "for_each" not in template:
        # Where it cannot expand the block, Checkov puts its content in the place of all of it.
        yield content, Unknown(f"Checkov does not show what dynamic {name!r} runs over", "check the plan")
        return
    over, iterator = unwrapped(template["for_each"]), unwrapped(template.get("iterator"))
    known = plain(over)
    cause = next(iter(wrong.values()), None) or (known if isinstance(known, Unknown) else None)
    if cause is not None:
        yield content, cause
        return
    pairs: list[tuple[Any, Any]] = []
    if isinstance(over, Mapping):
        pairs = [(key, value) for key, value in over.items() if not is_bookkeeping(key)]
    elif isinstance(over, (list, tuple, set)):
        pairs = [(value, value) for value in over]
    word = iterator if isinstance(iterator, str) and iterator else name
    for key, value in pairs:
        yield _replaced(content, word, key, value), None


def _replaced(value: Any, word: str, key: Any, item: Any) -> Any:
    """The content with `tag.key`, `tag.value` and `tag.value.name` put in."""
    if isinstance(value, Mapping):
        return {name: _replaced(inner, word, key, item) for name, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, word, key, item) for inner in value]
    if not isinstance(value, str):
        return value
    bare = value[2:-1] if value.startswith("${") and value.endswith("}") else value
    if bare == f"{word}.key":
        return key
    if bare == f"{word}.value":
        return item
    for opening, closing in ((f"{word}.value.", ""), (f'{word}.value["', '"]'), (f"{word}.value['", "']")):
        if bare.startswith(opening) and bare.endswith(closing) and isinstance(item, Mapping):
            inner = bare[len(opening) : len(bare) - len(closing)]
            return item.get(inner, value)
    return value


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, list):
        return [inner for item in value for inner in (item if isinstance(item, list) else [item])]
    return [value]
