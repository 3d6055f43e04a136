"""The compute facts of one account and region: each listing made once, on first use, shared by all compute listers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary
from weakref import ref as weak

from tagwright_dictionary.model import Unknown
from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.compute import ec2_rows, service_rows
from tagwright_drift.inventories.aws.compute.batches import GONE, NONSENSE, described
from tagwright_drift.inventories.aws.compute.versions import Versions
from tagwright_drift.inventories.aws.contract import Site
from tagwright_drift.inventories.contract import CellTrouble
from tagwright_drift.reach.facts import (
    Cluster,
    Disk,
    Environment,
    Fleet,
    Group,
    Machine,
    NodeGroup,
    Seen,
    Template,
    TemplateRef,
    Version,
)
from tagwright_drift.reach.joined import Joined
from tagwright_drift.reach.once import Once

T = TypeVar("T")
Row = Mapping[str, Any]

_UNKNOWN_PARAMETER = "ParamValidationError"


class ComputeFacts:
    """`Facts` of one site. It does not keep the site alive, so that an inventory that lets go of a site lets go of
    these as well; memory is that of one account and region's compute resources.
    """

    def __init__(self, site: Site) -> None:
        self._site = weak(site)
        self._leaving: set[str] = set()
        self._machines = Once(self._read_machines)
        self._disks = Once(self._read_disks)
        self._templates = Once(self._read_templates)
        self._groups = Once(self._read_groups)
        self._fleets = Once(lambda: self._rows("ec2", "describe_fleets", ec2_rows.fleets_in))
        self._spot_fleets = Once(lambda: self._rows("ec2", "describe_spot_fleet_requests", ec2_rows.spot_fleets_in))
        self._environments = Once(self._read_environments)
        self._cluster_names = Once(lambda: self._rows("eks", "list_clusters", _cluster_names))
        self._clusters = Once(self._read_clusters)
        self._node_groups = Once(self._read_node_groups)
        self._ecs_clusters = Once(lambda: self._rows("ecs", "list_clusters", _ecs_clusters))
        self._configurations = Once(self._read_configurations)
        self._versions = Versions(self._pages_of_versions, lambda: self.machines)
        self.joined = Joined(self)

    @property
    def site(self) -> Site:
        found = self._site()
        if found is None:
            raise CellTrouble(CellState.ERROR, "the account and region was let go of while it was read")
        return found

    @property
    def machines(self) -> Seen[Machine]:
        return self._machines.get()

    @property
    def disks(self) -> Seen[Disk]:
        return self._disks.get()

    @property
    def templates(self) -> Seen[Template]:
        return self._templates.get()

    @property
    def groups(self) -> Seen[Group]:
        return self._groups.get()

    @property
    def cluster_names(self) -> Seen[str]:
        return self._cluster_names.get()

    @property
    def ecs_clusters(self) -> Seen[str]:
        """The ARNs of the ECS clusters."""
        return self._ecs_clusters.get()

    @property
    def clusters(self) -> Seen[Cluster]:
        return self._clusters.get()

    @property
    def node_groups(self) -> Seen[NodeGroup]:
        return self._node_groups.get()

    @property
    def fleets(self) -> Seen[Fleet]:
        return self._fleets.get()

    @property
    def spot_fleets(self) -> Seen[Fleet]:
        return self._spot_fleets.get()

    @property
    def environments(self) -> Seen[Environment]:
        return self._environments.get()

    def version(self, ref: TemplateRef) -> Version | Unknown:
        return self._versions.find(ref)

    def configured_type(self, name: str) -> str | Unknown:
        """The instance type of a launch configuration."""
        found = self._configurations.get()
        types = dict(found.rows)
        if name in types:
            return types[name]
        return found.cause("launch configurations") or Unknown(f"launch configuration {name} was not listed")

    def _rows(
        self,
        service: str,
        operation: str,
        rows: Callable[[Row], Iterable[T]],
        *,
        managed: bool = False,
        **arguments: Any,
    ) -> Seen[T]:
        """Every row of a list call, or those before the trouble. `managed`: also ask for what AWS services run in the
        account and hide by default; an older boto3 does not know the parameter, and no request was made then.
        """
        if managed:
            found = self._rows(service, operation, rows, **arguments, IncludeManagedResources=True)
            if found.trouble is None or _UNKNOWN_PARAMETER not in found.trouble.reason:
                return found
        kept: list[T] = []
        try:
            for page in self.site.pages(service, operation, **arguments):
                kept.extend(rows(page))
        except CellTrouble as trouble:
            return Seen(tuple(kept), trouble)
        except NONSENSE as error:
            reason = f"an answer of {service} {operation} makes no sense: {type(error).__name__}: {error}"
            return Seen(tuple(kept), CellTrouble(CellState.ERROR, reason))
        return Seen(tuple(kept))

    def _read_machines(self) -> Seen[Machine]:
        def rows(page: Row) -> Iterator[Machine]:
            self._leaving.update(ec2_rows.leaving_in(page))
            return ec2_rows.machines_in(page)

        return self._rows("ec2", "describe_instances", rows, managed=True, MaxResults=1000)

    def _read_templates(self) -> Seen[Template]:
        return self._rows("ec2", "describe_launch_templates", ec2_rows.templates_in, managed=True, MaxResults=200)

    def _read_groups(self) -> Seen[Group]:
        return self._rows("autoscaling", "describe_auto_scaling_groups", service_rows.groups_in, MaxRecords=100)

    def _read_environments(self) -> Seen[Environment]:
        return self._rows("batch", "describe_compute_environments", service_rows.environments_in)

    def _read_disks(self) -> Seen[Disk]:
        """After the instances, so that a volume of every instance that was seen had the chance to be."""
        roots = {machine.id: each.disk for machine in self.machines.rows for each in machine.disks if each.root}

        def rows(page: Row) -> Iterator[Disk]:
            volumes = page.get("Volumes", ())
            return (ec2_rows.disk(row, roots) for row in volumes if ec2_rows.stays(row, self._leaving))

        return self._rows("ec2", "describe_volumes", rows, managed=True, MaxResults=500)

    def _read_clusters(self) -> Seen[Cluster]:
        names = self.cluster_names
        rows, trouble = described(self.site, names.rows, self._cluster)
        return Seen(rows, names.trouble or trouble)

    def _cluster(self, name: str) -> Cluster:
        return service_rows.cluster(self.site.call("eks", "describe_cluster", answers=GONE, name=name)["cluster"])

    def _read_node_groups(self) -> Seen[NodeGroup]:
        """Of every cluster that was listed; a cluster that could not be described still has node groups."""
        clusters = self.cluster_names
        found: list[NodeGroup] = []
        trouble = clusters.trouble
        for cluster in clusters.rows:
            names = self._rows("eks", "list_nodegroups", _node_group_names, clusterName=cluster)
            rows, failed = described(self.site, names.rows, partial(self._node_group, cluster))
            found += rows
            trouble = trouble or names.trouble or failed
        return Seen(tuple(found), trouble)

    def _node_group(self, cluster: str, name: str) -> NodeGroup:
        found = self.site.call("eks", "describe_nodegroup", answers=GONE, clusterName=cluster, nodegroupName=name)
        return service_rows.node_group(found["nodegroup"])

    def _read_configurations(self) -> Seen[tuple[str, str]]:
        return self._rows(
            "autoscaling", "describe_launch_configurations", service_rows.configurations_in, MaxRecords=100
        )

    def _pages_of_versions(self, rows: Callable[[Row], Iterable[T]], **arguments: Any) -> Seen[T]:
        return self._rows("ec2", "describe_launch_template_versions", rows, managed=True, MaxResults=200, **arguments)


def _cluster_names(page: Row) -> Iterator[str]:
    return iter(page.get("clusters", ()))


def _ecs_clusters(page: Row) -> Iterator[str]:
    return iter(page.get("clusterArns", ()))


def _node_group_names(page: Row) -> Iterator[str]:
    return iter(page.get("nodegroups", ()))


class FactsKeeper:
    """The facts of each site that is in use."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: WeakKeyDictionary[Site, ComputeFacts] = WeakKeyDictionary()

    def of(self, site: Site) -> ComputeFacts:
        with self._lock:
            found = self._kept.get(site)
            if found is None:
                found = self._kept[site] = ComputeFacts(site)
            return found
