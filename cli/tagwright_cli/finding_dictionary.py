"""Which dictionary a command uses, said where it would surprise."""

from __future__ import annotations

import os
from pathlib import Path

from tagwright_cli.error_handler import say
from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import Discovered, discover


def discovered(explicit: str | None, *, quiet: bool) -> Discovered:
    """The dictionary that applies here; on stderr when it is the shipped one, which nobody chose."""
    found = discover(Path.cwd(), explicit=explicit, environ=os.environ)
    if found.shipped and not quiet:
        say("tagwright: no dictionary here, so the shipped AI/ML dictionary applies (--dictionary names another)")
    return found


def loaded(explicit: str | None, *, cache: bool, quiet: bool) -> tuple[Discovered, Dictionary]:
    """The dictionary that applies here, and how it was found."""
    found = discovered(explicit, quiet=quiet)
    return found, load(found.source, cache=cache)
