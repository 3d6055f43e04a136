"""AWS Batch: `compute_resources.tags` are the tags of the instances; a job definition's tags reach the tasks of its
jobs with `propagate_tags = true` (Batch user guide, "Tag your AWS Batch resources": "Tags on ... job definitions are
propagated to the corresponding Amazon ECS task only" then).

Volumes are left out: no source says whether compute_resources.tags reach them.
"""

from __future__ import annotations

from tagwright_dictionary.model import NO_TAGS, Bill, Unknown
from tagwright_iac.reach.direct import own_bill
from tagwright_iac.reach.tagsets import layers, travelled, unseen
from tagwright_iac.reach.templates import used_template
from tagwright_iac.view import ResourceView

_TEMPLATE = ("compute_resources", "launch_template")


def compute_environment_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    """Fargate and unmanaged environments start no instances of their own: then only the environment is judged."""
    for resources in view.blocks("compute_resources"):
        kind = resources.attribute("type")
        if isinstance(kind, str) and kind.upper().startswith("FARGATE"):
            break
        tags = NO_TAGS
        for block in resources.blocks("launch_template"):
            launch = used_template(view, block, _TEMPLATE, ("launch_template_id", "launch_template_name"))
            tags = launch.instances
        tags = layers(tags, travelled(resources.tags("tags"), view.address))
        hop = "tags of an aws_batch_compute_environment stay on the environment"
        return (Bill("instances", tags, broken_hop=hop, fix="set tags inside compute_resources"),)
    return own_bill(view)


def job_definition_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    """Jobs on EKS run as pods and multi-node jobs on their instances: there a job has no ECS task to tag."""
    if view.blocks("eks_properties") or view.attribute("type") == "multinode":
        return own_bill(view)
    propagate = view.attribute("propagate_tags")
    tags = NO_TAGS
    if isinstance(propagate, Unknown):
        tags = unseen(propagate)
    elif propagate is True or propagate == "true":
        tags = travelled(view.effective_tags, view.address)
    hop = "a job definition propagates no tags to its jobs without propagate_tags = true"
    return (Bill("jobs", tags, broken_hop=hop, fix="set propagate_tags = true"),)
