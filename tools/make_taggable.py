"""Write the tables of taggable and untaggable types (`catalogue/data/taggable_*.json`) from the pinned packages.

    python tools/make_taggable.py            write all tables
    python tools/make_taggable.py aws ...    write these tables
    python tools/make_taggable.py --check    write nothing, exit 1 and show the lines that differ

Exits 3 when a package can be neither found in the cache nor fetched.

A type whose tag-like attribute no rule here explains stops the run: somebody has to decide whether it is the
resource's own tags or something that only shares the name.
"""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from catalogue_sources import (
    AWS,
    AWS_5,
    AZAPI,
    AZURERM,
    AZURERM_4,
    CFN_LINT,
    GOOGLE,
    GOOGLE_6,
    GOOGLE_BETA,
    KUBERNETES,
    PULUMI_AWS,
    PULUMI_AZURE,
    PULUMI_GCP,
    Source,
    SourceUnavailableError,
    fetch,
)
from read_bindings import Schema, read_bindings
from read_cloudformation import read_cloudformation
from read_pulumi import read_pulumi

from tagwright_dictionary.catalogue.names import snake

DATA = Path(__file__).parents[1] / "tag_dictionary" / "tagwright_dictionary" / "catalogue" / "data"

Tagging = tuple[str, str, bool]
"""(attribute, shape, whether the provider's default tags reach it)."""

Table = dict[str, Tagging | None]

LIARS = {
    "aws_inspector_resource_group": "its tags select the instances to inspect",
    "aws_devopsguru_resource_collection": "its tags select the resources to watch",
    "azurerm_spring_cloud_new_relic_application_performance_monitoring": "labels sent to New Relic",
    "google_chronicle_feed": "labels put on what is ingested",
    "google_cloud_identity_group": "labels that decide the kind of group",
    "google_deployment_manager_deployment": "a block list, of a service that has ended",
    "google_logging_metric": "labels of the metric's time series",
    "google_monitoring_metric_descriptor": "labels of the metric's time series",
    "kubernetes_labels": "labels on an object that something else owns",
}
"""Attributes called tags or labels that are not the resource's own."""

NESTED = {
    "google_sql_database_instance": "settings.user_labels",
    "google_container_node_pool": "node_config.resource_labels",
    "google_cloud_run_service": "metadata.labels",
    "google_cloud_run_domain_mapping": "metadata.labels",
}
"""Google types whose own labels are inside a block."""

DEFAULTS_INSIDE = frozenset({"google_cloud_run_service", "google_cloud_run_domain_mapping"})
"""default_labels reach "a top level `labels` field or a `labels` field nested inside a top level `metadata` field"
(google provider, provider reference)."""


class UndecidedError(Exception):
    """A tag-like attribute that no rule explains."""


def tagging_aws(schema: Schema) -> Tagging | None:
    tags = schema.find("tags")
    if schema.type == "aws_autoscaling_group":
        return "tag", "tag_block", False
    if tags is None:
        return None
    if tags.storage == "stringMap" and ("tags_all" in schema.computed or schema.find("tags_all")):
        return "tags", "map", True
    raise UndecidedError(schema.type)


def tagging_google(schema: Schema) -> Tagging | None:
    if schema.type in NESTED:
        if schema.find(NESTED[schema.type]) is None:
            raise UndecidedError(schema.type)
        return NESTED[schema.type], "labels", schema.type in DEFAULTS_INSIDE
    for name in ("labels", "resource_labels"):
        if schema.find(name) is not None and "effective_labels" in schema.computed:
            return name, "labels", True
    if schema.find("user_labels") is not None:
        return "user_labels", "labels", False
    if schema.find("labels") is not None:
        raise UndecidedError(schema.type)
    return None


def tagging_azure(schema: Schema) -> Tagging | None:
    tags = schema.find("tags")
    if tags is None or tags.storage == "stringList":  # api management and sentinel: words, not pairs
        return None
    if tags.storage != "stringMap":
        raise UndecidedError(schema.type)
    return "tags", "map", schema.type.startswith("azapi_")  # only azapi's provider block has default_tags


def tagging_kubernetes(schema: Schema) -> Tagging | None:
    return ("metadata.labels", "labels", False) if schema.find("metadata.labels") else None


def from_bindings(sources: Iterable[Source], tagging: Callable[[Schema], Tagging | None]) -> tuple[Table, list[str]]:
    """The table of the sources, newest first, and what each is. A type is taken from the newest that has it."""
    table: Table = {}
    made_from = []
    for source in sources:
        version = ""
        for schema in read_bindings(fetch(source)):
            version = schema.provider_version
            if schema.type not in table:
                table[schema.type] = None if schema.type in LIARS else tagging(schema)
        made_from.append(f"{source.package} {source.version} (provider {version})")
    return table, made_from


def make_aws() -> tuple[Table, list[str]]:
    return from_bindings((AWS, AWS_5), tagging_aws)


def make_google() -> tuple[Table, list[str]]:
    return from_bindings((GOOGLE, GOOGLE_BETA, GOOGLE_6), tagging_google)


def make_azurerm() -> tuple[Table, list[str]]:
    return from_bindings((AZURERM, AZURERM_4), tagging_azure)


def make_azapi() -> tuple[Table, list[str]]:
    return from_bindings((AZAPI,), tagging_azure)


def make_kubernetes() -> tuple[Table, list[str]]:
    table, made_from = from_bindings((KUBERNETES,), tagging_kubernetes)
    # Its `manifest` is a whole object of any kind, for which the schema has no members.
    table["kubernetes_manifest"] = ("manifest.metadata.labels", "labels", False)
    return table, made_from


def make_cloudformation() -> tuple[Table, list[str]]:
    types = read_cloudformation(fetch(CFN_LINT))
    table: Table = {one.name: (*one.tagging, False) if one.tagging else None for one in types}
    return table, [f"{CFN_LINT.package} {CFN_LINT.version}"]


def make_awscc() -> tuple[Table, list[str]]:
    """By that provider's naming rule, since it is generated from the same schemas; some types it leaves out."""
    types = [one for one in read_cloudformation(fetch(CFN_LINT)) if one.awscc]
    table: Table = {one.awscc: (snake(one.tagging[0]), one.tagging[1], False) if one.tagging else None for one in types}
    return table, [f"{CFN_LINT.package} {CFN_LINT.version}"]


def make_pulumi() -> tuple[Table, list[str]]:
    table: Table = {}
    made_from = []
    for source in (PULUMI_AWS, PULUMI_GCP, PULUMI_AZURE):
        table |= {one.token: one.tagging for one in read_pulumi(fetch(source))}
        made_from.append(f"{source.package} {source.version}")
    return table, made_from


TABLES: dict[str, Callable[[], tuple[Table, list[str]]]] = {
    "aws": make_aws,
    "awscc": make_awscc,
    "azapi": make_azapi,
    "azurerm": make_azurerm,
    "cloudformation": make_cloudformation,
    "google": make_google,
    "kubernetes": make_kubernetes,
    "pulumi": make_pulumi,
}


def render(name: str) -> str:
    """The table's file: types grouped by how they are tagged, one a line, sorted."""
    table, made_from = TABLES[name]()
    groups: dict[Tagging, list[str]] = {}
    for type_name, tagging in table.items():
        if tagging:
            groups.setdefault(tagging, []).append(type_name)
    document = {
        "made_by": "tools/make_taggable.py",
        "made_from": made_from,
        "taggable": [
            {"attribute": attribute, "shape": shape, "defaults": defaults, "types": sorted(types)}
            for (attribute, shape, defaults), types in sorted(groups.items())
        ],
        "untaggable": sorted(type_name for type_name, tagging in table.items() if tagging is None),
    }
    return json.dumps(document, indent=1) + "\n"


def differences(name: str, data: Path = DATA) -> list[str]:
    """Lines that a regenerated table would change; empty when the file is what the sources say."""
    kept = (data / f"taggable_{name}.json").read_text("utf-8")
    return list(difflib.unified_diff(kept.splitlines(), render(name).splitlines(), "kept", "made", lineterm="", n=0))


def main(arguments: list[str]) -> int:
    names = [one for one in arguments if one != "--check"] or list(TABLES)
    status = 0
    try:
        for name in names:
            if "--check" in arguments:
                lines = differences(name)
                status |= bool(lines)
                print(f"{name}: {len(lines)} lines differ" if lines else f"{name}: as kept", *lines, sep="\n")
            else:
                (DATA / f"taggable_{name}.json").write_text(render(name), "utf-8")
                print(f"{name}: written")
    except SourceUnavailableError as error:
        print(error, file=sys.stderr)
        return 3
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
