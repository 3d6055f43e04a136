"""What one account and region tells about its compute resources, as far as tags travel through them.

Tags are (key, value) pairs sorted by key. The keys that AWS itself writes ("aws:autoscaling:groupName") stand apart in
`reserved`: nobody else can write or remove them, so that membership is read from them and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from tagwright_dictionary.model import TagValue, Unknown
from tagwright_drift.inventories.contract import CellTrouble

T_co = TypeVar("T_co", covariant=True)

Pairs = tuple[tuple[str, str], ...]
Attributes = tuple[tuple[str, tuple[TagValue, ...]], ...]
"""Deciding attributes of the catalogue, (path, values)."""


@dataclass(frozen=True, slots=True)
class Seen(Generic[T_co]):
    """The rows of one listing; `trouble` says why they are not all."""

    rows: tuple[T_co, ...] = ()
    trouble: CellTrouble | None = None

    def cause(self, what: str) -> Unknown | None:
        """Why `what` ("the instances") cannot all be seen; None when they were."""
        return None if self.trouble is None else Unknown(f"{what} could not all be read: {self.trouble.reason}")


@dataclass(frozen=True, slots=True)
class TemplateRef:
    """A launch template as something names it: by `id` or by `name`, at `version`: a number, "$Latest", "$Default"."""

    id: str = ""
    name: str = ""
    version: str = "$Default"

    def __str__(self) -> str:
        return f"launch template {self.id or self.name}:{self.version}"


@dataclass(frozen=True, slots=True)
class Attached:
    """A volume at an instance. `follows`: it came with the instance (it goes with it, or is its `root`)."""

    disk: str
    follows: bool
    root: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """An EC2 instance that exists (terminated ones do not)."""

    id: str
    type: str
    created: datetime | None = None
    tags: Pairs = ()
    reserved: Pairs = ()
    disks: tuple[Attached, ...] = ()

    def mark(self, key: str) -> str:
        """The value of a tag that AWS wrote, "" without it."""
        return next((value for name, value in self.reserved if name == key), "")

    def tag(self, key: str) -> str:
        return next((value for name, value in self.tags if name == key), "")


@dataclass(frozen=True, slots=True)
class Disk:
    """An EBS volume. `machine` is the instance it is attached to, "" for none (or for several)."""

    id: str
    created: datetime | None = None
    tags: Pairs = ()
    machine: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A launch template; `tags` are its own, which stay on it."""

    id: str
    name: str
    created: datetime | None = None
    tags: Pairs = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a launch template: what its TagSpecifications put on instances and on volumes."""

    template: str
    number: int
    instances: Pairs = ()
    volumes: Pairs = ()
    attributes: Attributes = ()

    def __str__(self) -> str:
        return f"launch template {self.template}:{self.number}"


@dataclass(frozen=True, slots=True)
class Group:
    """An Auto Scaling group. `templates`: every launch template that an instance may come from, the main one first."""

    name: str
    arn: str
    created: datetime | None = None
    tags: tuple[tuple[str, str, bool], ...] = ()  # (key, value, PropagateAtLaunch)
    templates: tuple[TemplateRef, ...] = ()
    configuration: str = ""
    attributes: Attributes = ()

    @property
    def propagated(self) -> Pairs:
        return tuple((key, value) for key, value, propagates in self.tags if propagates)

    @property
    def kept(self) -> tuple[str, ...]:
        """Keys that stay on the group."""
        return tuple(key for key, _, propagates in self.tags if not propagates)


@dataclass(frozen=True, slots=True)
class NodeGroup:
    """An EKS managed node group. `template` is the one it was given (EKS runs a copy), `groups` its groups' names."""

    cluster: str
    name: str
    arn: str
    created: datetime | None = None
    tags: Pairs = ()
    template: TemplateRef | None = None
    groups: tuple[str, ...] = ()
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """An EKS cluster."""

    name: str
    arn: str
    created: datetime | None = None
    tags: Pairs = ()


@dataclass(frozen=True, slots=True)
class Fleet:
    """An EC2 Fleet or (`spot`) a Spot Fleet request; `specifications` are the instance tags of its inline ones."""

    id: str
    spot: bool
    created: datetime | None = None
    tags: Pairs = ()
    templates: tuple[TemplateRef, ...] = ()
    specifications: tuple[Pairs, ...] = ()
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True)
class Environment:
    """A Batch compute environment. `given`: the tags that it puts on its instances (`computeResources.tags`)."""

    name: str
    arn: str
    uuid: str = ""
    tags: Pairs = ()
    runs_instances: bool = True
    given: Pairs = ()
    template: TemplateRef | None = None
    attributes: Attributes = ()


class Facts(Protocol):
    """Everything of one account and region. What is not asked for need not be read; nothing here raises CellTrouble."""

    @property
    def machines(self) -> Seen[Machine]: ...
    @property
    def disks(self) -> Seen[Disk]: ...
    @property
    def templates(self) -> Seen[Template]: ...
    @property
    def groups(self) -> Seen[Group]: ...
    @property
    def clusters(self) -> Seen[Cluster]: ...
    @property
    def node_groups(self) -> Seen[NodeGroup]: ...
    @property
    def fleets(self) -> Seen[Fleet]: ...
    @property
    def spot_fleets(self) -> Seen[Fleet]: ...
    @property
    def environments(self) -> Seen[Environment]: ...

    def version(self, ref: TemplateRef) -> Version | Unknown:
        """The version that `ref` means today, or why it cannot be told (denied, deleted)."""


@dataclass(frozen=True, slots=True)
class GivenFacts:
    """Facts that are all there already: for tests, and for whoever has them from elsewhere."""

    machines: Seen[Machine] = field(default_factory=Seen)
    disks: Seen[Disk] = field(default_factory=Seen)
    templates: Seen[Template] = field(default_factory=Seen)
    groups: Seen[Group] = field(default_factory=Seen)
    clusters: Seen[Cluster] = field(default_factory=Seen)
    node_groups: Seen[NodeGroup] = field(default_factory=Seen)
    fleets: Seen[Fleet] = field(default_factory=Seen)
    spot_fleets: Seen[Fleet] = field(default_factory=Seen)
    environments: Seen[Environment] = field(default_factory=Seen)
    versions: tuple[tuple[TemplateRef, Version | Unknown], ...] = ()

    def version(self, ref: TemplateRef) -> Version | Unknown:
        return dict(self.versions).get(ref, Unknown(f"{ref} was not seen"))
