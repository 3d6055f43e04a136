"""The tables `judge` works with, read once, when this package is imported: `judge` itself does no I/O.

Read with `pkgutil` (checkout, editable install, wheel and zip alike), because `importlib.resources` costs 15 ms at
start-up, which a pre-commit hook feels.
"""

from __future__ import annotations

import json
import pkgutil
from typing import Any


def _table(name: str) -> dict[str, Any]:
    raw = pkgutil.get_data(__name__, name)
    if raw is None:
        raise FileNotFoundError(name)
    table: dict[str, Any] = json.loads(raw)
    return table


LIMITS = _table("limits.json")
LOOKALIKES = _table("lookalikes.json")
PLACEHOLDERS = _table("placeholders.json")
WORDING = _table("wording.json")
