"""Which rule says what of a resource is billed."""

from __future__ import annotations

from collections.abc import Callable

from tagwright_dictionary.model import Bill
from tagwright_iac.reach import azure, batch, containers, eks, fleets, google, groups, instances, karpenter, templates
from tagwright_iac.reach.direct import own_bill
from tagwright_iac.view import ResourceView

Rule = Callable[[ResourceView, tuple[ResourceView, ...]], tuple[Bill, ...]]

RULES: dict[str, Rule] = {
    "aws_autoscaling_group": groups.group_bills,
    "aws_batch_compute_environment": batch.compute_environment_bills,
    "aws_batch_job_definition": batch.job_definition_bills,
    "aws_cloudwatch_event_target": containers.rule_target_bills,
    "aws_ec2_fleet": fleets.ec2_fleet_bills,
    "aws_ecs_service": containers.service_bills,
    "aws_eks_node_group": eks.node_group_bills,
    "aws_instance": instances.instance_bills,
    "aws_launch_template": templates.bills,
    "aws_pipes_pipe": containers.pipe_bills,
    "aws_scheduler_schedule": containers.schedule_bills,
    "aws_spot_fleet_request": fleets.spot_fleet_bills,
    "aws_spot_instance_request": instances.spot_request_bills,
    "azurerm_kubernetes_cluster": azure.cluster_bills,
    "google_compute_instance_template": google.instance_template_bills,
    "google_compute_region_instance_template": google.instance_template_bills,
    "google_container_node_pool": google.node_pool_bills,
    "kubectl_manifest": karpenter.manifest_bills,
    "kubernetes_manifest": karpenter.manifest_bills,
}

CONSUMED: dict[str, tuple[tuple[str, ...], ...]] = {
    "aws_launch_template": (
        ("aws_autoscaling_group", "launch_template", "id"),
        ("aws_autoscaling_group", "launch_template", "name"),
        ("aws_autoscaling_group", *groups.SPECIFICATION, "launch_template_id"),
        ("aws_autoscaling_group", *groups.SPECIFICATION, "launch_template_name"),
        ("aws_batch_compute_environment", "compute_resources", "launch_template", "launch_template_id"),
        ("aws_batch_compute_environment", "compute_resources", "launch_template", "launch_template_name"),
        ("aws_ec2_fleet", "launch_template_config", "launch_template_specification", "launch_template_id"),
        ("aws_ec2_fleet", "launch_template_config", "launch_template_specification", "launch_template_name"),
        ("aws_eks_node_group", "launch_template", "id"),
        ("aws_eks_node_group", "launch_template", "name"),
        ("aws_instance", "launch_template", "id"),
        ("aws_instance", "launch_template", "name"),
        ("aws_spot_fleet_request", "launch_template_config", "launch_template_specification", "id"),
        ("aws_spot_fleet_request", "launch_template_config", "launch_template_specification", "name"),
    ),
    "aws_autoscaling_group": (("aws_autoscaling_group_tag", "autoscaling_group_name"),),
    "aws_eks_node_group": (("aws_autoscaling_group_tag", "autoscaling_group_name"),),
    "aws_instance": (("aws_ec2_tag", "resource_id"),),
    "aws_spot_instance_request": (("aws_ec2_tag", "resource_id"),),
}
"""For each type whose bills depend on others that point to it: which types do, and at which path (`consumers`)."""


def bills_of(view: ResourceView, consumers: tuple[ResourceView, ...] = ()) -> tuple[Bill, ...]:
    """What of `view` costs money, and the tags that reach each part of it.

    `consumers` are resources of the same tree that point to it (see `CONSUMED`); what they add is counted. Pure and
    deterministic for an order of `consumers`; raises nothing that the view does not raise.
    """
    rule = RULES.get(view.type)
    return own_bill(view) if rule is None else rule(view, consumers)
