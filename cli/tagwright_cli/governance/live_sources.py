"""Live resources to judge a change against: what a scan saw, and what the history of findings remembers.

The live scanner is heavy and may be missing, so that it is imported only when it is named. Each source is a function
of the scanner's package, `(place: str) -> (Reading, names)`: `place` is what stands behind the colon ("" for the
default), `names` has for each resource of the reading what stands for its repository (the account), and the problems
of the reading are what the scan did not see.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from tagwright_dictionary.errors import InputError, MissingExtraError
from tagwright_dictionary.model import Reading

LiveSource = Callable[[str], tuple[Reading, tuple[str, ...]]]

SOURCES = {
    "inventory": "tagwright_drift.against:inventory",
    "history": "tagwright_drift.against:history",
}


def is_live(text: str) -> bool:
    """Whether `--against` names a live source: `history`, or `history:PLACE`."""
    return text.partition(":")[0] in SOURCES


def read_live(text: str) -> tuple[Reading, tuple[str, ...]]:
    """The resources behind a live source. Raises InputError where this version has none, and what the source raises."""
    name, _, place = text.partition(":")
    module, _, attribute = SOURCES[name].partition(":")
    try:
        source: LiveSource = getattr(import_module(module), attribute)
    except (ModuleNotFoundError, AttributeError) as error:
        if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("tagwright_"):
            raise MissingExtraError("aws", f"--against {name}") from None
        raise InputError(
            f"{name} needs the live scanner, which this version does not have",
            hint="give code, a plan, or the document that `tagwright inspect --format json` wrote; ./NAME is a path",
        ) from None
    reading, names = source(place)
    return reading, names
