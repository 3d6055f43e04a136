"""One GPU instance on EC2."""

# No postponed annotations: Pulumi infers the schema of a component from the annotations themselves.
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NotRequired, Optional, TypedDict

import pulumi

from tagwright_pulumi.components.accelerated import only_gpu
from tagwright_pulumi.components.arguments import Arguments, plain_mapping
from tagwright_pulumi.components.children import child_options
from tagwright_pulumi.extras import aws
from tagwright_pulumi.gate import TagGate
from tagwright_pulumi.gated import GatedTags, TagMap

if TYPE_CHECKING:
    from pulumi_aws import ec2

TYPE: Final = "tagwright:index:GpuNode"
_INSTANCE: Final = "aws:ec2/instance:Instance"
_OWN: Final = frozenset(
    {"ami", "instance_type", "instance_market_options", "root_block_device", "ebs_block_devices", "subnet_id"}
)


class RootVolume(TypedDict):
    """The root volume of an instance."""

    volume_size: NotRequired[pulumi.Input[int]]
    """Size in GiB."""
    volume_type: NotRequired[pulumi.Input[str]]
    """gp3, io2, ..."""
    iops: NotRequired[pulumi.Input[int]]
    """Provisioned I/O operations per second."""
    throughput: NotRequired[pulumi.Input[int]]
    """MiB per second, for gp3."""
    encrypted: NotRequired[pulumi.Input[bool]]
    """Whether the volume is encrypted."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The key that encrypts it."""
    delete_on_termination: NotRequired[pulumi.Input[bool]]
    """Whether it goes with the instance."""
    tags: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Tags of this volume, over those of the node."""


class DataVolume(RootVolume):
    """A further EBS volume of an instance."""

    device_name: pulumi.Input[str]
    """The device that it is attached as, like /dev/sdf."""
    snapshot_id: NotRequired[pulumi.Input[str]]
    """The snapshot to start from."""


class GpuNodeArgs(TypedDict):
    """Arguments of a GpuNode."""

    instance_type: pulumi.Input[str]
    """An accelerated instance type, like p5.48xlarge."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Tags of the node and its volumes, judged by the tag dictionary."""
    ami: NotRequired[pulumi.Input[str]]
    """The image to start from."""
    subnet_id: NotRequired[pulumi.Input[str]]
    """The subnet to start in."""
    vpc_security_group_ids: NotRequired[pulumi.Input[list[pulumi.Input[str]]]]
    """Its security groups."""
    iam_instance_profile: NotRequired[pulumi.Input[str]]
    """The instance profile that it runs as."""
    key_name: NotRequired[pulumi.Input[str]]
    """The key pair for SSH."""
    user_data: NotRequired[pulumi.Input[str]]
    """What it runs at its first start."""
    availability_zone: NotRequired[pulumi.Input[str]]
    """The zone to start in."""
    root_block_device: NotRequired[RootVolume]
    """The root volume."""
    ebs_block_devices: NotRequired[list[DataVolume]]
    """Further volumes."""
    spot: NotRequired[bool]
    """Whether to buy spot capacity."""


class GpuNode(pulumi.ComponentResource):
    """An EC2 instance with accelerators, whose tags reach the instance and every volume that is billed with it."""

    instance_id: pulumi.Output[str]
    """The id of the instance."""
    arn: pulumi.Output[str]
    """The ARN of the instance."""
    private_ip: pulumi.Output[str]
    """Its address in the VPC."""
    effective_tags: pulumi.Output[dict[str, str]]
    """The tags that it got: its own over the defaults."""

    component_type = TYPE

    def __init__(
        self,
        name: str,
        args: GpuNodeArgs,
        opts: Optional[pulumi.ResourceOptions] = None,  # noqa: UP045 - as Pulumi's analyzer knows it
        *,
        gate: TagGate | None = None,
        resource_opts: pulumi.ResourceOptions | None = None,
        adopt: bool = False,
        instance_args: Mapping[str, Any] | None = None,
    ) -> None:
        """Raises TagPolicyError before anything is registered.

        `resource_opts` are options of the instance, `adopt` takes over a bare instance of the same name,
        `instance_args` are further arguments of it (not its tags).
        """
        service = aws("ec2")
        given = Arguments.read("GpuNode", args, GpuNodeArgs)
        extra = given.beyond("instance_args", instance_args, service.Instance, _OWN)
        blocks = _blocks(given)
        gated = (gate or TagGate()).apply(
            _INSTANCE,
            name,
            given.get("tags"),
            label=self.component_type,
            arguments=given.pick("instance_type"),
            classes=("gpu",),
            places={what: block["tags"] for what, block in blocks.items() if block.get("tags")},
            checks=(only_gpu("GpuNode"),),
            problems=given.problems,
        )
        super().__init__(
            self.component_type, name, {"instanceType": given.get("instance_type"), "tags": gated.map}, opts
        )
        self.instance: ec2.Instance = service.Instance(
            name,
            **{
                **given.pick(
                    "ami",
                    "subnet_id",
                    "vpc_security_group_ids",
                    "iam_instance_profile",
                    "key_name",
                    "user_data",
                    "availability_zone",
                ),
                **({"instance_market_options": {"market_type": "spot"}} if given.get("spot") else {}),
                **extra,
                **_volumes(blocks, gated),
            },
            instance_type=gated.guard(given.get("instance_type")),
            tags=gated.map,
            opts=child_options(self, resource_opts, adopt=adopt),
        )
        self.instance_id = self.instance.id
        self.arn = self.instance.arn
        self.private_ip = self.instance.private_ip
        self.effective_tags = gated.output
        self.register_outputs(
            {
                "instanceId": self.instance_id,
                "arn": self.arn,
                "privateIp": self.private_ip,
                "effectiveTags": gated.map,
            }
        )


_ROOT: Final = "root volume"


def _blocks(given: Arguments) -> dict[str, dict[str, Any]]:
    """The volumes by what messages call them. One that is an output is refused: tags inside it could not be seen."""
    found: dict[str, dict[str, Any]] = {}
    written = [("root_block_device", _ROOT, given.get("root_block_device"))]
    for place, block in enumerate(given.get("ebs_block_devices") or ()):
        device = (plain_mapping(block) or {}).get("device_name")
        name = device if isinstance(device, str) else str(place + 1)
        written.append(("ebs_block_devices", f"volume {name}", block))
    for argument, what, block in written:
        if block is None:
            continue
        mapping = plain_mapping(block)
        if mapping is None:
            message = f"the {what} is an output: its tags cannot be seen"
            given.refuse(argument, message, "write it as a mapping; its values may be outputs.")
        else:
            found[what] = mapping
    return found


def _volumes(blocks: dict[str, dict[str, Any]], gated: GatedTags) -> dict[str, Any]:
    """`volume_tags` reaches every volume, but conflicts with tags in a block: then each block gets its own."""
    root = blocks.get(_ROOT)
    rest = [block for what, block in blocks.items() if what != _ROOT]
    if not any(block.get("tags") for block in blocks.values()):
        found: dict[str, Any] = {"volume_tags": gated.map}
        return found | ({"root_block_device": root} if root else {}) | ({"ebs_block_devices": rest} if rest else {})
    tagged = {what: {**block, "tags": _tags(what, block, gated)} for what, block in blocks.items()}
    root = tagged.pop(_ROOT, {"tags": gated.map})
    return {"root_block_device": root} | ({"ebs_block_devices": list(tagged.values())} if tagged else {})


def _tags(what: str, block: Mapping[str, Any], gated: GatedTags) -> TagMap:
    return gated.place(what) if block.get("tags") else gated.map
