"""The JSON Schema in jsonschema and in ajv: both decide as `judge` does, but for the gaps."""

from __future__ import annotations

import json

import jsonschema
import pytest
import referencing
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.policies.exports import engines
from tests.policies.exports.case_table import MAKER, TODAY, Comparison, cases, compare, text
from tests.policies.exports.random_books import tables

from tagwright_policies.exports import TARGETS


def _schema(export=None):
    return json.loads(text("json-schema", "tags.schema.json", export))


def _documents(rows):
    return [{"type": case.type, "classes": list(case.classes), "tags": case.tags} for case in rows]


def _in_python(schema, documents, pointer="#/$defs/resource"):
    registry = referencing.Registry().with_resource(schema["$id"], referencing.Resource.from_contents(schema))
    validator = jsonschema.Draft202012Validator({"$ref": f"{schema['$id']}{pointer}"}, registry=registry)
    return [validator.is_valid(document) for document in documents]


def _in_javascript(schema, documents, pointer="#/$defs/resource"):
    return engines.ajv().ask({"schema": schema, "pointer": pointer, "documents": documents})


VALIDATORS = {"jsonschema": _in_python, "ajv": _in_javascript}


def test_it_is_a_schema():
    """The document is valid against the metaschema of its draft."""
    jsonschema.Draft202012Validator.check_schema(_schema())


@pytest.mark.parametrize("validator", VALIDATORS)
def test_it_agrees_with_judge_on_the_table(validator):
    """Every case is accepted or refused as `judge` says; what differs is in a gap, and every gap shows in a case."""
    accepted = VALIDATORS[validator](_schema(), _documents(cases()))
    found = compare("json-schema", [(case, not ok) for case, ok in zip(cases(), accepted, strict=True)])
    assert found.wrong == []
    assert found.unseen == []
    assert found.open == []


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(data=st.data())
def test_it_agrees_with_judge_on_any_dictionary(data, tmp_path_factory):
    """So on random dictionaries and tags, in both validators."""
    book, rows = data.draw(tables(tmp_path_factory.getbasetemp()))
    export = TARGETS["json-schema"].export(book, TODAY, MAKER)
    schema = _schema(export)
    jsonschema.Draft202012Validator.check_schema(schema)
    for name, validate in VALIDATORS.items():
        found = Comparison(export, book)
        for case, ok in zip(rows, validate(schema, _documents(rows)), strict=True):
            found.add(case, not ok)
        assert found.wrong == [], name


def test_the_root_and_a_class_judge_tags_alone():
    """The root asks what any resource must have; `class:bucket` asks what buckets must have as well."""
    schema = _schema()
    tags = [{"team": "vision"}, {"team": "visoin"}, {"team": "vision", "cost-center": "cc-4200"}]
    complete = {"owner": "vision@acme.example", "cost-center": "cc-4100", "workload": "training", "Tier": "gold"}
    for validate in VALIDATORS.values():
        assert validate(schema, tags, "") == [True, False, False]
        assert validate(schema, [*tags, complete], "#/$defs/class%3Abucket") == [False, False, False, True]
