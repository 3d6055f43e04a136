"""A group of GPU instances: managed by EKS, or an Auto Scaling group."""

# No postponed annotations: Pulumi infers the schema of a component from the annotations themselves.
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NotRequired, Optional, TypedDict

import pulumi

from tagwright_dictionary.judging.text import quoted
from tagwright_pulumi.components.accelerated import only_gpu
from tagwright_pulumi.components.arguments import Arguments
from tagwright_pulumi.components.children import child_options
from tagwright_pulumi.extras import aws
from tagwright_pulumi.gate import TagGate
from tagwright_pulumi.gated import GatedTags

if TYPE_CHECKING:
    from pulumi_aws import autoscaling, ec2, eks

TYPE: Final = "tagwright:index:GpuNodeGroup"
_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
_GROUPS: Final = {"eks": "aws:eks/nodeGroup:NodeGroup", "asg": "aws:autoscaling/group:Group"}
_NEEDED: Final = {"eks": ("cluster_name", "node_role_arn", "subnet_ids"), "asg": ("ami", "subnet_ids")}
_TEMPLATE_OWN: Final = frozenset({"instance_type", "image_id", "instance_market_options", "user_data"})
_GROUP_OWN: Final = {
    "eks": frozenset(
        {"cluster_name", "node_role_arn", "subnet_ids", "scaling_config", "launch_template", "capacity_type"}
        | {"instance_types"}
    ),
    "asg": frozenset(
        {"launch_template", "vpc_zone_identifiers", "min_size", "max_size", "desired_capacity"}
        | {"mixed_instances_policy", "launch_configuration"}
    ),
}
_KINDS: Final = ("instance", "volume", "network-interface")


class GpuNodeGroupArgs(TypedDict):
    """Arguments of a GpuNodeGroup."""

    kind: str
    """eks for a managed node group, asg for an Auto Scaling group."""
    instance_type: pulumi.Input[str]
    """An accelerated instance type, like g6e.12xlarge."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Tags of the group, its instances, volumes and network interfaces, judged by the tag dictionary."""
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    """The subnets that the nodes start in."""
    min_size: NotRequired[pulumi.Input[int]]
    """The least number of nodes, 0 when not given."""
    max_size: NotRequired[pulumi.Input[int]]
    """The greatest number of nodes, 1 when not given."""
    desired_size: NotRequired[pulumi.Input[int]]
    """The number of nodes to start with; the least when not given."""
    ami: NotRequired[pulumi.Input[str]]
    """The image of the nodes; an Auto Scaling group needs it, EKS has its own."""
    user_data: NotRequired[pulumi.Input[str]]
    """What a node runs at its first start, in base64."""
    spot: NotRequired[bool]
    """Whether to buy spot capacity."""
    cluster_name: NotRequired[pulumi.Input[str]]
    """The EKS cluster (kind eks)."""
    node_role_arn: NotRequired[pulumi.Input[str]]
    """The role of the nodes (kind eks)."""


class GpuNodeGroup(pulumi.ComponentResource):
    """A group of accelerated nodes. Its tags reach what is billed: through the launch template the instances, volumes
    and network interfaces, and the Auto Scaling group (also the hidden one of an EKS node group).
    """

    group_arn: pulumi.Output[str]
    """The ARN of the node group or Auto Scaling group."""
    group_name: pulumi.Output[str]
    """The name of the Auto Scaling group."""
    launch_template_id: pulumi.Output[str]
    """The id of the launch template."""
    effective_tags: pulumi.Output[dict[str, str]]
    """The tags that everything got: its own over the defaults."""

    component_type = TYPE

    def __init__(
        self,
        name: str,
        args: GpuNodeGroupArgs,
        opts: Optional[pulumi.ResourceOptions] = None,  # noqa: UP045 - as Pulumi's analyzer knows it
        *,
        gate: TagGate | None = None,
        resource_opts: pulumi.ResourceOptions | None = None,
        template_opts: pulumi.ResourceOptions | None = None,
        adopt: bool = False,
        group_args: Mapping[str, Any] | None = None,
        template_args: Mapping[str, Any] | None = None,
    ) -> None:
        """Raises TagPolicyError before anything is registered.

        `resource_opts` and `group_args` are options and further arguments of the group, `template_opts` and
        `template_args` of its launch template. `adopt` takes over bare ones of the same name.
        """
        given = Arguments.read("GpuNodeGroup", args, GpuNodeGroupArgs)
        kind = _kind(given)
        compute, service = aws("ec2"), aws("autoscaling" if kind == "asg" else "eks")
        maker = service.Group if kind == "asg" else service.NodeGroup
        more = given.beyond("group_args", group_args, maker, _GROUP_OWN[kind])
        template = given.beyond("template_args", template_args, compute.LaunchTemplate, _TEMPLATE_OWN)
        gated = (gate or TagGate()).apply(
            _GROUPS[kind],
            name,
            given.get("tags"),
            label=self.component_type,
            arguments=given.pick("instance_type"),
            classes=("gpu",),
            siblings=(_TEMPLATE,),
            checks=(only_gpu("GpuNodeGroup"),),
            problems=given.problems,
        )
        super().__init__(
            self.component_type,
            name,
            {"kind": kind, "instanceType": given.get("instance_type"), "tags": gated.map},
            opts,
        )
        self.launch_template: ec2.LaunchTemplate = compute.LaunchTemplate(
            name,
            **_template(given, template, kind, gated),
            opts=child_options(self, template_opts, adopt=adopt),
        )
        options = child_options(self, resource_opts, adopt=adopt)
        self.node_group: eks.NodeGroup | None = None
        self.autoscaling_group: autoscaling.Group | None = None
        if kind == "eks":
            self.node_group = maker(name, **_node_group(given, more, self.launch_template, gated), opts=options)
            self.group_arn = self.node_group.arn
            self.group_name = self.node_group.resources.apply(_hidden_group)
            self._tag_hidden_group(name, gated, adopt=adopt)
        else:
            self.autoscaling_group = maker(name, **_group(given, more, self.launch_template, gated), opts=options)
            self.group_arn = self.autoscaling_group.arn
            self.group_name = self.autoscaling_group.name
        self.launch_template_id = self.launch_template.id
        self.effective_tags = gated.output
        self.register_outputs(
            {
                "groupArn": self.group_arn,
                "groupName": self.group_name,
                "launchTemplateId": self.launch_template_id,
                "effectiveTags": gated.map,
            }
        )

    def _tag_hidden_group(self, name: str, gated: GatedTags, *, adopt: bool) -> None:
        """EKS does not hand a node group's tags on to the Auto Scaling group that it makes (pulumi-eks#658)."""
        if gated.keys is None:
            pulumi.log.warn(
                f"{self.component_type} '{name}': its tags are one output, so their keys are not known here and the "
                "hidden Auto Scaling group stays untagged (instances and volumes are tagged). Write the keys, with "
                "outputs as their values.",
                self,
            )
            return
        scaling = aws("autoscaling")
        for key in gated.keys:
            scaling.Tag(
                f"{name}-{key}",
                autoscaling_group_name=self.group_name,
                tag={"key": key, "value": gated.get(key), "propagate_at_launch": True},
                opts=child_options(self, adopt=adopt),
            )


def _kind(given: Arguments) -> str:
    kind = given.get("kind")
    if kind in _GROUPS:
        for name in _NEEDED[kind]:
            if given.get(name) is None and name != "subnet_ids":
                given.refuse(name, f"GpuNodeGroup of kind {kind} needs {name}", f"add {name} to its arguments.")
        return str(kind)
    if kind is not None:
        message = f"kind is {quoted(kind) if isinstance(kind, str) else type(kind).__name__}"
        given.refuse("kind", message, 'write "eks" for a managed node group or "asg" for an Auto Scaling group.')
    return "asg"


def _template(given: Arguments, more: dict[str, Any], kind: str, gated: GatedTags) -> dict[str, Any]:
    """Provider default tags never enter tag_specifications (terraform-provider-aws#32328). A spot request can only be
    tagged where the template asks for it: EKS does that itself, through its capacity type.
    """
    spot = bool(given.get("spot")) and kind == "asg"
    found = {**more, "instance_type": gated.guard(given.get("instance_type")), "tags": gated.map}
    if given.get("ami") is not None:
        found["image_id"] = given.get("ami")
    if spot:
        found["instance_market_options"] = {"market_type": "spot"}
    found["tag_specifications"] = gated.specifications((*_KINDS, "spot-instances-request") if spot else _KINDS)
    return found | given.pick("user_data")


def _sizes(given: Arguments) -> tuple[Any, Any, Any]:
    least = given.get("min_size") if given.get("min_size") is not None else 0
    most = given.get("max_size") if given.get("max_size") is not None else 1
    return least, most, given.get("desired_size") if given.get("desired_size") is not None else least


def _node_group(given: Arguments, more: dict[str, Any], template: Any, gated: GatedTags) -> dict[str, Any]:
    least, most, desired = _sizes(given)
    return {
        **more,
        **given.pick("cluster_name", "node_role_arn", "subnet_ids"),
        **({"capacity_type": "SPOT"} if given.get("spot") else {}),
        "scaling_config": {"min_size": least, "max_size": most, "desired_size": desired},
        "launch_template": {"id": template.id, "version": template.latest_version.apply(str)},
        "tags": gated.map,
    }


def _group(given: Arguments, more: dict[str, Any], template: Any, gated: GatedTags) -> dict[str, Any]:
    least, most, desired = _sizes(given)
    return {
        **more,
        "vpc_zone_identifiers": given.get("subnet_ids"),
        "min_size": least,
        "max_size": most,
        "desired_capacity": desired,
        "launch_template": {"id": template.id, "version": template.latest_version.apply(str)},
        "tags": gated.propagated(),
    }


def _hidden_group(resources: Any) -> str:
    return str(resources[0].autoscaling_groups[0].name)
