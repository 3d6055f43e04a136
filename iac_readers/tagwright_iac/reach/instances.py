"""EC2 instances and their volumes.

What the aws provider does (internal/service/ec2/ec2_instance.go, resourceInstanceCreate, since 5.39.0, pull request
hashicorp/terraform-provider-aws#33769): RunInstances gets the instance's own tags with the provider's default_tags
for the instance, and `volume_tags` over default_tags for every volume, the root volume that no block describes
included; then CreateTags puts the `tags` of root_block_device and ebs_block_device on their volumes. Before 5.39
default_tags did not reach volumes (#19890). The instance's own `tags` never do.
"""

from __future__ import annotations

from tagwright_dictionary.model import NO_TAGS, Bill, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, same, travelled, unseen
from tagwright_iac.reach.templates import Launch, used_template
from tagwright_iac.view import BlockView, ResourceView

DEFAULT_TAGS_REACH_VOLUMES = (5, 39)
_HOP = "tags of an aws_instance do not reach its volumes"
_FIX = "set volume_tags, or tags in each block device"


def instance_bills(view: ResourceView, consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    launch = _launch(view)
    own = layers(launch.instances, view.effective_tags)
    retagged = _tagged_from_outside(consumers)
    return (
        Bill("instance", own, own=True),
        *(
            Bill(what, layers(retagged, tags), broken_hop=_HOP, fix=_FIX)
            for what, tags in _volumes(view, _every_volume(view, launch))
        ),
    )


def spot_request_bills(view: ResourceView, consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    """The provider's own words: "These tags are not automatically applied to the launched Instance"
    (website/docs/r/spot_instance_request.html.markdown).
    """
    tags = _tagged_from_outside(consumers)
    if view.blocks("launch_template"):
        tags = unseen(Unknown("whether the launch template's tags reach the spot instance is not documented"))
    hop = "tags of an aws_spot_instance_request stay on the request"
    fix = "use an aws_instance with instance_market_options, or a group or fleet with a launch template"
    return (Bill("instance", tags, broken_hop=hop, fix=fix),)


def _launch(view: ResourceView) -> Launch:
    for block in view.blocks("launch_template"):
        return used_template(view, block, ("launch_template",), ("id", "name"))
    return Launch()


def _every_volume(view: ResourceView, launch: Launch) -> Tags:
    defaults = NO_TAGS
    if view.provider_at_least(DEFAULT_TAGS_REACH_VOLUMES):
        defaults = travelled(view.default_tags, "default_tags")
    return layers(launch.volumes, defaults, travelled(view.tags("volume_tags"), "volume_tags"))


def _volumes(view: ResourceView, common: Tags) -> list[tuple[str, Tags]]:
    """One row when every volume gets the same tags, else one a group of volumes with the same tags."""
    roots = view.blocks("root_block_device")
    rows = [("root volume", _device(common, block)) for block in roots[:1]] or [("root volume", common)]
    for block in view.blocks("ebs_block_device"):
        name = block.attribute("device_name")
        rows.append((f"volume {name}" if isinstance(name, str) else "volume", _device(common, block)))
    groups: list[tuple[list[str], Tags]] = []
    for what, tags in rows:
        for names, others in groups:
            if same(tags, others):
                names.append(what)
                break
        else:
            groups.append(([what], tags))
    if len(groups) == 1:
        return [("volumes", groups[0][1])]
    return [(", ".join(dict.fromkeys(names)), tags) for names, tags in groups]


def _device(common: Tags, block: BlockView) -> Tags:
    if block.exists is not None:
        return layers(common, unseen(block.exists))
    return layers(common, block.tags("tags"))


def _tagged_from_outside(consumers: tuple[ResourceView, ...]) -> Tags:
    """An aws_ec2_tag of the same tree may tag the instance or one of its volumes; which one is not followed."""
    for consumer in consumers:
        if consumer.type == "aws_ec2_tag":
            return unseen(Unknown(f"{consumer.address} may tag it"))
    return NO_TAGS
