"""Whether one value (an instance type, a VM size, a resource request) means an accelerator.

Every judge takes the value lower-cased and stripped, and answers True, False, or in words why it cannot be told. The
tables are in `data/accelerators.json`: families with an accelerator, the first letters of series that have none, and
words that are no family. A family in neither is not "no GPU": the clouds add families faster than tables are mended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from itertools import takewhile
from typing import Any

from tagwright_dictionary.catalogue.files import read_data

Answer = bool | str

_WORDS = frozenset({"gpu", "inferenceaccelerator", "neuron", "neuroncore", "neurondevice", "nvidia"})
_NO_TYPE = frozenset({"accelerator_type_unspecified", "none"})
_LONGEST_DOCUMENT = 1_000_000  # characters; ECS itself takes 64 KiB


@cache
def _table(cloud: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_data("accelerators")[cloud]
    return found


def _letters(text: str) -> str:
    return "".join(takewhile(str.isalpha, text))


def _family(cloud: str, family: str, written: str) -> Answer:
    table = _table(cloud)
    if family in table["accelerators"]:
        return True
    if family in table["words"]:
        return False
    series = _letters(family)
    if series in table["general"]:
        return False
    if any(_letters(known) == series for known in table["accelerators"]):
        return f"{family} is not in the catalogue, and its series has accelerators"
    return f"{written} is not in the catalogue"


def aws_instance(value: str) -> Answer:
    """`p5.48xlarge`, `ml.g5.xlarge`, a family (`p4d`), a pattern (`g5.*`, `p*`)."""
    family, star, _ = value.removeprefix("ml.").partition(".")[0].partition("*")
    if not star:
        return _family("aws", family, value)
    if family in _table("aws")["accelerators"]:
        return True
    if any(known.startswith(family) for known in _table("aws")["accelerators"]):
        return f"{value} may choose an accelerator"
    return _family("aws", family, value)


def google_machine(value: str) -> Answer:
    """`a2-highgpu-1g`, also as the last part of a URL."""
    return _family("google", value.rpartition("/")[2].partition("-")[0], value)


def azure_size(value: str) -> Answer:
    """`Standard_NC24ads_A100_v4`, `STANDARD_D2_V3`, `Basic_A1`."""
    size = value.removeprefix("standard_").removeprefix("basic_")
    series, table = _letters(size), _table("azure")
    if series in table["accelerators"]:
        return True
    if series[:1] in table["general"] and size != series:
        return False
    return f"{value} is not in the catalogue"


def azure_host(value: str) -> Answer:
    """The SKU of a dedicated host: `NVASv4-Type1`, `DSv3-Type1`."""
    return value.startswith("n")


def azure_profile(value: str) -> Answer:
    """A workload profile of Container Apps: `Consumption`, `D4`, `NC24-A100`, `Consumption-GPU-NC8as-T4`."""
    if "gpu" in value:
        return True
    return False if value in {"consumption", "flex"} else azure_size(value)


def azure_family(value: str) -> Answer:
    """The node size family of a Spark pool: `MemoryOptimized`, `HardwareAcceleratedGPU`."""
    return value.startswith("hardwareaccelerated")


def appstream(value: str) -> Answer:
    """`stream.standard.large`, `stream.graphics.g4dn.xlarge`, `stream.graphics-pro.4xlarge`."""
    if not value.startswith("stream."):
        return f"{value} is not in the catalogue"
    return value.startswith("stream.graphics")


def gpu_word(value: str) -> Answer:
    """A name with a word for an accelerator in it: `LINUX_GPU_CONTAINER`, `AL2023_x86_64_NEURON`, `GPU`."""
    return not _WORDS.isdisjoint(value.replace("-", "_").split("_"))


def present(value: str) -> Answer:
    """Any value but an explicit "none"."""
    return value not in _NO_TYPE


def positive(value: str) -> Answer:
    """A number above 0."""
    try:
        return float(value) > 0
    except ValueError:
        return f"{value} is not a number"


def kubernetes_resource(value: str) -> Answer:
    """One entry of a resource list, `nvidia.com/gpu=1`."""
    name, given, amount = value.partition("=")
    table = _table("kubernetes")
    named = name in table["resources"] or any(name.startswith(prefix) for prefix in table["prefixes"])
    return named and not (given and amount.strip("\"' ") in {"0", ""})


def accelerator_selector(value: str) -> Answer:
    """One entry of a node selector, `run.googleapis.com/accelerator=nvidia-l4`."""
    return value.partition("=")[0].endswith("/accelerator")


def container_json(value: str) -> Answer:
    """Container definitions of ECS or Batch as JSON text: a `resourceRequirements` of type GPU."""
    if len(value) > _LONGEST_DOCUMENT:
        return "its container definitions are too long to read"
    try:
        waiting = [json.loads(value)]
    except (ValueError, RecursionError):
        return "its container definitions are not JSON"
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            for name, inner in node.items():
                if name == "resourcerequirements" and isinstance(inner, list):
                    asked = (one for one in inner if isinstance(one, dict) and one.get("value") not in {"0", 0})
                    if any(str(one.get("type")) in _WORDS for one in asked):
                        return True
                waiting.append(inner)
    return False


JUDGES: Mapping[str, Callable[[str], Answer]] = {
    "accelerator-selector": accelerator_selector,
    "appstream": appstream,
    "aws-instance": aws_instance,
    "azure-family": azure_family,
    "azure-host": azure_host,
    "azure-profile": azure_profile,
    "azure-size": azure_size,
    "container-json": container_json,
    "google-machine": google_machine,
    "gpu-word": gpu_word,
    "k8s-resource": kubernetes_resource,
    "positive": positive,
    "present": present,
}
