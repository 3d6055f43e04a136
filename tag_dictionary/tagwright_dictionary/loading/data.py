"""The files that ship with the package: found alike from a checkout, an editable install and a wheel."""

from __future__ import annotations

SCHEMA_FILE = "dictionary.schema.json"
SHIPPED_FILE = "dictionary.yaml"


def read_data(name: str) -> str:
    """The text of a shipped file."""
    from importlib import resources  # noqa: PLC0415 - not on the way of a cached load

    return resources.files("tagwright_dictionary").joinpath("data", name).read_text(encoding="utf-8")


def shipped_path() -> str:
    """The path of the shipped dictionary."""
    from importlib import resources  # noqa: PLC0415

    return str(resources.files("tagwright_dictionary").joinpath("data", SHIPPED_FILE))
