"""What of a resource is billed, and which tags reach it, as far as one resource by itself shows.

The rules and their sources are those of docs/reach.md; a policy sees neither the launch template that a group uses
nor the group that uses a template, and calls what comes from there unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tagwright_dictionary.catalogue import TagSupport
from tagwright_dictionary.model import NO_TAGS, Bill, Tags, Unknown
from tagwright_pulumi.policies.effective import Shown, default_tags, over
from tagwright_pulumi.spreading import DEVICES, ROOT
from tagwright_pulumi.waiting import is_unknown

_TEMPLATE: Final = Unknown("the tags of its launch template cannot be seen by a policy")
_USERS: Final = Unknown("the tags of who uses the launch template cannot be seen by a policy")
_UNSEEN: Final = Tags((), complete=False, cause=_TEMPLATE)
_FIX_VOLUMES: Final = 'add tag_specifications { resource_type = "volume" } with the tags to the launch template'
_FIX_INSTANCES: Final = 'add tag_specifications { resource_type = "instance" } with the tags to the launch template'

Rule = Callable[[Shown, Tags, TagSupport], tuple[Bill, ...]]


def bills_of(shown: Shown, tags: Tags, place: TagSupport) -> tuple[Bill, ...]:
    """`tags` are the effective tags of the resource itself."""
    rule = RULES.get(shown.token)
    return (Bill("resource", tags, own=True),) if rule is None else rule(shown, tags, place)


def _instance(shown: Shown, tags: Tags, place: TagSupport) -> tuple[Bill, ...]:
    props = shown.props
    template = _UNSEEN if props.get("launchTemplate") is not None else NO_TAGS
    common = over(over(template, default_tags(shown, place)), shown.tags(props.get("volumeTags")))
    volumes = [("root volume", _device(shown, common, props.get(ROOT)))]
    devices = props.get(DEVICES)
    for block in devices if isinstance(devices, list) else ():
        name = block.get("deviceName") if isinstance(block, Mapping) else None
        volumes.append((f"volume {name}" if isinstance(name, str) else "volume", _device(shown, common, block)))
    hop, fix = "tags of an aws_instance do not reach its volumes", "set volume_tags, or tags in each block device"
    return (
        Bill("instance", over(template, tags), own=True),
        *(Bill(what, found, broken_hop=hop, fix=fix) for what, found in _grouped(volumes)),
    )


def _device(shown: Shown, common: Tags, block: Any) -> Tags:
    return over(common, shown.tags(block.get("tags"))) if isinstance(block, Mapping) else common


def _grouped(rows: list[tuple[str, Tags]]) -> list[tuple[str, Tags]]:
    """One row for all volumes with the same tags."""
    groups: list[tuple[list[str], Tags]] = []
    for what, tags in rows:
        for names, others in groups:
            if others == tags:
                names.append(what)
                break
        else:
            groups.append(([what], tags))
    if len(groups) == 1:
        return [("volumes", groups[0][1])]
    return [(", ".join(dict.fromkeys(names)), tags) for names, tags in groups]


def _spot_request(shown: Shown, _tags: Tags, _place: TagSupport) -> tuple[Bill, ...]:
    hop = "tags of an aws_spot_instance_request stay on the request"
    fix = "use an aws_instance with instance_market_options, or a group or fleet with a launch template"
    tags = _UNSEEN if shown.props.get("launchTemplate") is not None else NO_TAGS
    return (Bill("instance", tags, broken_hop=hop, fix=fix),)


def _template(shown: Shown, _tags: Tags, _place: TagSupport) -> tuple[Bill, ...]:
    """A group may tag the instances it starts from the template; nobody else tags their volumes."""
    alone = "; the template's own tags stay on the template"
    instances, volumes = _specified(shown, "instance"), _specified(shown, "volume")
    no_instances = f"the launch template has no tag_specifications that tag instances{alone}"
    no_volumes = f"the launch template has no tag_specifications that tag volumes{alone}"
    return (
        Bill("instances", Tags(instances.items, False, _USERS), broken_hop=no_instances, fix=_FIX_INSTANCES),
        Bill("volumes", volumes, broken_hop=no_volumes, fix=_FIX_VOLUMES),
    )


def _specified(shown: Shown, kind: str) -> Tags:
    written = shown.props.get("tagSpecifications")
    if written is None:
        return NO_TAGS
    found = NO_TAGS
    for block in written if isinstance(written, list) else (written,):
        if not isinstance(block, Mapping) or is_unknown(block.get("resourceType")):
            found = over(found, Tags((), complete=False, cause=_TEMPLATE))
        elif block.get("resourceType") == kind:
            found = over(found, shown.tags(block.get("tags")))
    return found


def _group(shown: Shown, _tags: Tags, _place: TagSupport) -> tuple[Bill, ...]:
    props = shown.props
    templated = props.get("launchTemplate") is not None or props.get("mixedInstancesPolicy") is not None
    below = _UNSEEN if templated else NO_TAGS
    instances = over(below, shown.listed(props.get("tags"), propagated=True))
    hop, fix = "tag blocks without propagate_at_launch = true", "set propagate_at_launch = true on the tag block"
    found = [Bill("instances", instances, broken_hop=hop, fix=fix)]
    if templated:
        hop = "tags of an aws_autoscaling_group never reach volumes"
        found.append(Bill("volumes", _UNSEEN, broken_hop=hop, fix=_FIX_VOLUMES))
    return tuple(found)


def _node_group(shown: Shown, _tags: Tags, _place: TagSupport) -> tuple[Bill, ...]:
    tags = _UNSEEN if shown.props.get("launchTemplate") is not None else NO_TAGS
    hop = "tags of an aws_eks_node_group stay on the node group"
    fix = 'use a launch template with tag_specifications for "instance" and "volume"'
    return tuple(Bill(what, tags, broken_hop=hop, fix=fix) for what in ("instances", "volumes"))


def _service(shown: Shown, tags: Tags, _place: TagSupport) -> tuple[Bill, ...]:
    mode = shown.props.get("propagateTags")
    hop = "an ECS service propagates no tags to its tasks without propagate_tags"
    if mode == "SERVICE":
        reaching = tags
    elif mode == "TASK_DEFINITION" or is_unknown(mode):
        reaching = Tags((), complete=False, cause=Unknown("the tags of its task definition cannot be seen by a policy"))
    else:
        reaching = NO_TAGS
    fix = 'set propagate_tags = "SERVICE", or "TASK_DEFINITION" with the tags on the task definition'
    return (Bill("tasks", reaching, broken_hop=hop, fix=fix),)


RULES: Final[Mapping[str, Rule]] = {
    "aws:autoscaling/group:Group": _group,
    "aws:ec2/instance:Instance": _instance,
    "aws:ec2/launchTemplate:LaunchTemplate": _template,
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": _spot_request,
    "aws:ecs/service:Service": _service,
    "aws:eks/nodeGroup:NodeGroup": _node_group,
}
