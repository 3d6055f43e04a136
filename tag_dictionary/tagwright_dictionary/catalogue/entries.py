"""The curated catalogue: one entry a type, with its names in each framework, its classes and what makes it a GPU.

`data/entries_<provider>.json` holds one entry a line: `terraform` (and `aliases`), `cloudformation` with `cfn_tags`
(property and shape), `pulumi`, `kubernetes`, `classes`; `gpu` maps attribute paths to how their values decide, in
Terraform's spelling; `cfn_gpu`, `pulumi_gpu` and `kubernetes_gpu` the same where the path is another. A rule is a
kind of `accelerators.py`, then options: `unless PATH` (a value there overrides this one), `zero PATH` (a count of 0
there means none), `known` (only a known value counts).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from tagwright_dictionary.catalogue.files import read_data
from tagwright_dictionary.catalogue.names import awscc_type, provider_of, scheme_of, snake

_FILES = ("aws", "azurerm", "google", "kubernetes")
_FILE_OF = {"awscc": "aws", "azapi": "azurerm"}


@dataclass(frozen=True, slots=True)
class Rule:
    """The values at `path` decide whether a resource has an accelerator, as `kind` says.

    `unless`: no effect when that path has a value. `zero`: no effect when every value of that path is 0.
    `known_only`: an unknown value says nothing (the accelerator is billed through a resource of its own).
    """

    path: str
    kind: str
    unless: str = ""
    zero: str = ""
    known_only: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One type under all its names ("" where a framework has none). `aliases` are further Terraform types and Pulumi
    tokens for the same thing. `cfn_tag_property` and `cfn_tag_shape` (list | map | tag_specifications) are ""
    where CloudFormation cannot tag it. `rules` are in the spelling of the name looked up.
    """

    terraform: str = ""
    aliases: tuple[str, ...] = ()
    cloudformation: str = ""
    cfn_tag_property: str = ""
    cfn_tag_shape: str = ""
    pulumi: str = ""
    kubernetes: str = ""
    classes: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


@cache
def _raw(file: str) -> tuple[dict[str, Any], ...]:
    return tuple(read_data(f"entries_{file}"))


@cache
def _index(file: str) -> Mapping[str, dict[str, Any]]:
    index: dict[str, dict[str, Any]] = {}
    for raw in _raw(file):
        for field in ("terraform", "cloudformation", "pulumi", "kubernetes"):
            # FSx and RDS types share a CloudFormation type: the first entry is the general one.
            if field in raw:
                index.setdefault(raw[field], raw)
        for alias in raw.get("aliases", ()):
            index.setdefault(alias, raw)
    return index


@cache
def _awscc_index() -> Mapping[str, dict[str, Any]]:
    return {awscc_type(name): raw for name, raw in _index("aws").items() if scheme_of(name) == "cloudformation"}


def _camel(path: str) -> str:
    def one(name: str) -> str:
        first, *rest = name.split("_")
        return first + "".join(word.capitalize() for word in rest)

    return "->".join(".".join(one(name) for name in part.split(".")) for part in path.split("->"))


def _awscc_path(path: str) -> str:
    return "->".join(".".join(snake(name) for name in part.split(".")) for part in path.split("->"))


def _rules(raw: Mapping[str, Any], name: str) -> tuple[Rule, ...]:
    scheme = scheme_of(name)
    spell: Callable[[str], str] = str
    if scheme == "cloudformation":
        written = raw.get("cfn_gpu", {})
    elif scheme == "kubernetes":
        written = raw.get("kubernetes_gpu", {})
    elif scheme == "pulumi":
        written = raw.get("pulumi_gpu")
        if written is None:
            written, spell = raw.get("gpu", {}), _camel
    elif name.startswith("awscc_"):
        written, spell = raw.get("cfn_gpu", {}), _awscc_path
    else:
        written = raw.get("gpu", {})
    rules: list[Rule] = []
    for path, text in written.items():
        kind, *options = text.split(" ")
        given = {word: options[at + 1] for at, word in enumerate(options) if word in {"unless", "zero"}}
        unless, zero = spell(given.get("unless", "")), spell(given.get("zero", ""))
        members = _requirements().get(kind, {"": kind})
        rules.extend(
            Rule(spell(f"{path}.{member}" if member else path), how, unless, zero, "known" in options)
            for member, how in members.items()
        )
    return tuple(rules)


@cache
def _requirements() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = read_data("accelerators")["aws"]["requirements"]
    return found


def _entry(raw: Mapping[str, Any], name: str) -> Entry:
    tag_property, tag_shape = raw.get("cfn_tags", ("", ""))
    return Entry(
        terraform=raw.get("terraform", ""),
        aliases=tuple(raw.get("aliases", ())),
        cloudformation=raw.get("cloudformation", ""),
        cfn_tag_property=tag_property,
        cfn_tag_shape=tag_shape,
        pulumi=raw.get("pulumi", ""),
        kubernetes=raw.get("kubernetes", ""),
        classes=tuple(raw["classes"]),
        rules=_rules(raw, name),
    )


@lru_cache(maxsize=4096)
def find(name: str) -> Entry | None:
    """The entry of a type by any of its names, or None when the curated catalogue has none."""
    provider = provider_of(name)
    file = _FILE_OF.get(provider, provider)
    if file not in _FILES:
        return None
    index = _awscc_index() if provider == "awscc" else _index(file)
    if name not in index and scheme_of(name) == "pulumi" and provider == "kubernetes":
        name = name.rpartition(":")[2]  # kubernetes:apps/v1:Deployment
    raw = index.get(name)
    return None if raw is None else _entry(raw, name)


def entry(name: str) -> Entry:
    """The entry of a type by any of its names; KeyError when the curated catalogue has none."""
    found = find(name)
    if found is None:
        raise KeyError(name)
    return found


def entries() -> tuple[Entry, ...]:
    """Every entry, with rules in the spelling of its first name (Terraform, CloudFormation, Kubernetes)."""
    return tuple(
        _entry(raw, raw.get("terraform") or raw.get("cloudformation") or raw["kubernetes"])
        for file in _FILES
        for raw in _raw(file)
    )
