"""aws_eks_fargate_profile."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tagwright_drift.inventories.aws.building import make_resource, tags_of, when
from tagwright_drift.inventories.aws.compute.batches import GONE, described
from tagwright_drift.inventories.aws.compute.ec2_rows import own_tags
from tagwright_drift.inventories.aws.compute.gathering import FactsKeeper
from tagwright_drift.inventories.aws.compute.listing import Place, StreamLister, again
from tagwright_drift.inventories.contract import CellTrouble, Page
from tagwright_drift.live import LiveResource
from tagwright_drift.reach.words import probable_of_cluster

TYPE = "aws_eks_fargate_profile"


def lister(keeper: FactsKeeper) -> StreamLister:
    actions = ("eks:ListClusters", "eks:ListFargateProfiles", "eks:DescribeFargateProfile", "eks:DescribeCluster")
    return StreamLister(TYPE, "eks", actions, keeper, _read)


def _read(place: Place) -> Iterator[Page]:
    """Cluster by cluster; one that refuses does not hide the others."""
    clusters = place.facts.cluster_names
    trouble = clusters.trouble
    for cluster in clusters.rows:
        try:
            for page in place.site.pages("eks", "list_fargate_profiles", clusterName=cluster):
                names = page.get("fargateProfileNames", ())
                rows, missed = described(place.site, names, partial(_live, place, cluster))
                yield Page(rows, place.site.counted())
                trouble = trouble or missed
        except CellTrouble as error:
            trouble = trouble or error
    if trouble is not None:
        raise again(trouble, place.site)
    yield Page((), place.site.counted())


def _live(place: Place, cluster: str, name: str) -> LiveResource:
    answer = place.site.call(
        "eks", "describe_fargate_profile", answers=GONE, clusterName=cluster, fargateProfileName=name
    )
    row = answer["fargateProfile"]
    own = own_tags(row.get("tags"))
    resource = make_resource(
        TYPE,
        str(row["fargateProfileArn"]),
        place.site.account,
        tags=tags_of(own),
        what="fargate profile",
    )
    return LiveResource(
        resource,
        place.cell,
        name,
        place.site.region,
        created=when(row.get("createdAt")),
        probable=probable_of_cluster(place.facts.joined, cluster, own),
    )
