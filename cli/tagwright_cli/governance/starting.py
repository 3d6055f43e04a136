"""What `tagwright init` does in the folder it starts: read, propose, accept today's findings, write three files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tagwright_cli.error_handler import say
from tagwright_cli.output import write_file
from tagwright_cli.pipeline import Request, reading_of
from tagwright_dictionary.errors import InputError, OutputError
from tagwright_dictionary.lifecycle.given import read_alone
from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.data import shipped_path
from tagwright_dictionary.loading.discovery import discover
from tagwright_dictionary.loading.settings import read_settings
from tagwright_dictionary.model import Location
from tagwright_policies.baseline import of
from tagwright_policies.gate import gate
from tagwright_policies.init.observed import observe
from tagwright_policies.init.proposal import Proposal, propose
from tagwright_policies.init.writing import dictionary_text, settings_text
from tagwright_policies.result import GateResult

SETTINGS = ".tagwright.yaml"
DICTIONARY = "tag-dictionary.yaml"
BASELINE = ".tagwright-baseline.json"


@dataclass(frozen=True, slots=True)
class Started:
    """What was found and proposed. `files` are names and texts; `today` is the gate's answer with the baseline."""

    proposal: Proposal
    files: tuple[tuple[str, str], ...]
    accepted: int
    resources: int
    sources: int
    today: GateResult


def start(name: str, today: date, *, force: bool) -> Started:
    """Read the working directory as `tagwright check` would, and make the files for it. Writes nothing.

    Raises InputError where files are there already, or not everything could be read: what was not seen cannot be
    accepted.
    """
    _refuse_settings(force=force)
    # Shipped: only its settings count here, which are those that `check` will find.
    settings = discover(Path.cwd(), explicit=shipped_path(), environ={}).settings
    reading = reading_of(Request(paths=(), today=today), settings)
    if reading.problems:
        first = reading.problems[0]
        more = f" (and {len(reading.problems) - 1} more files)" if len(reading.problems) > 1 else ""
        raise InputError(
            f"not everything could be read{more}: {first.reason}",
            hint=first.hint or "mend the file, or leave it out with `exclude:` in .tagwright.yaml and --force",
            location=Location(first.path, first.line, first.column),
        )
    proposal = propose(load(shipped_path()), observe(reading), name)
    text = dictionary_text(proposal)
    dictionary = read_alone(text.encode("utf-8"), DICTIONARY)
    first_look = gate(dictionary, reading, today=today, on_unknown=settings.on_unknown)
    baseline = of(first_look.findings)
    again = gate(dictionary, reading, today=today, on_unknown=settings.on_unknown, baseline=baseline)
    existing = Path(SETTINGS).read_text("utf-8") if Path(SETTINGS).exists() else ""
    files = ((DICTIONARY, text), (SETTINGS, settings_text(DICTIONARY, existing)), (BASELINE, baseline.dumps()))
    return Started(proposal, files, len(baseline.entries), len(reading.resources), len(reading.files), again)


def write(started: Started) -> None:
    """All files or none of those that were not there."""
    made: list[str] = []
    try:
        for name, text in started.files:
            fresh = not Path(name).exists()
            write_file(name, text)
            made += [name] if fresh else []
    except OutputError:
        for name in made:
            Path(name).unlink(missing_ok=True)
        raise


def name_of(folder: Path) -> str:
    """A name for the dictionary of a folder."""
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", folder.resolve().name).strip("-._")
    return words[:100] or "tags"


def _refuse_settings(*, force: bool) -> None:
    there = [name for name in (DICTIONARY, SETTINGS, BASELINE) if Path(name).exists() or Path(name).is_symlink()]
    if there and not force:
        raise InputError(
            f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} here already",
            hint="--force writes over them (other settings are kept)",
        )
    project = Path("pyproject.toml")
    if project.exists() and "dictionary" in read_settings(project):
        raise InputError(
            "[tool.tagwright] in pyproject.toml names a dictionary already",
            hint="remove it: both files would set the dictionary, and this one would win",
            location=Location("pyproject.toml"),
        )
    if there:
        say(f"tagwright: writing over {', '.join(there)}")
