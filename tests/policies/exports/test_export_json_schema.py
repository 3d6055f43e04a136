"""The JSON Schema in jsonschema and in ajv."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import referencing
from tests.policies.exports import engines
from tests.policies.exports.case_table import cases, compare, text

SCRIPT = str(Path(__file__).parent / "scripts" / "ajv.js")


def _schema():
    return json.loads(text("json-schema", "tags.schema.json"))


def _documents():
    return [{"type": case.type, "classes": case.classes, "tags": case.tags} for case in cases()]


def test_it_is_a_schema():
    """The document is valid against the metaschema of its draft."""
    jsonschema.Draft202012Validator.check_schema(_schema())


def test_jsonschema_agrees_with_judge():
    """Python's validator refuses what judge refuses, and nothing else."""
    schema = _schema()
    registry = referencing.Registry().with_resource(schema["$id"], referencing.Resource.from_contents(schema))
    validator = jsonschema.Draft202012Validator({"$ref": f"{schema['$id']}#/$defs/resource"}, registry=registry)
    verdicts = [(case, not validator.is_valid(document)) for case, document in zip(cases(), _documents(), strict=True)]
    wrong, decided = compare("json-schema", verdicts)
    assert wrong == []
    assert decided > 0.98


def test_ajv_agrees_with_judge():
    """So does ajv, in its strict mode."""
    folder = engines.node_modules()
    script = folder / "check.js"
    script.write_text(Path(SCRIPT).read_text())
    accepted = engines.run(
        "node", [str(script)], {"schema": _schema(), "pointer": "#/$defs/resource", "documents": _documents()}
    )
    wrong, decided = compare("json-schema", [(case, not ok) for case, ok in zip(cases(), accepted, strict=True)])
    assert wrong == []
    assert decided > 0.98


def test_the_root_and_a_class_judge_tags_alone():
    """The root asks what any resource must have; `class:bucket` asks what buckets must have as well."""
    schema = _schema()
    registry = referencing.Registry().with_resource(schema["$id"], referencing.Resource.from_contents(schema))
    root = jsonschema.Draft202012Validator({"$ref": schema["$id"]}, registry=registry)
    bucket = jsonschema.Draft202012Validator({"$ref": f"{schema['$id']}#/$defs/class%3Abucket"}, registry=registry)
    tags = {"team": "vision"}
    assert root.is_valid(tags)
    assert not bucket.is_valid(tags)
    assert not root.is_valid({"team": "visoin"})
    assert not root.is_valid({"team": "vision", "cost-center": "cc-4200"})
