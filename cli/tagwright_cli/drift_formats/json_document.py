"""The stable machine-readable contract; its JSON Schema is `tagwright_drift/report/data/drift-report.schema.json`."""

from __future__ import annotations

import json
from typing import Any

from tagwright_cli.drift_formats import Look
from tagwright_drift.report.document import document, findings
from tagwright_drift.report.model import ReportData


def render(data: ReportData, look: Look, /) -> str:  # noqa: ARG001 - the DriftFormat protocol
    """The whole document in ASCII, keys in a fixed order, every value as it is."""
    pieces = [f"  {json.dumps(name)}: {_text(value)}" for name, value in document(data).items()]
    # One at a time: as plain values, a hundred thousand findings take several times the memory of their text.
    rows = ",\n".join(f"    {json.dumps(each, separators=(', ', ': '))}" for each in findings(data))
    pieces.append(f'  "findings": [\n{rows}\n  ]' if rows else '  "findings": []')
    return "{\n" + ",\n".join(pieces) + "\n}\n"


def _text(value: Any) -> str:
    return json.dumps(value, indent=2).replace("\n", "\n  ")
