"""The catalogue's data files, read from a checkout, an editable install, a wheel or a zip alike."""

from __future__ import annotations

import json
import pkgutil
from typing import Any


def read_data(name: str) -> Any:
    """The parsed JSON file `data/<name>.json`.

    `pkgutil.get_data` rather than `importlib.resources`, whose import alone (pathlib, tempfile) costs the hook more
    than all of the data.
    """
    content = pkgutil.get_data(__package__, f"data/{name}.json")
    if content is None:
        raise FileNotFoundError(name)
    return json.loads(content)
