"""What a launch template or an override says about the machines it starts, in the catalogue's spelling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tagwright_dictionary.model import TagValue
from tagwright_drift.reach.facts import Attributes

_LISTS = (
    ("AcceleratorManufacturers", "accelerator_manufacturers"),
    ("AcceleratorNames", "accelerator_names"),
    ("AcceleratorTypes", "accelerator_types"),
    ("AllowedInstanceTypes", "allowed_instance_types"),
)


def data_attributes(data: Mapping[str, Any]) -> Attributes:
    """Of LaunchTemplateData: the deciding attributes of an aws_launch_template."""
    found = dict(_of_one("", data))
    for each in data.get("ElasticGpuSpecifications") or ():
        found["elastic_gpu_specifications.type"] = (str(each.get("Type", "")),)
    for each in data.get("ElasticInferenceAccelerators") or ():
        found["elastic_inference_accelerator.type"] = (str(each.get("Type", "")),)
    return tuple(sorted(found.items()))


def override_attributes(prefix: str, overrides: Iterable[Mapping[str, Any]]) -> Attributes:
    """Of the overrides of a group or fleet, under `prefix`."""
    return joined_attributes(_of_one(prefix, each) for each in overrides)


def joined_attributes(parts: Iterable[Iterable[tuple[str, tuple[TagValue, ...]]]]) -> Attributes:
    """Values of equal paths after one another, each once, in the order of first appearance; paths sorted."""
    found: dict[str, list[TagValue]] = {}
    for part in parts:
        for path, values in part:
            found.setdefault(path, []).extend(values)
    return tuple((path, tuple(dict.fromkeys(found[path]))) for path in sorted(found))


def prefixed(prefix: str, attributes: Attributes) -> Attributes:
    return tuple((prefix + path, values) for path, values in attributes)


def _of_one(prefix: str, row: Mapping[str, Any]) -> Iterator[tuple[str, tuple[TagValue, ...]]]:
    if row.get("InstanceType"):
        yield f"{prefix}instance_type", (str(row["InstanceType"]),)
    needs = row.get("InstanceRequirements")
    if not needs:
        return
    count = needs.get("AcceleratorCount") or {}
    if count.get("Min") is not None:
        yield f"{prefix}instance_requirements.accelerator_count.min", (str(count["Min"]),)
    for name, path in _LISTS:
        if needs.get(name):
            yield f"{prefix}instance_requirements.{path}", tuple(str(each) for each in needs[name])
