"""EC2 launch templates: what they tag, and how other resources find the one they use.

`tag_specifications` name the resource type they tag; the template's own `tags` stay on the template, and provider
default_tags never enter tag_specifications (hashicorp/terraform-provider-aws#32328, #19387).
"""

from __future__ import annotations

from dataclasses import dataclass

from tagwright_dictionary.model import NO_TAGS, Bill, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, shared, travelled, unseen
from tagwright_iac.view import BlockView, ResourceView

UNTAGGED_INSTANCES = "the launch template has no tag_specifications that tag instances"
UNTAGGED_VOLUMES = "the launch template has no tag_specifications that tag volumes"
FIX_INSTANCES = 'add tag_specifications { resource_type = "instance" } with the tags to the launch template'
FIX_VOLUMES = 'add tag_specifications { resource_type = "volume" } with the tags to the launch template'


@dataclass(frozen=True, slots=True)
class Launch:
    """What a launch template gives to those who use it. `name` is its address, "" when it is not known."""

    instances: Tags = NO_TAGS
    volumes: Tags = NO_TAGS
    name: str = ""


def launch_of(template: ResourceView) -> Launch:
    """What this aws_launch_template tags."""
    return Launch(_specified(template, "instance"), _specified(template, "volume"), template.address)


def _specified(template: ResourceView, kind: str) -> Tags:
    found = NO_TAGS
    for block in template.blocks("tag_specifications"):
        resource_type = block.attribute("resource_type")
        if block.exists is not None:
            found = layers(found, unseen(block.exists))
        elif isinstance(resource_type, Unknown):
            found = layers(found, unseen(resource_type))
        elif resource_type == kind:
            found = layers(found, block.tags("tags"))
    return travelled(found, template.address)


def used_template(view: ResourceView, block: BlockView, path: tuple[str, ...], names: tuple[str, str]) -> Launch:
    """The launch template that `block` (at `path` of `view`) names by one of `names` (its id or its name)."""
    for name in names:
        target = view.link(*path, name)
        if target is None:
            continue
        if isinstance(target, Unknown):
            return Launch(unseen(target), unseen(target))
        if target.type == "aws_launch_template":
            return launch_of(target)
        cause = Unknown(f"{target.address} is not a launch template that can be read")
        return Launch(unseen(cause), unseen(cause))
    cause = block.exists or Unknown("which launch template is used cannot be seen")
    return Launch(unseen(cause), unseen(cause))


def bills(view: ResourceView, consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    """A template alone: what it tags. A template that known resources use is judged with what all of them add on the
    way to the same instances and volumes, so that groups which tag them do not leave their template at fault.
    """
    from tagwright_iac.reach.rules import bills_of  # noqa: PLC0415 - the rules of its users are in the same table

    launch = launch_of(view)
    used = [bill for consumer in consumers for bill in bills_of(consumer)]
    instances = shared(launch.instances, (bill.tags for bill in used if bill.what.startswith("instance")))
    volumes = shared(launch.volumes, (bill.tags for bill in used if "volume" in bill.what))
    return (
        Bill("instances", instances, broken_hop=_alone(UNTAGGED_INSTANCES), fix=FIX_INSTANCES),
        Bill("volumes", volumes, broken_hop=_alone(UNTAGGED_VOLUMES), fix=FIX_VOLUMES),
    )


def _alone(reason: str) -> str:
    return f"{reason}; the template's own tags stay on the template"
