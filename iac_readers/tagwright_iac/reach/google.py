"""Google Cloud: what starts virtual machines for you.

A node pool's `node_config.resource_labels` are "the GCP labels to be applied to each node"; its `labels` are
Kubernetes labels and reach no bill. An instance template's `labels` are those of the instances made from it
(hashicorp/terraform-provider-google, website/docs/r/container_cluster and compute_instance_template).
"""

from __future__ import annotations

from tagwright_dictionary.model import NO_TAGS, Bill, Unknown
from tagwright_iac.reach.tagsets import doubtful, layers, travelled, unseen
from tagwright_iac.view import ResourceView

_CLUSTER_DOUBT = Unknown(
    "whether GKE copies the cluster's label to the pool's machines could not be confirmed",
    "write it in node_config.resource_labels",
)


def node_pool_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    cluster = view.link("cluster")
    base = NO_TAGS
    if not isinstance(cluster, Unknown) and cluster is not None:
        base = doubtful(travelled(cluster.effective_tags, cluster.address), _CLUSTER_DOUBT)
    nodes = NO_TAGS
    for block in view.blocks("node_config"):
        found = block.tags("resource_labels")
        nodes = layers(nodes, unseen(block.exists) if block.exists else found)
    hop = "labels of a node pool are Kubernetes labels; only resource_labels reach the machines"
    return (Bill("nodes", layers(base, nodes), broken_hop=hop, fix="set node_config.resource_labels"),)


def instance_template_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    return (Bill("instances", travelled(view.effective_tags, view.address), fix="set labels on the template"),)
