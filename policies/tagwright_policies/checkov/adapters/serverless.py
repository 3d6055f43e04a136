"""Serverless Framework: a function with the tags of its service (`provider.tags`) and stack (`provider.stackTags`).

Checkov joins only some of these, and tells neither the function's name; the function is found in the file by its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tagwright_dictionary.catalogue import classify
from tagwright_dictionary.model import Bill, Location, Origin, Resource, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, unseen
from tagwright_policies.checkov.adapters.entity import Adapted, Entity
from tagwright_policies.checkov.adapters.files import find
from tagwright_policies.checkov.adapters.tags import read_tags
from tagwright_policies.checkov.adapters.yaml_source import LINE, document

_TYPE = "AWS::Lambda::Function"
_PROVIDERS = {"aws": "aws", "google": "google", "azure": "azurerm"}


def adapt(entity: Entity) -> Adapted | None:
    hint = entity.conf.get("__file__")
    file = entity.file or find(entity.path, hint if isinstance(hint, str) else "")
    found = document(file)
    line = _line(entity.conf)
    location = Location(entity.path.lstrip("/"), line, 0, _line(entity.conf, "__endline__"))
    seen = entity.conf.get("tags")
    name, tags, cloud = entity.name, unseen(Unknown("the file of the service was not found on disk")), "aws"
    if found is not None:
        provider = found.get("provider")
        provider = provider if isinstance(provider, Mapping) else {}
        name, body = _function(found, line) or (entity.name, {})
        cloud = str(provider.get("name") or "aws") if isinstance(provider.get("name"), str) else "aws"
        tags = layers(
            _read(provider.get("stackTags"), seen, Origin("stack", "provider.stackTags", location)),
            _read(provider.get("tags"), seen, Origin("default_tags", "provider.tags", location)),
            _read(body.get("tags") if body else seen, seen, Origin("resource", name, location)),
        )
    return Adapted(
        Resource(
            address=f"functions.{name}",
            type=_TYPE,
            provider=_PROVIDERS.get(cloud, cloud),
            framework="serverless",
            classes=classify(_TYPE, {}),
            tags=tags,
            bills=(Bill("function", tags, own=True),),
            location=location,
            tag_location=location,
        )
    )


def _function(found: Mapping[str, Any], line: int) -> tuple[str, Mapping[str, Any]] | None:
    """The function whose body starts at that line; a service's only function without one."""
    sections = found.get("functions")
    parts = sections if isinstance(sections, list) else [sections]
    functions = {
        str(name): body
        for part in parts
        if isinstance(part, Mapping)
        for name, body in part.items()
        if isinstance(body, Mapping)
    }
    for name, body in functions.items():
        start = body.get(LINE)
        if isinstance(start, int) and line in (start, start - 1):
            return name, body
    return next(iter(functions.items())) if len(functions) == 1 else None


def _read(written: Any, evaluated: Any, origin: Origin) -> Tags:
    """Tags as written. Where they hold a variable, Checkov's evaluation of it, or unknown."""
    if isinstance(written, str):
        return unseen(_left(written))
    if not isinstance(written, Mapping):
        return read_tags(written, origin)
    known = evaluated if isinstance(evaluated, Mapping) else {}
    made: dict[str, Any] = {}
    for name, value in written.items():
        if name == LINE:
            continue
        content = known.get(name, value) if isinstance(value, str) and "${" in value else value
        content = repr(content) if isinstance(content, float) else content
        made[name] = _left(content) if isinstance(content, str) and "${" in content else content
    return read_tags(made, origin)


def _left(text: str) -> Unknown:
    return Unknown(f"Checkov does not evaluate {text[:100]}", "write the value, or judge what is deployed")


def _line(conf: Mapping[str, Any], name: str = "__startline__") -> int:
    value = conf.get(name)
    return value if isinstance(value, int) else 0
