"""Whether a type can be tagged, where, and in which shape: the generated tables (`tools/make_taggable.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tagwright_dictionary.catalogue.files import read_data
from tagwright_dictionary.catalogue.names import provider_of, scheme_of


@dataclass(frozen=True, slots=True)
class TagSupport:
    """How a type takes tags.

    taggable   True, False (the type is known and has none), or None (the type is in no table)
    attribute  where they are written, dotted through blocks (`tags`, `labels`, `settings.user_labels`); "" for none
    shape      map                 a map of strings
               labels              a map of strings under a label syntax (google, kubernetes)
               tag_block           repeated blocks with `key`, `value` (and `propagate_at_launch`)
               list                a list of {key, value} (awscc), {Key, Value} (CloudFormation)
               tag_specifications  a list of {resource type, tags as a list}
    defaults   whether the provider's default tags or labels reach the type (`default_tags`, `default_labels`)
    """

    taggable: bool | None
    attribute: str = ""
    shape: str = ""
    defaults: bool = False


_UNKNOWN = TagSupport(taggable=None)
_UNTAGGABLE = TagSupport(taggable=False)
_KIND = TagSupport(taggable=True, attribute="metadata.labels", shape="labels")

_TABLES = frozenset({"aws", "awscc", "azapi", "azurerm", "google", "kubernetes"})

_NOTHING_IN_A_CLOUD = frozenset(
    {"archive", "cloudinit", "external", "http", "local", "null", "random", "template", "terraform", "time", "tls"}
)
"""Providers whose resources are values, files or ordering: nothing that could be tagged or billed."""


@cache
def _table(name: str) -> Mapping[str, TagSupport]:
    document = read_data(f"taggable_{name}")
    table = dict.fromkeys(document["untaggable"], _UNTAGGABLE)
    for group in document["taggable"]:
        support = TagSupport(True, group["attribute"], group["shape"], group["defaults"])
        table.update(dict.fromkeys(group["types"], support))
    return table


def tag_support(tf_type: str) -> TagSupport:
    """How a type takes tags; `taggable` is None for a type in no table. Also takes CloudFormation types, Pulumi
    tokens (aws, gcp, azure) and Kubernetes kinds, of which every one has labels.
    """
    scheme = scheme_of(tf_type)
    if scheme == "kubernetes":
        return _KIND
    provider = provider_of(tf_type)
    if scheme == "terraform":
        if provider in _NOTHING_IN_A_CLOUD:
            return _UNTAGGABLE
        return _table(provider).get(tf_type, _UNKNOWN) if provider in _TABLES else _UNKNOWN
    return _table(scheme).get(tf_type, _UNKNOWN)
