"""The table behind "which tags do I need?": requirements, keys, clouds and resource types, for `assets/needs.js`.

The browser decides from this table what `judge` decides from the dictionary; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from tagwright_dictionary.catalogue import Entry, entries, provider_of, tag_support
from tagwright_dictionary.catalogue.tokens import also_known
from tagwright_dictionary.dictionary import Dictionary, Key, Requirement
from tagwright_dictionary.judging.limits import CLOUDS
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.browser_patterns import browser_pattern
from tagwright_dictionary.publishing.html import script_json
from tagwright_dictionary.publishing.limits_table import limits_table
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.pretending_table import pretending_table

# What people build most often comes first in its kind, the rest by name.
_FIRST: Final = (
    "aws_instance", "aws_s3_bucket", "aws_lambda_function", "aws_sagemaker_endpoint", "aws_eks_node_group",
    "google_compute_instance", "google_storage_bucket", "google_cloudfunctions2_function",
    "azurerm_linux_virtual_machine", "azurerm_storage_account", "azurerm_linux_function_app",
    "Deployment", "Job", "Pod",
)  # fmt: skip

_PULUMI: Final = {"aws": "aws", "azurerm": "azure", "google": "gcp"}


def needs_file(dictionary: Dictionary) -> tuple[str, bytes]:
    """(path, content) of the table."""
    table = {
        "keys": {key.name: _key(key) for key in dictionary.keys},
        "requirements": [_requirement(each) for each in dictionary.requirements],
        "rows": _rows(dictionary),
        "clouds": {name: _cloud(dictionary, name) for name in ("aws", "gcp", "azure", "kubernetes")},
        "limits": limits_table(),
        "pretending": pretending_table(dictionary),
        "classes": {name: words.class_name(name) for name in _classes(dictionary)},
        "types": sorted((row for entry in entries() for row in _type(entry)), key=_place),
    }
    return "assets/needs-table.js", f"tagwright.table({script_json(table)});\n".encode("utf-8", "backslashreplace")


def _key(key: Key) -> dict[str, Any]:
    values = key.values
    plain: dict[str, Any] = {
        "title": words.heading(key),
        "about": key.description,
        "page": addresses.key_page(key.name),
        "form": words.form(key),
        "format": key.format,
        "domains": list(key.domains),
        "pattern": browser_pattern(key.pattern),
        "examples": list(key.examples),
        "default": key.default,
        "closed": values is not None,
    }
    if values is not None:
        approved = {value.value for value in values}
        plain["count"] = len(values)
        plain["values"] = [
            [
                value.value,
                value.title,
                int(value.status == "deprecated"),
                value.until and value.until.isoformat(),
                value.replaced_by,
            ]
            if value.status == "deprecated"
            else ([value.value, value.title] if value.title else [value.value])
            for value in values
        ]
        plain["aliases"] = {
            alias: value.value for value in reversed(values) for alias in value.aliases if alias not in approved
        }
    return {name: value for name, value in plain.items() if value not in ("", [], {}, None, False)}


def _requirement(each: Requirement) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": each.id,
        "anchor": parts.anchor(each),
        "about": each.description,
        "all": each.selector.everything,
        "classes": list(each.selector.classes),
        "types": list(each.selector.types),
        "when": [[key, list(values)] for key, values in each.when.terms],
        "require": list(each.require),
        "match": [[match.key, match.of, match.relation] for match in each.match],
        "exclusive": [list(group) for group in each.exclusive],
        "severity": each.severity.value,
        "from": each.becomes_error and each.becomes_error.isoformat(),
    }
    return {name: value for name, value in plain.items() if value not in ("", [], None, False)}


def _rows(dictionary: Dictionary) -> dict[str, dict[str, list[str]]]:
    """For each `of.relation` that some `match` uses: what each value of `of` names."""
    wanted = {(match.of, match.relation) for each in dictionary.requirements for match in each.match}
    rows: dict[str, dict[str, list[str]]] = {}
    for of, relation in sorted(wanted):
        key = dictionary.key(of)
        rows[f"{of}.{relation}"] = {
            value.value: list(value.relation(relation))
            for value in (key.values if key is not None else None) or ()
            if value.relation(relation)
        }
    return rows


def _cloud(dictionary: Dictionary, name: str) -> dict[str, Any]:
    encoding = dictionary.encoding(name)
    if encoding is None:
        return {"keys": {}, "annotations": [], "labels": False}
    return {
        "keys": dict(encoding.keys),
        "annotations": list(encoding.annotations),
        "labels": encoding.values == "label",
    }


def _classes(dictionary: Dictionary) -> Iterable[str]:
    """Classes that have types: those that requirements name, in their order, then the others by their words."""
    named = dict.fromkeys(name for each in dictionary.requirements for name in each.selector.classes)
    known = {name for entry in entries() for name in entry.classes} | {"gpu"}
    return [*(name for name in named if name in known), *sorted(known - named.keys(), key=words.class_name)]


def _type(entry: Entry) -> Iterable[list[Any]]:
    """The row of a type; none where it cannot be tagged.

    cloud, Terraform type, CloudFormation type, Pulumi token, Kubernetes kind, classes, accelerator (0 never, 1 always,
    2 depends), then where tags go in Terraform (attribute, shape, whether provider defaults reach it), CloudFormation
    (property, shape) and Pulumi (property, shape), and what else `judge` knows the Pulumi token by.
    """
    name = entry.terraform or entry.cloudformation or entry.kubernetes
    provider = provider_of(name)
    cloud = CLOUDS.get(provider, "")
    support = tag_support(name)
    if not cloud or not support.taggable:
        return
    terraform = tag_support(entry.terraform) if entry.terraform else None
    pulumi = tag_support(entry.pulumi) if entry.pulumi else None
    yield [
        cloud,
        entry.terraform or 0,
        entry.cloudformation if entry.cfn_tag_property else 0,
        entry.pulumi if pulumi and pulumi.taggable and provider in _PULUMI else 0,
        entry.kubernetes or 0,
        list(entry.classes),
        1 if "gpu" in entry.classes else (2 if entry.rules else 0),
        [terraform.attribute, terraform.shape, int(terraform.defaults)] if terraform and terraform.taggable else 0,
        [entry.cfn_tag_property, entry.cfn_tag_shape] if entry.cfn_tag_property else 0,
        [pulumi.attribute, pulumi.shape] if pulumi and pulumi.taggable else 0,
        list(also_known(entry.pulumi)) if entry.pulumi else 0,
    ]


def _place(row: list[Any]) -> tuple[int, str]:
    names = [name for name in row[1:5] if name]
    first = next((place for place, name in enumerate(_FIRST) if name in names), len(_FIRST))
    return (first, names[0])
