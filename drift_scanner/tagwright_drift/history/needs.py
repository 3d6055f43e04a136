"""What the history needs installed. Imported before the rest of it, which cannot be without."""

from __future__ import annotations

from importlib.util import find_spec

from tagwright_dictionary.errors import MissingExtraError


def check_installed() -> None:
    """Raises MissingExtraError."""
    if find_spec("sqlalchemy") is None:
        raise MissingExtraError("aws", "the history of findings")
    if find_spec("pyarrow") is None:
        raise MissingExtraError("aws", "reading and writing runs")
