"""The tables of this package, read from a checkout, an editable install, a wheel or a zip alike."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def read_table(name: str) -> Any:
    """The parsed YAML file `data/<name>.yaml`; treat it as read-only, it is shared."""
    return yaml.safe_load(files(__package__).joinpath(f"data/{name}.yaml").read_text("utf-8"))
