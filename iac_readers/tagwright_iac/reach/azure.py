"""Azure Kubernetes: the cluster's tags reach its resource group and network, not the machines of a node pool, which
get the pool's own (hashicorp/terraform-provider-azurerm#8754, Azure/AKS#1344).

The OS disk of a virtual machine takes the machine's tags when it is created
(hashicorp/terraform-provider-azurerm#8162), so machines and scale sets need no rule of their own.
"""

from __future__ import annotations

from tagwright_dictionary.model import NO_TAGS, Bill
from tagwright_iac.reach.direct import own_bill
from tagwright_iac.reach.tagsets import layers, travelled, unseen
from tagwright_iac.view import ResourceView


def cluster_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    tags, pools = NO_TAGS, view.blocks("default_node_pool")
    for block in pools:
        tags = layers(tags, unseen(block.exists) if block.exists else block.tags("tags"))
    if not pools:
        return own_bill(view)
    hop = "tags of an azurerm_kubernetes_cluster do not reach the machines of its node pool"
    nodes = Bill("nodes", travelled(tags, view.address), broken_hop=hop, fix="set tags inside default_node_pool")
    return (*own_bill(view), nodes)
