"""EC2 Fleet and Spot Fleet: the fleet's tags stay on the fleet.

AWS: "To tag instances at launch, specify the tags in the launch template" (EC2 Fleet), and a Spot Fleet's launch
specification can tag instances only (SpotFleetTagSpecification: "the only resource type that is supported is
instance").
"""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.model import NO_TAGS, Bill
from tagwright_iac.reach.tagsets import layers, travelled, unseen
from tagwright_iac.reach.templates import FIX_INSTANCES, FIX_VOLUMES, used_template
from tagwright_iac.view import ResourceView

_HOP = "tags of a fleet stay on the fleet"


def ec2_fleet_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    names = ("launch_template_id", "launch_template_name")
    return tuple(_from_templates(view, "launch_template_specification", names))


def spot_fleet_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    bills = list(_from_templates(view, "launch_template_specification", ("id", "name")))
    specifications = view.blocks("launch_specification")
    for index, block in enumerate(specifications):
        suffix = f" of launch_specification {index + 1}" if len(specifications) > 1 else ""
        tags = layers(block.tags("tags"), unseen(block.exists)) if block.exists else block.tags("tags")
        fix = "set tags in each launch_specification, or use a launch template"
        hop = "tags of a launch_specification do not reach volumes"
        bills.append(Bill(f"instances{suffix}", travelled(tags, view.address), broken_hop=_HOP, fix=fix))
        bills.append(Bill(f"volumes{suffix}", NO_TAGS, broken_hop=hop, fix="use launch_template_config instead"))
    return tuple(bills)


def _from_templates(view: ResourceView, inner: str, names: tuple[str, str]) -> Iterator[Bill]:
    configs = view.blocks("launch_template_config")
    for index, config in enumerate(configs):
        suffix = f" of launch_template_config {index + 1}" if len(configs) > 1 else ""
        for block in config.blocks(inner):
            launch = used_template(view, block, ("launch_template_config", str(index), inner), names)
            yield Bill(f"instances{suffix}", launch.instances, broken_hop=_HOP, fix=FIX_INSTANCES)
            yield Bill(f"volumes{suffix}", launch.volumes, broken_hop=_HOP, fix=FIX_VOLUMES)
