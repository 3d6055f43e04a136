"""Which instance types have an accelerator, told by EC2 itself; the catalogue's table where EC2 does not know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from threading import Lock
from weakref import WeakKeyDictionary

from tagwright_dictionary.catalogue import find
from tagwright_dictionary.model import Classes
from tagwright_drift.inventories.aws.contract import Site
from tagwright_drift.inventories.contract import CellTrouble
from tagwright_drift.live import LiveResource

_GPU = "gpu"
_RULE = "aws-instance"
_TRUTH = ("GpuInfo", "NeuronInfo", "InferenceAcceleratorInfo", "FpgaInfo", "MediaAcceleratorInfo")
_AT_ONCE = 100  # values of one filter; EC2 takes 200
_ML = "ml."


class Accelerators:
    """What EC2 said about instance types, for each account and region as long as its site is kept. Of SageMaker's
    types ("ml.p5.48xlarge") the machine behind is asked for. Safe to share between threads.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._told: WeakKeyDictionary[Site, _Told] = WeakKeyDictionary()

    def settle(self, site: Site, resources: Sequence[LiveResource]) -> tuple[LiveResource, ...]:
        """`resources` with their `gpu` class as EC2 sees it. EC2 adds accelerators that the table does not know, and
        decides what it leaves open; what the table knows for sure stays. Where EC2 does not answer all stays.
        """
        types = [_types(each) for each in resources]
        open_ = set().union(*types)
        if not open_:
            return tuple(resources)
        with self._lock:
            told = self._told.setdefault(site, _Told())
        known = told.about(site, open_)
        return tuple(_settled(each, found, known) for each, found in zip(resources, types, strict=True))


class _Told:
    """What EC2 said in one account and region; the others wait for the thread that asks, and see what it saw."""

    __slots__ = ("_asked", "_known", "_lock")

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: set[str] = set()
        self._known: dict[str, bool] = {}

    def about(self, site: Site, types: AbstractSet[str]) -> Mapping[str, bool]:
        with self._lock:
            new = sorted(types - self._asked)
            self._asked.update(new)
            try:
                for start in range(0, len(new), _AT_ONCE):
                    filters = [{"Name": "instance-type", "Values": new[start : start + _AT_ONCE]}]
                    for page in site.pages("ec2", "describe_instance_types", Filters=filters):
                        for row in page["InstanceTypes"]:
                            self._known[row["InstanceType"]] = any(row.get(each) for each in _TRUTH)
            except (CellTrouble, KeyError, TypeError):
                pass
            return dict(self._known)


def _settled(live: LiveResource, types: frozenset[str], known: Mapping[str, bool]) -> LiveResource:
    classes = live.resource.classes
    if not types or _GPU in classes.certain:
        return live
    told = [known.get(each) for each in types]
    rest = tuple(pair for pair in classes.possible if pair[0] != _GPU)
    if any(told):
        better = Classes(classes.certain | {_GPU}, rest)
    elif all(each is False for each in told) and _only_by_type(live):
        better = Classes(classes.certain, rest)
    else:
        return live
    return replace(live, resource=replace(live.resource, classes=better))


def _types(live: LiveResource) -> frozenset[str]:
    """The instance types in the attributes that decide by type; patterns ("p5.*") and unknowns are not asked for, nor
    is what the table knows to be an accelerator.
    """
    if _GPU in live.resource.classes.certain:
        return frozenset()
    entry = find(live.resource.type)
    paths = {rule.path for rule in entry.rules if rule.kind == _RULE} if entry else set()
    values = (value for path, found in live.resource.attributes if path in paths for value in found)
    return frozenset(_machine(value) for value in values if isinstance(value, str) and "*" not in value)


def _only_by_type(live: LiveResource) -> bool:
    """Whether every value that could make it an accelerator is an instance type that was asked for."""
    values: Iterable[object] = (value for _, found in live.resource.attributes for value in found)
    return all(isinstance(value, str) and "*" not in value for value in values)


def _machine(name: str) -> str:
    return name.strip().lower().removeprefix(_ML)
