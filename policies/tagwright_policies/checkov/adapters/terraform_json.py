"""`.tf.json`: Checkov gives these no graph and evaluates nothing, so every reference is unknown.

Default tags are read from the JSON files of the folder themselves; where HCL files beside them speak of default tags,
which ones there are is unknown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from tagwright_dictionary.catalogue import TagSupport, classify, deciding_attributes, provider_of, tag_support
from tagwright_dictionary.model import NO_TAGS, Bill, Location, Origin, Resource, Tags, Unknown
from tagwright_iac.reach.direct import plain_word
from tagwright_iac.reach.rules import RULES
from tagwright_iac.reach.tagsets import layers, unseen
from tagwright_policies.checkov.adapters.entity import Adapted, Entity
from tagwright_policies.checkov.adapters.files import text_of
from tagwright_policies.checkov.adapters.tags import read_tags, values_at
from tagwright_policies.checkov.adapters.text import HINT, plain, unwrapped

_NAMES = {"aws": "default_tags", "google": "default_labels"}


def adapt(entity: Entity) -> Adapted | None:
    support = tag_support(entity.type)
    origin = Origin("resource", entity.name, Location(entity.path.lstrip("/")))
    body = {name: plain(unwrapped(value)) for name, value in entity.conf.items() if not name.startswith("__")}
    exists = next((_expanding(name) for name in ("count", "for_each") if body.get(name) is not None), None)
    if body.get("count") in (0, "0"):
        return None
    own = _own(body, support, origin)
    tags = layers(_defaults(entity), own) if support.defaults else own
    values = {path: tuple(values_at(body, path.split("."))) for path in deciding_attributes(entity.type)}
    location = Location(entity.path.lstrip("/"), _line(entity.conf))
    return Adapted(
        Resource(
            address=f"{entity.type}.{entity.name}",
            type=entity.type,
            provider=provider_of(entity.type),
            framework="terraform",
            taggable=support.taggable,
            classes=classify(entity.type, {path: found for path, found in values.items() if found}),
            tags=tags,
            bills=_bills(entity.type, tags),
            location=location,
            tag_location=location,
            exists=exists,
        )
    )


def _expanding(name: str) -> Unknown:
    return Unknown(f"Checkov does not expand {name} in JSON", "check the plan")


def _bills(kind: str, tags: Tags) -> tuple[Bill, ...]:
    """What the tags of a type reach that is not billed itself needs links, which Checkov does not give here."""
    if kind not in RULES:
        return (Bill(plain_word(kind), tags, own=True),)
    cause = Unknown("Checkov shows no links between resources in JSON", "check the plan")
    return (Bill(plain_word(kind), tags, own=True), Bill("what it starts", unseen(cause)))


def _own(body: Mapping[str, Any], support: TagSupport, origin: Origin) -> Tags:
    value: Any = body
    path = ["tag"] if support.shape == "tag_block" else (support.attribute or "tags").split(".")
    for name in path:
        value = value[0] if isinstance(value, list) and value and name != path[0] else value
        value = value.get(name) if isinstance(value, Mapping) else value if isinstance(value, Unknown) else None
    return read_tags([value] if support.shape == "tag_block" and isinstance(value, Mapping) else value, origin)


def _defaults(entity: Entity) -> Tags:
    provider = provider_of(entity.type)
    argument = _NAMES.get(provider)
    if argument is None:
        return NO_TAGS
    folder = os.path.dirname(entity.file) if entity.file else ""  # noqa: PTH120
    wanted = unwrapped(entity.conf.get("provider"))
    local, _, alias = (wanted if isinstance(wanted, str) else provider).partition(".")
    try:
        names = sorted(os.listdir(folder)) if folder else []  # noqa: PTH208
    except OSError:
        names = []
    if not names:
        return unseen(Unknown("the folder that may hold default tags was not found", HINT))
    found = NO_TAGS
    for name in names:
        path = os.path.join(folder, name)  # noqa: PTH118
        if name.endswith((".tf", ".tofu")):
            content = text_of(path)
            if content is None or argument in content:
                return unseen(Unknown(f"{name} may hold default tags, which Checkov does not join with JSON", HINT))
        elif name.endswith((".tf.json", ".tofu.json")):
            found = layers(found, _in_json(text_of(path), local, alias, argument, Origin("default_tags", local)))
    return found


def _in_json(content: str | None, local: str, alias: str, argument: str, origin: Origin) -> Tags:
    if content is None or argument not in content:
        return NO_TAGS
    try:
        document = json.loads(content)
        blocks = document.get("provider", {})
        blocks = blocks if isinstance(blocks, list) else [blocks]
        bodies = [item for block in blocks for item in _listed(block.get(local))]
        mine = [body for body in bodies if isinstance(body, Mapping) and body.get("alias", "") == alias]
    except (ValueError, RecursionError, AttributeError):
        return unseen(Unknown("a file that speaks of default tags cannot be read", HINT))
    found = NO_TAGS
    for body in mine:
        rows = _listed(body.get(argument))
        values = (
            [row.get("tags") if isinstance(row, Mapping) else row for row in rows] if argument[-4:] == "tags" else rows
        )
        found = layers(found, *(read_tags(plain(value), origin) for value in values))
    return found


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _line(conf: Mapping[str, Any]) -> int:
    value = unwrapped(conf.get("__startline__", conf.get("__start_line__")))
    return value if isinstance(value, int) else 0
