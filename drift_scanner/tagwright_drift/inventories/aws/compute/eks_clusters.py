"""aws_eks_cluster."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_drift.inventories.aws.building import make_resource, tags_of, unread_tags
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import Place, StreamLister, again, pages
from tagwright_drift.inventories.contract import Page
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.facts import Cluster

TYPE = "aws_eks_cluster"


def lister(keeper: FactsKeeper) -> StreamLister:
    return StreamLister(TYPE, "eks", ("eks:ListClusters", "eks:DescribeCluster"), keeper, _read)


def _read(place: Place) -> Iterator[Page]:
    """A cluster that could not be described is known by its name, and its tags are unknown."""
    names, seen = place.facts.cluster_names, place.facts.clusters
    yield from pages(place.site, (_live(place, cluster) for cluster in seen.rows))
    described = {cluster.name for cluster in seen.rows}
    unread = [name for name in names.rows if name not in described]
    if unread and seen.trouble is not None:  # without trouble they have gone since they were listed
        why = seen.trouble.reason
        rows = tuple(_unread(place, name, why) for name in unread)
        yield Page(rows, place.site.counted(), len(rows), why)
    if names.trouble is not None:
        raise again(names.trouble, place.site)


def _live(place: Place, cluster: Cluster) -> LiveResource:
    resource = make_resource(TYPE, cluster.arn, place.site.account, tags=tags_of(cluster.tags), what="cluster")
    return LiveResource(
        resource,
        place.cell,
        cluster.name,
        place.site.region,
        created=cluster.created,
        incarnation=cluster.created.isoformat() if cluster.created else "",
    )


def _unread(place: Place, name: str, why: str) -> LiveResource:
    arn = place.arn("eks", f"cluster/{name}")
    resource = make_resource(TYPE, arn, place.site.account, tags=unread_tags(why), what="cluster")
    return LiveResource(resource, place.cell, name, place.site.region)
