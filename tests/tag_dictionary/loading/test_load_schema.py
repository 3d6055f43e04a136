"""The JSON Schema and the loader agree about the format."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from tests.tag_dictionary.loading.strategies import dictionaries

from tagwright_dictionary.classes import CLASSES
from tagwright_dictionary.dictionary import MEASURES
from tagwright_dictionary.loading import (
    canonical,
    exemptions,
    keys,
    providers,
    reading,
    requirements,
    targets,
    validate,
)
from tagwright_dictionary.loading.context import Context
from tagwright_dictionary.loading.data import SCHEMA_FILE, read_data
from tagwright_dictionary.loading.documents import Document, Documents
from tagwright_dictionary.loading.problems import Problems
from tagwright_dictionary.loading.references import Kind, Reference
from tagwright_dictionary.loading.schema import check_schema, plain
from tagwright_dictionary.loading.tree import Node, parse

SCHEMA = json.loads(read_data(SCHEMA_FILE))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def walk(node: Any):
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from walk(child)
    elif isinstance(node, list):
        for child in node:
            yield from walk(child)


def test_editors_find_a_description_of_every_field():
    """Every property of every object says what it is."""
    bare = [
        name
        for node in walk(SCHEMA)
        for name, child in node.get("properties", {}).items()
        if isinstance(child, dict) and not child.get("description") and "$ref" not in child
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ((), reading.FIELDS),
        (("$defs", "key"), keys.KEY_FIELDS),
        (("$defs", "requirement"), requirements.REQUIREMENT_FIELDS),
        (("$defs", "service_level"), requirements.SERVICE_LEVEL_FIELDS),
        (("$defs", "target"), targets.FIELDS),
        (("properties", "targets"), MEASURES),
        (("$defs", "exemption"), exemptions.FIELDS),
        (("properties", "providers"), providers.PROVIDERS),
    ],
)
def test_the_same_fields(place, fields):
    """The schema and the reader know the same fields."""
    node = SCHEMA
    for step in place:
        node = node[step]
    assert set(node["properties"]) == set(fields)
    assert node["additionalProperties"] is False


def test_the_same_classes():
    selector = SCHEMA["$defs"]["requirement"]["properties"]["for"]["oneOf"]
    assert selector[0]["enum"] == ["all", *CLASSES]


WRONG = {
    "unknown field": "keyz: {}",
    "unknown key field": "keys: {a: {patern: x}}",
    "unknown requirement field": "requirements: [{id: r, for: all, require: a, requre: b}]",
    "no id": "requirements: [{for: all, require: a}]",
    "unknown class": "requirements: [{id: r, for: gpus, require: a}]",
    "number": "keys: {a: {title: 1}}",
    "boolean": "keys: {a: {values: [yes]}}",
    "empty values": "keys: {a: {values: []}}",
    "unknown format": "keys: {a: {format: emial}}",
    "unknown severity": "requirements: [{id: r, for: all, require: a, severity: err}]",
    "unknown provider": "providers: {google: {}}",
    "duration": "service_levels: [{for: all, remediate_within: 2 days}]",
    "no duration": "service_levels: [{for: all}]",
    "target above 100": "targets: {spend_compliance: {green: 101, yellow: 9}}",
    "target without yellow": "targets: {spend_compliance: {green: 98}}",
    "target of nothing": "targets: {speed: {green: 98, yellow: 9}}",
    "unknown policy": "unknown: maybe",
    "exclusive of one": "requirements: [{id: r, for: all, exclusive: [[a]]}]",
    "match without a dot": "requirements: [{id: r, for: all, match: {a: b}}]",
    "empty when": "requirements: [{id: r, for: all, require: a, when: {}}]",
    "exemption field": "exemptions: [{reson: x}]",
    "loosens without reason": "loosens: [{change: x}]",
    "listed twice": "contacts: [a, a]",
}


@pytest.mark.parametrize("case", WRONG)
def test_both_refuse(case, write):
    """What the reader refuses about the form, an editor marks as well."""
    text = "keys: {a: {}, b: {}}\n" if "keys:" not in WRONG[case] else ""
    path = write("d.yaml", text + WRONG[case] + "\n", head=True)
    assert validate("d.yaml") != ()
    assert list(VALIDATOR.iter_errors(yaml.safe_load(path.read_text()))) != []


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(dictionaries())
def test_both_accept(dictionary):
    """What a dictionary is written as is valid to the schema."""
    assert [error.message for error in VALIDATOR.iter_errors(canonical.document(dictionary))] == []


def tree_of(text: str) -> Node:
    root = parse(text, "d.yaml", Problems())
    assert root is not None
    return root


def test_second_opinion_names_the_place(here):
    """Should the reader let something pass that the schema refuses, the error stands at its place."""
    with Documents(cached=False) as documents:
        problems = Problems()
        context = Context(Document(Reference(Kind.LOCAL, "d.yaml"), "d.yaml", b""), documents, problems, {})
        check_schema(tree_of("schema: 1\nname: a\nversion: 1.0.0\nkeys:\n  a: {title: 1}\n"), context)
    assert [f"{error.location} {error.message}" for error in problems.errors()] == [
        "d.yaml:5:14 \"keys.a.title\": 1 is not of type 'string'"
    ]


SCALARS = """
a: [yes, no, on, off, ~, null, 1, 0x1f, 1.5, .inf, 2027-01-01, text, 'yes', "1", =, '', 1_000, 0o7, 1e3, 12:30:45]
"""


def test_scalars_are_told_apart_as_yaml_does():
    """A scalar is text exactly where PyYAML's own loader makes it a str."""
    ours = [item.kind == "str" for item in tree_of(SCALARS).pairs[0][1].items]
    theirs = [
        isinstance(item, str)
        for item in yaml.compose(SCALARS, yaml.SafeLoader) and yaml.safe_load(SCALARS.replace("=,", "'=',"))["a"]
    ]
    assert ours == theirs


def test_positions_are_those_of_composed_nodes():
    """Line and column of every node are those PyYAML composes."""
    text = read_data("dictionary.yaml")

    def ours(node: Node) -> Any:
        children = [child for pair in node.pairs for child in pair] + node.items
        return [(node.line, node.column), *map(ours, children)]

    def theirs(node: Any) -> Any:
        value = node.value if isinstance(node.value, list) else []
        children = [child for item in value for child in (item if isinstance(item, tuple) else (item,))]
        return [(node.start_mark.line + 1, node.start_mark.column + 1), *map(theirs, children)]

    assert ours(tree_of(text)) == theirs(yaml.compose(text, yaml.SafeLoader))


def test_plain_data_is_what_yaml_loads():
    """What the schema sees is what any YAML reader sees (days as text)."""
    text = read_data("dictionary.yaml")
    assert plain(tree_of(text)) == yaml.safe_load(text)
