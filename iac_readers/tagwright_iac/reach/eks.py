"""EKS managed node groups: their tags stay on the node group; only a launch template tags the instances it starts.

AWS by design: aws/containers-roadmap#608, and the EKS user guide, "Customize managed nodes with launch templates"
("specify tags in the launch template's TagSpecifications"). A tag put on the group's hidden Auto Scaling group by
aws_autoscaling_group_tag with propagate_at_launch reaches later instances.
"""

from __future__ import annotations

from tagwright_dictionary.model import Bill
from tagwright_iac.reach.groups import tags_from_outside
from tagwright_iac.reach.tagsets import layers
from tagwright_iac.reach.templates import Launch, used_template
from tagwright_iac.view import ResourceView

_HOP = "tags of an aws_eks_node_group stay on the node group"
_FIX = 'use a launch template with tag_specifications for "instance" and "volume"'


def node_group_bills(view: ResourceView, consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    launch = Launch()
    for block in view.blocks("launch_template"):
        launch = used_template(view, block, ("launch_template",), ("id", "name"))
    instances = layers(launch.instances, tags_from_outside(consumers))
    return (
        Bill("instances", instances, broken_hop=_HOP, fix=_FIX),
        Bill("volumes", launch.volumes, broken_hop=_HOP, fix=_FIX),
    )
