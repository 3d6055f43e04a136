"""Which durable thing made an ephemeral instance.

Read from the tags that AWS itself writes wherever it writes any. A managed node group's Auto Scaling group is called
`eks-NAME-UUID` (EKS user guide, "Managed node groups"), a Batch environment's `[AWSBatch-]NAME-asg-UUID`; the name of
an instance's group stands in `aws:autoscaling:groupName`. Karpenter's own tags are ordinary ones and can be forged:
they count only on an instance that a fleet started or that EKS knows (`aws:ec2:fleet-id`, `aws:eks:cluster-name`).
"""

from __future__ import annotations

import re
from typing import Final

from tagwright_drift.reach.facts import Machine

GROUP: Final = "aws:autoscaling:groupName"
TEMPLATE: Final = "aws:ec2launchtemplate:id"
TEMPLATE_VERSION: Final = "aws:ec2launchtemplate:version"
FLEET: Final = "aws:ec2:fleet-id"
SPOT_FLEET: Final = "aws:ec2spot:fleet-request-id"
EKS_CLUSTER: Final = "aws:eks:cluster-name"
BATCH: Final = "aws:batch:compute-environment"
NODE_POOL: Final = "karpenter.sh/nodepool"
_OLD_NODE_POOL = "karpenter.sh/provisioner-name"
NODE_CLASS: Final = "karpenter.k8s.aws/ec2nodeclass"

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_EKS = re.compile(rf"eks-(?P<name>.+)-{_UUID}")
_BATCH = re.compile(rf"(?P<sure>AWSBatch-)?(?P<name>.+)-asg-{_UUID}", re.IGNORECASE)
_CLUSTER_TAGS = ("eks:cluster-name", "eks:eks-cluster-name")


def cluster_of(machine: Machine) -> str:
    """The EKS cluster that an instance belongs to, "" for none."""
    return machine.mark(EKS_CLUSTER) or next(filter(None, map(machine.tag, _CLUSTER_TAGS)), "")


def node_group_of(machine: Machine) -> str:
    """The managed node group's name, by the name of the Auto Scaling group; "" for none."""
    found = _EKS.fullmatch(machine.mark(GROUP))
    return found["name"] if found else ""


def environment_of(machine: Machine) -> str:
    """The Batch compute environment's name, "" for none."""
    if named := _told_environment(machine):
        return named
    found = _BATCH.fullmatch(machine.mark(GROUP))
    return found["name"] if found and machine.tag("AWSBatchServiceTag") else ""


def _told_environment(machine: Machine) -> str:
    """The same, from nothing but what AWS wrote."""
    if named := machine.mark(BATCH):
        return named.rpartition("/")[2]
    found = _BATCH.fullmatch(machine.mark(GROUP))
    return found["name"] if found and found["sure"] else ""


def node_pool_of(machine: Machine) -> str:
    """Karpenter's node pool (EKS Auto Mode's too), "" for none."""
    if machine.mark(GROUP) or not (machine.mark(FLEET) or machine.mark(EKS_CLUSTER)):
        return ""
    return machine.tag(NODE_POOL) or machine.tag(_OLD_NODE_POOL)


def maker(machine: Machine) -> str:
    """The `group` of an ephemeral instance, as `LiveResource` words it; "" for one that stands by itself. Ordinary
    tags have no say where AWS wrote who it was: rewriting them must not start a finding's clock again.
    """
    if environment := _told_environment(machine):
        return f"batch:{environment}"
    group, cluster = machine.mark(GROUP), machine.mark(EKS_CLUSTER)
    if cluster and (node_group := node_group_of(machine)):
        return f"eks-nodegroup:{cluster}/{node_group}"
    if group:
        return f"asg:{group}"
    if pool := node_pool_of(machine):
        cluster = cluster_of(machine)
        return f"karpenter:{cluster}/{pool}" if cluster else f"karpenter:{pool}"
    fleet = machine.mark(SPOT_FLEET) or machine.mark(FLEET)
    return f"fleet:{fleet}" if fleet else ""
