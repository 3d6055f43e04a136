"""Computed outputs for an update without a cloud: enough for programs that pass an ARN or a version on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tagwright_pulumi.testing.model import Registration


def fabricate(registration: Registration) -> Mapping[str, Any]:
    """Made-up outputs of a resource, by wire name. Inputs of the same name win, `outputs=` of `run` wins over both."""
    name, service = registration.name, registration.type.partition(":")[2].partition("/")[0]
    made: dict[str, Any] = {"name": name}
    if registration.type.startswith("aws:"):
        made["arn"] = f"arn:aws:{service}:loopback:000000000000:{name}"
    extra = _EXTRA.get(registration.type)
    return made if extra is None else made | extra(name)


_EXTRA: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "aws:ec2/launchTemplate:LaunchTemplate": lambda _: {"latestVersion": 1, "defaultVersion": 1},
    "aws:eks/nodeGroup:NodeGroup": lambda name: {
        "resources": [{"autoscalingGroups": [{"name": f"eks-{name}"}]}],
        "nodeGroupName": name,
    },
    "aws:s3/bucket:Bucket": lambda name: {"bucket": name},
}
