"""What Checkov hands to a check: one resource, as far as Checkov understood it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tagwright_dictionary.model import Resource


@dataclass(frozen=True, slots=True)
class Entity:
    """One resource. `path` and `name` are as Checkov prints them; `file` is the file on disk, "" when it was not
    found (until the desk has looked for it: what Checkov hints at). `conf` is Checkov's own object, shared with other
    checks: it is never changed here.
    """

    path: str
    type: str
    name: str
    conf: Mapping[str, Any]
    graph: Any = field(default=None, repr=False)
    file: str = ""


@dataclass(frozen=True, slots=True)
class Adapted:
    """A resource, and what it would be under each value that the code allows for something unknown (empty: one
    cannot tell). None of them is judged instead of the resource unless all have the same verdict.
    """

    resource: Resource
    alternatives: tuple[Resource, ...] = ()


Adapter = Callable[[Entity], "Adapted | None"]
"""None: Checkov shows it, but nothing would be created by it."""
