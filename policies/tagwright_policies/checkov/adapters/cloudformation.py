"""CloudFormation and SAM: a resource out of the template that Checkov scans.

Checkov drops `Condition`, leaves functions standing or evaluates them by version, and does not join a function's own
tags with those of `Globals`; the template itself has it all. Without its file, Checkov's configuration is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tagwright_dictionary.catalogue import classify, deciding_attributes, tag_support
from tagwright_dictionary.model import Location, Origin, Resource, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, unseen
from tagwright_policies.checkov.adapters.cfn_reach import bills, references
from tagwright_policies.checkov.adapters.cfn_template import NO_VALUE, Template
from tagwright_policies.checkov.adapters.entity import Adapted, Entity
from tagwright_policies.checkov.adapters.files import find
from tagwright_policies.checkov.adapters.tags import read_tags, values_at
from tagwright_policies.checkov.adapters.text import is_bookkeeping
from tagwright_policies.checkov.adapters.yaml_source import LINE, document

_SAM = "AWS::Serverless::"
_BECOMES = {
    "AWS::Serverless::Api": "AWS::ApiGateway::RestApi",
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::HttpApi": "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
    "AWS::Serverless::StateMachine": "AWS::StepFunctions::StateMachine",
    "AWS::Serverless::WebSocketApi": "AWS::ApiGatewayV2::Api",
}
"""What a SAM type is deployed as: its classes are those of that."""

_MOST_CHOICES = 50


def adapt(entity: Entity) -> Adapted | None:
    """None when the resource's condition surely does not hold."""
    template = _template(entity)
    base = _resource(entity, template)
    if base is None or base.exists is not None:
        return None if base is None else Adapted(base)
    return Adapted(base, _alternatives(entity, template))


def _template(entity: Entity) -> Template:
    properties = entity.conf.get("Properties")
    hint = properties.get("__file__") if isinstance(properties, Mapping) else entity.conf.get("__file__")
    file = entity.file or find(entity.path, hint if isinstance(hint, str) else "")
    found = document(file)
    if found is not None and "Resources" not in found and isinstance(found.get("resources"), Mapping):
        # A Serverless file: its own resources, and the tags of its stack.
        inner = found["resources"]
        return Template({**inner, "__stack_tags__": _stack_tags(found)})
    if found is not None and isinstance(found.get("Resources"), Mapping):
        return Template(found)
    return Template({"Resources": {entity.name: entity.conf}, "__unread__": True})


def _stack_tags(found: Mapping[str, Any]) -> Any:
    provider = found.get("provider")
    return provider.get("stackTags") if isinstance(provider, Mapping) else None


def _alternatives(entity: Entity, template: Template) -> tuple[Resource, ...]:
    """The resource under each allowed value of a parameter that has no Default, where there is one such parameter."""
    choices = template.choices()
    if len(choices) != 1:
        return ()
    [(name, values)] = choices.items()
    if not values or len(values) > _MOST_CHOICES:
        return ()
    found = [_resource(entity, template.choosing(name, value)) for value in values]
    return tuple(item for item in found if item is not None)


def _resource(entity: Entity, template: Template) -> Resource | None:
    body = template.resource(entity.name) or entity.conf
    exists: Unknown | None = None
    condition = body.get("Condition")
    if isinstance(condition, str):
        holds = template.holds(condition)
        if holds is False:
            return None
        exists = holds if isinstance(holds, Unknown) else None
    properties = template.value(body.get("Properties") or {})
    properties = properties if isinstance(properties, Mapping) else {}
    properties = _with_globals(entity.type, properties, template)
    line = body.get(LINE) or _line(entity.conf)
    location = Location(entity.path.lstrip("/"), line if isinstance(line, int) else 0)
    origin = Origin("resource", entity.name, location)
    support = tag_support(entity.type)
    tags = read_tags(_written(properties, support.attribute), origin)
    if support.shape == "tag_specifications":
        tags = _specified(properties.get(support.attribute), origin)
    stack = template.document.get("__stack_tags__")
    if stack is not None and support.taggable:
        tags = layers(read_tags(template.value(stack), Origin("stack", "provider.stackTags")), tags)
    if template.document.get("__unread__") and not tags.complete:
        tags = replace(tags, cause=Unknown("the template was not found on disk"))
    kind = _BECOMES.get(entity.type, entity.type)
    values = {path: tuple(_values(template, properties, path)) for path in deciding_attributes(kind)}
    return Resource(
        address=entity.name,
        type=entity.type,
        provider="aws",
        framework="cloudformation",
        taggable=support.taggable,
        classes=classify(kind, {path: found for path, found in values.items() if found}),
        tags=tags,
        bills=bills(entity.type, entity.name, properties, tags, template),
        location=location,
        tag_location=location,
        exists=exists,
        note="" if support.taggable is not None else f"{entity.type} is in no table of taggable types",
    )


def _written(properties: Mapping[str, Any], attribute: str) -> Any:
    value: Any = properties
    for name in (attribute or "Tags").split("."):
        value = value.get(name) if isinstance(value, Mapping) else value if isinstance(value, Unknown) else None
    return None if value is NO_VALUE else value


def _specified(rows: Any, origin: Origin) -> Tags:
    """The type's own row of TagSpecifications is the one that names no instance and no volume."""
    if isinstance(rows, Unknown):
        return unseen(rows)
    found = read_tags(None, origin)
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Mapping) and row.get("ResourceType") not in ("instance", "volume"):
            found = layers(found, read_tags(row.get("Tags"), origin))
    return found


def _with_globals(kind: str, properties: Mapping[str, Any], template: Template) -> Mapping[str, Any]:
    """SAM: lists are joined and maps merged, the resource's own entries win; other values are only defaults."""
    if not kind.startswith(_SAM):
        return properties
    section = template.value(template.section("Globals").get(kind.removeprefix(_SAM)) or {})
    if not isinstance(section, Mapping):
        return properties
    merged = {**section, **properties}
    for name in ("Tags",):
        above, own = section.get(name), properties.get(name)
        if isinstance(above, Mapping) and isinstance(own, Mapping):
            merged[name] = {**above, **own}
    return merged


def _values(template: Template, properties: Mapping[str, Any], path: str) -> list[str | Unknown]:
    link, arrow, rest = path.partition("->")
    if not arrow:
        return values_at(properties, path.split("."))
    found: list[str | Unknown] = []
    for name in references(properties, link):
        target = template.resource(name)
        if target is not None:
            found += values_at(template.value(target.get("Properties") or {}), rest.split("."))
        else:
            found.append(Unknown(f"{link} is not in this template", "judge what is deployed"))
    return found


def _line(conf: Mapping[str, Any]) -> int:
    places = [conf, conf.get("Properties")]
    for place in places:
        if isinstance(place, Mapping):
            for name, value in place.items():
                if is_bookkeeping(name) and "start" in name and isinstance(value, int):
                    return value
    return 0
