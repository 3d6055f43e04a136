"""Auto Scaling groups: what their tags and their launch template reach.

AWS: a group's tag reaches the instances when PropagateAtLaunch is true, and wins over the launch template's tag of
the same key; it never reaches EBS volumes, "specify the tags in a launch template" (Auto Scaling user guide, "Tag
Auto Scaling groups and instances"). The provider puts no default_tags on a group's instances.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tagwright_dictionary.model import NO_TAGS, Bill, Origin, Tag, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, same, tags_of, text, unseen
from tagwright_iac.reach.templates import FIX_VOLUMES, Launch, used_template
from tagwright_iac.view import BlockView, ResourceView

_HOP = "tag blocks without propagate_at_launch = true"
_FIX = "set propagate_at_launch = true on the tag block"
_VOLUMES_HOP = "tags of an aws_autoscaling_group never reach volumes"
SPECIFICATION = ("mixed_instances_policy", "launch_template", "launch_template_specification")
_IDS = ("launch_template_id", "launch_template_name")


def group_bills(view: ResourceView, consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    propagated = layers(_from_blocks(view), _from_list(view), tags_from_outside(consumers))
    launches = _launches(view)
    bills: list[Bill] = []
    for index, launch in enumerate(launches or (Launch(),)):
        suffix = f" of {launch.name or 'another launch template'}" if index else ""
        bills.append(Bill(f"instances{suffix}", layers(launch.instances, propagated), broken_hop=_HOP, fix=_FIX))
        if launches:
            bills.append(Bill(f"volumes{suffix}", launch.volumes, broken_hop=_VOLUMES_HOP, fix=FIX_VOLUMES))
    if not launches and view.attribute("launch_configuration") is not None:
        hop = f"{_VOLUMES_HOP}, and a launch configuration cannot tag them"
        fix = 'replace it by a launch template with tag_specifications { resource_type = "volume" }'
        bills.append(Bill("volumes", NO_TAGS, broken_hop=hop, fix=fix))
    return tuple(bills)


def tags_from_outside(consumers: tuple[ResourceView, ...]) -> Tags:
    """What aws_autoscaling_group_tag resources of the same tree add to the group's instances."""
    return layers(*(_from_blocks(tag) for tag in consumers if tag.type == "aws_autoscaling_group_tag"))


def _from_blocks(view: ResourceView) -> Tags:
    found = NO_TAGS
    for block in view.blocks("tag"):
        found = layers(found, _one(view, block.attribute, block.exists))
    return found


def _from_list(view: ResourceView) -> Tags:
    """`tags`, a list of maps, of provider versions before 5."""
    rows = view.attribute("tags")
    if rows is None or isinstance(rows, Mapping):
        return NO_TAGS
    if isinstance(rows, Unknown):
        return unseen(rows)
    if not isinstance(rows, (list, tuple)):
        return unseen(Unknown("tags of the group is not a list"))
    found = NO_TAGS
    for row in rows:
        if isinstance(row, Mapping):
            found = layers(found, _one(view, row.get, None))
        elif row is not None:
            found = layers(found, unseen(row if isinstance(row, Unknown) else Unknown("an entry of tags is no map")))
    return found


def _one(view: ResourceView, read: Any, exists: Unknown | None) -> Tags:
    """The tag of one block or entry, as far as it reaches instances."""
    if exists is not None:
        return unseen(exists)
    key, value, propagate = read("key"), read("value"), read("propagate_at_launch")
    if propagate is None or propagate is False or propagate == "false":
        return NO_TAGS
    if isinstance(key, Unknown):
        return unseen(key)
    if key is None or value is None:
        return NO_TAGS
    own = view.own_tags.get(str(key))
    origin = Origin("propagated", view.address, own.origin.location if own and own.origin else None)
    tag = Tag(str(key), text(value), origin, sensitive=own.sensitive if own else False)
    if isinstance(propagate, Unknown):
        cause = Unknown(f"whether {tag.key} is propagated at launch is not known: {propagate.cause}", propagate.hint)
        return Tags((Tag(tag.key, cause, tag.origin, tag.sensitive),))
    return tags_of([tag])


def _launches(view: ResourceView) -> tuple[Launch, ...]:
    """Every launch template an instance of the group may come from; equal ones once."""
    found: list[Launch] = []
    for launch in _all_launches(view):
        if not any(same(launch.instances, other.instances) and same(launch.volumes, other.volumes) for other in found):
            found.append(launch)
    return tuple(found)


def _all_launches(view: ResourceView) -> Iterator[Launch]:
    for block in view.blocks("launch_template"):
        yield used_template(view, block, ("launch_template",), ("id", "name"))
    for policy in view.blocks("mixed_instances_policy"):
        for template in policy.blocks("launch_template"):
            for block in template.blocks("launch_template_specification"):
                yield used_template(view, block, SPECIFICATION, _IDS)
            for index, override in enumerate(template.blocks("override")):
                yield from _override(view, index, override)


def _override(view: ResourceView, index: int, override: BlockView) -> Iterator[Launch]:
    """An override may name a template of its own. A path's part of digits picks the block of that index."""
    for block in override.blocks("launch_template_specification"):
        path = (*SPECIFICATION[:2], "override", str(index), "launch_template_specification")
        yield used_template(view, block, path, _IDS)
