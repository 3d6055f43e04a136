"""What the check file of a bundle calls: unpack the dictionary beside this module, register the checks."""

from __future__ import annotations

import json
import pkgutil

from tagwright_dictionary.dictionary import UnknownPolicy
from tagwright_policies.checkov.runtime.desk import Desk
from tagwright_policies.checkov.runtime.packing import unpacked
from tagwright_policies.checkov.runtime.registering import register

DICTIONARY = "dictionary.json"
SETTINGS = "settings.json"
_desks: list[Desk] = []


def start() -> None:
    """Loading it again in one process costs nothing. Raises what a damaged bundle raises."""
    if not _desks:
        settings = json.loads(_read(SETTINGS))
        policy = settings["on_unknown"]
        _desks.append(
            Desk(unpacked(_read(DICTIONARY)), settings["block_warnings"], UnknownPolicy(policy) if policy else None)
        )
    register(_desks[0])


def _read(name: str) -> str:
    content = pkgutil.get_data(__package__, name)
    if content is None:
        raise FileNotFoundError(name)
    return content.decode()
