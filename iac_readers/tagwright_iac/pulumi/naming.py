"""From Pulumi's names to Terraform's, by which the rules of what is billed are written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from tagwright_dictionary.catalogue import TagSupport, find, tag_support

_BESIDE: Final[Mapping[str, str]] = {
    "aws:autoscaling/tag:Tag": "aws_autoscaling_group_tag",
    "aws:cloudwatch/eventTarget:EventTarget": "aws_cloudwatch_event_target",
    "aws:ec2/tag:Tag": "aws_ec2_tag",
    "aws:ecs/taskDefinition:TaskDefinition": "aws_ecs_task_definition",
    "aws:scheduler/schedule:Schedule": "aws_scheduler_schedule",
}
"""Types that are in no catalogue because nothing of them is billed, but that tell what reaches others."""


@cache
def terraform_type(token: str) -> str:
    """What Terraform calls a type of a Pulumi provider that is bridged from Terraform's; the token itself where the
    catalogue has no name for it.
    """
    found = find(token)
    if found is not None and found.terraform:
        return found.terraform
    return _BESIDE.get(token, token)


def place_of(token: str) -> TagSupport:
    """Where a type keeps its tags. Pulumi's Kubernetes types are known by what Terraform calls them."""
    found = tag_support(token)
    return found if found.taggable is not None or token in _BESIDE else tag_support(terraform_type(token))


def camel(name: str) -> str:
    """`launch_template` as `launchTemplate`; what has no underscore stays."""
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def member(value: Mapping[str, Any], name: str) -> Any:
    """What Pulumi calls a Terraform argument: in camelCase, and a repeated block in the plural."""
    spelled = camel(name)
    for each in (spelled, f"{spelled}s", f"{spelled}es", f"{spelled[:-1]}ies"):
        if each in value:
            return value[each]
    return None
