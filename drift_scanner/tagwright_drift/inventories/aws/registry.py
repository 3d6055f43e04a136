"""Every lister of AWS, by type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from tagwright_dictionary.catalogue import find
from tagwright_drift.inventories.aws.buckets import Buckets
from tagwright_drift.inventories.aws.compute import COMPUTE_LISTERS
from tagwright_drift.inventories.aws.contract import Lister
from tagwright_drift.inventories.aws.emr import EmrClusters
from tagwright_drift.inventories.aws.rows import row_listers

_GPU = "gpu"
_FREE = frozenset({"aws_launch_template"})  # costs nothing by itself


@cache
def listers() -> Mapping[str, Lister]:
    """Type to lister, sorted by type."""
    # A frozen row is a Lister in all but that its attributes cannot be set.
    ours = cast("tuple[Lister, ...]", (*row_listers(), Buckets(), EmrClusters()))
    found = {**COMPUTE_LISTERS, **{each.type: each for each in ours}}
    return dict(sorted(found.items()))


def is_hot(lister: Lister) -> bool:
    """Whether `--scope hot` reads it: what is an accelerator, can be one by its attributes, or rents one. A hot cell
    is read whole, its other resources too: a cell that is complete resolves what it does not show.
    """
    said = getattr(lister, "hot", None)
    if said is not None:
        return bool(said)
    if lister.type in _FREE:
        return False
    entry = find(lister.type)
    return entry is not None and (_GPU in entry.classes or bool(entry.rules))
