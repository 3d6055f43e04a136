"""One live resource as an inventory saw it, and what judging made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tagwright_dictionary.model import Judgement, Resource, TagValue
from tagwright_drift.cells import Cell


@dataclass(frozen=True, slots=True)
class Hop:
    """One station of a tag's way to the bill ("node group ng-1", "launch template lt-0a:3", "instance i-0b").

    `carries` are the tag keys found there (sorted); `passes` says whether they travel on to the next station, and
    `why` what stops or changes them, with the fix ("no tag_specifications for instance").
    """

    what: str
    id: str
    carries: tuple[str, ...] = ()
    passes: bool = True
    why: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class LiveResource:
    """A resource that exists. `resource` has framework "live", its canonical identifier (an ARN) as address, the
    catalogue's type, tags with `Unknown` where a read failed (never an empty set for a failed read), classes, bills.

    name         what a person calls it: the Name tag, the function's or bucket's name, else the last part of the id
    region       where it is; for a cell of region "global" the resource's own region
    created      UTC, when the provider tells it
    incarnation  what tells two resources apart that had the same identifier one after the other: a unique id, else the
                 creation time as ISO text, else ""
    group        for ephemeral resources the durable thing that makes them ("asg:NAME", "eks-nodegroup:CLUSTER/NAME",
                 "karpenter:NODEPOOL", "batch:ENVIRONMENT", "fleet:ID"); "" for all others
    source       "native", or what stood in for it ("config", with `as_of`)
    chain        the way of the tags to it, first station first; () when it is not known
    probable     values of tags that it lacks but that its surroundings have: (key, value, "node group ng-1")
    """

    resource: Resource
    cell: Cell
    name: str
    region: str
    created: datetime | None = None
    incarnation: str = ""
    group: str = ""
    source: str = "native"
    as_of: datetime | None = None
    chain: tuple[Hop, ...] = ()
    probable: tuple[tuple[str, TagValue, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """A live resource and its verdict."""

    live: LiveResource
    judgement: Judgement
