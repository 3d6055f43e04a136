"""What of a CloudFormation resource is billed, and which tags reach it (SEMANTICS 13 in CloudFormation's words)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_dictionary.model import NO_TAGS, Bill, Origin, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, travelled, unseen
from tagwright_policies.checkov.adapters.cfn_template import Reference, Template
from tagwright_policies.checkov.adapters.tags import read_tags

_GROUP = "AWS::AutoScaling::AutoScalingGroup"
_TEMPLATE = "AWS::EC2::LaunchTemplate"
_INSTANCE = "AWS::EC2::Instance"
_NODES = "AWS::EKS::Nodegroup"
_FLEET = "AWS::EC2::EC2Fleet"
_ALONE = "the template's own tags stay on the template"
_FIX_INSTANCES = "add TagSpecifications with ResourceType: instance to LaunchTemplateData"
_FIX_VOLUMES = "add TagSpecifications with ResourceType: volume to LaunchTemplateData"
_LINKS = ("LaunchTemplate", "LaunchTemplateSpecification")

Properties = Mapping[str, Any]
Launch = tuple[Tags, Tags]


def bills(kind: str, name: str, properties: Properties, tags: Tags, template: Template) -> tuple[Bill, ...]:
    """The things that cost money, with the tags of each. Other types are themselves what is billed."""
    if kind == _TEMPLATE:
        return _template_bills(name, properties, template)
    if kind == _GROUP:
        return _group_bills(properties, template)
    if kind == _INSTANCE:
        launch = _launch(properties, template)
        own, volumes = (layers(launch[0], tags), launch[1]) if launch else (tags, NO_TAGS)
        propagates = properties.get("PropagateTagsToVolumeOnCreation")
        if isinstance(propagates, Unknown):
            volumes = layers(volumes, unseen(propagates))
        elif propagates in (True, "true"):
            volumes = layers(volumes, travelled(tags, name))
        fix = "set PropagateTagsToVolumeOnCreation: true"
        hop = "tags of an AWS::EC2::Instance do not reach its volumes"
        return (Bill("instance", own, own=True), Bill("volumes", volumes, broken_hop=hop, fix=fix))
    if kind in (_NODES, _FLEET):
        instances, volumes = _launch(properties, template) or (NO_TAGS, NO_TAGS)
        if kind == _FLEET:
            instances = layers(instances, _specified(properties.get("TagSpecifications"), "instance", name))
        hop = f"tags of an {kind} stay on it"
        return (
            Bill("instances", instances, broken_hop=hop, fix=_FIX_INSTANCES),
            Bill("volumes", volumes, broken_hop=hop, fix=_FIX_VOLUMES),
        )
    return (Bill("resource", tags, own=True),)


def references(properties: Any, link: str) -> list[str]:
    """The logical ids that the properties of that name, wherever they are, lead to; "" for one elsewhere."""
    return list(dict.fromkeys(target for value in _named(properties, link) for target in _targets(value)))


def _named(value: Any, name: str) -> Iterator[Any]:
    names = _LINKS if name == "LaunchTemplate" else (name,)
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in names and not (isinstance(item, Mapping) and any(inner in item for inner in names)):
                yield item
            else:
                yield from _named(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, name)


def _targets(value: Any) -> Iterator[str]:
    if isinstance(value, Reference):
        yield value.target
    elif isinstance(value, Mapping):
        inner = [value[key] for key in ("LaunchTemplateId", "LaunchTemplateName", "Id", "Name") if key in value]
        for item in inner:
            yield from _targets(item)
    elif value is not None:
        yield ""


def _launch(properties: Properties, template: Template) -> Launch | None:
    """What the launch template in use gives to instances and volumes; None when there is none."""
    found = references(properties, "LaunchTemplate")
    if not found:
        return None
    target = template.resource(found[0]) if len(found) == 1 else None
    if target is None or target.get("Type") != _TEMPLATE:
        cause = Unknown("the launch template in use is not in this template", "judge what is deployed")
        return unseen(cause), unseen(cause)
    body = template.value(target.get("Properties") or {})
    return _given(body if isinstance(body, Mapping) else {}, found[0])


def _given(properties: Properties, name: str) -> Launch:
    data = properties.get("LaunchTemplateData")
    rows = data.get("TagSpecifications") if isinstance(data, Mapping) else data
    return _specified(rows, "instance", name), _specified(rows, "volume", name)


def _specified(rows: Any, kind: str, name: str) -> Tags:
    if isinstance(rows, Unknown):
        return unseen(rows)
    found = NO_TAGS
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Unknown):
            found = layers(found, unseen(row))
        elif isinstance(row, Mapping) and row.get("ResourceType") == kind:
            found = layers(found, read_tags(row.get("Tags"), Origin("propagated", name)))
    return found


def _group_bills(properties: Properties, template: Template) -> tuple[Bill, ...]:
    rows = properties.get("Tags")
    propagated = unseen(rows) if isinstance(rows, Unknown) else NO_TAGS
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, Unknown):
            propagated = layers(propagated, unseen(row))
        elif isinstance(row, Mapping) and row.get("PropagateAtLaunch") in (True, "true"):
            propagated = layers(propagated, read_tags([row], Origin("propagated", _GROUP)))
    launch = _launch(properties, template)
    found = [
        Bill(
            "instances",
            layers(launch[0], propagated) if launch else propagated,
            broken_hop="tags without PropagateAtLaunch: true",
            fix="set PropagateAtLaunch: true on the tag",
        )
    ]
    if launch:
        hop = "tags of an Auto Scaling group never reach volumes"
        found.append(Bill("volumes", launch[1], broken_hop=hop, fix=_FIX_VOLUMES))
    return tuple(found)


def _template_bills(name: str, properties: Properties, template: Template) -> tuple[Bill, ...]:
    """With what the groups of this template that use it add on the way."""
    instances, volumes = _given(properties, name)
    for user, body in sorted(template.section("Resources").items()):
        if not isinstance(body, Mapping) or body.get("Type") not in (_GROUP, _INSTANCE, _NODES, _FLEET):
            continue
        values = template.value(body.get("Properties") or {})
        if isinstance(values, Mapping) and name in references(values, "LaunchTemplate"):
            own = read_tags(values.get("Tags"), Origin("resource", user))
            for bill in bills(str(body.get("Type")), user, values, own, template):
                if bill.what.startswith("instance"):
                    instances = layers(instances, bill.tags)
                else:
                    volumes = layers(volumes, bill.tags)
    return (
        Bill("instances", instances, broken_hop=_ALONE, fix=_FIX_INSTANCES),
        Bill("volumes", volumes, broken_hop=_ALONE, fix=_FIX_VOLUMES),
    )
