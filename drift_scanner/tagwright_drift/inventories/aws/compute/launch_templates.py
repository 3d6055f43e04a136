"""aws_launch_template."""

from __future__ import annotations

from tagwright_dictionary.model import Unknown
from tagwright_drift.inventories.aws.building import make_resource, name_of, tags_of
from tagwright_drift.inventories.aws.compute.actions import MEMBERS, USERS, actions
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import FactLister, Place
from tagwright_drift.inventories.aws.compute.requirements import joined_attributes
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.bills import template_bills
from tagwright_drift.reach.facts import Attributes, Template, TemplateRef

TYPE = "aws_launch_template"
_KARPENTERS = ("karpenter.k8s.aws/", "Karpenter-")
_CLUSTER_TAGS = ("eks:eks-cluster-name", "karpenter.k8s.aws/cluster")
_CLASS_TAG = "karpenter.k8s.aws/ec2nodeclass"


def lister(keeper: FactsKeeper) -> FactLister[Template]:
    return FactLister(
        TYPE,
        "ec2",
        actions("ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions", ways=(*MEMBERS, *USERS)),
        keeper,
        lambda facts: facts.templates,
        _live,
    )


def _live(place: Place, template: Template) -> LiveResource:
    arn = place.arn("ec2", f"launch-template/{template.id}")
    tags = tags_of(template.tags)
    resource = make_resource(
        TYPE,
        arn,
        place.site.account,
        tags=tags,
        attributes=dict(_attributes(place, template)),
        bills=template_bills(place.facts.joined, template),
    )
    return LiveResource(
        resource,
        place.cell,
        name_of(arn, tags, template.name),
        place.site.region,
        created=template.created,
        group=_group(template),
    )


def _attributes(place: Place, template: Template) -> Attributes:
    """Of the default version and of those that somebody uses."""
    joined = place.facts.joined
    refs = (TemplateRef(template.id), *joined.users_of(template.id).refs())
    own = [ref for ref in dict.fromkeys(refs) if joined.template_id(ref) == template.id]
    found = [place.facts.version(ref) for ref in own]
    return joined_attributes(
        (("instance_type", (each,)),) if isinstance(each, Unknown) else each.attributes for each in found
    )


def _group(template: Template) -> str:
    """Karpenter makes and drops templates all the time: they are kept apart by cluster and node class."""
    if not template.name.startswith(_KARPENTERS):
        return ""
    tags = dict(template.tags)
    cluster = next(filter(None, (tags.get(key) for key in _CLUSTER_TAGS)), "")
    node_class = tags.get(_CLASS_TAG, "")
    return f"karpenter:{cluster}/{node_class}" if cluster or node_class else ""
