"""Whether an answer with status 200 makes sense at all.

botocore turns a body that is not JSON into an answer without members, and XML of another root into the same: to the
code that reads it, both are an empty list. An empty list resolves findings, so such an answer must be an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, StructureShape
from botocore.parsers import ResponseParserError

_HTML = (b"<html", b"<!doctype html", b"<body", b"<head")


def check_answer(content: bytes, parsed: Mapping[str, Any], model: OperationModel) -> None:
    """Raises ResponseParserError for a body in which botocore found nothing and that is no empty answer either."""
    shape = model.output_shape
    if shape is None or any(name in parsed for name in shape.members):
        return
    asked = f"{model.service_model.service_name} {model.name}"
    body = content.strip()
    if not body:
        raise ResponseParserError(f"{asked} was answered with an empty body")
    if body[:15].lower().startswith(_HTML):
        raise ResponseParserError(f"{asked} was answered with a web page")
    if "json" not in model.service_model.resolved_protocol:
        return
    try:
        document = json.loads(body)
    except ValueError:
        raise ResponseParserError(f"{asked} was answered with something that is not JSON") from None
    # An answer may name its members and say nothing of them ({"tags": null}).
    if not isinstance(document, dict) or (document and not _names(shape) & {name.lower() for name in document}):
        raise ResponseParserError(f"{asked} was answered with a document that has nothing of an answer")


def _names(shape: StructureShape) -> set[str]:
    """What the members are called on the wire, in lower case."""
    return {str(member.serialization.get("name", name)).lower() for name, member in shape.members.items()}
