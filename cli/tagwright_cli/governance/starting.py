"""What `tagwright init` does in the folder it starts: read, propose, accept today's findings, write three files."""

from __future__ import annotations

import posixpath
import re
import shlex
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
from tagwright_dictionary.model import Location, Problem
from tagwright_policies.baseline import of
from tagwright_policies.gate import gate
from tagwright_policies.init.observed import observe
from tagwright_policies.init.proposal import Proposal, propose
from tagwright_policies.init.writing import dictionary_text, settings_text
from tagwright_policies.result import GateResult

SETTINGS = ".tagwright.yaml"
DICTIONARY = "tag-dictionary.yaml"
BASELINE = ".tagwright-baseline.json"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Started:
    """What was found and proposed. `files` are names and texts; `today` is the gate's answer with the baseline."""

    proposal: Proposal
    files: tuple[tuple[str, str], ...]
    accepted: int
    resources: int
    sources: int
    today: GateResult


def start(name: str, today: date, exclude: tuple[str, ...] = (), *, force: bool) -> Started:
    """Read the working directory as `tagwright check` would, and make the files for it. Writes nothing. What `exclude`
    leaves out stays left out: the settings say so.

    Raises InputError where files are there already, or not everything could be read: what was not seen cannot be
    accepted.
    """
    _refuse_settings(force=force)
    # Shipped: only its settings count here, which are those that `check` will find.
    settings = discover(Path.cwd(), explicit=shipped_path(), environ={}).settings
    existing = Path(SETTINGS).read_text("utf-8") if Path(SETTINGS).exists() else ""
    if exclude and settings.exclude and "exclude" not in (read_settings(Path(SETTINGS)) if existing else {}):
        raise InputError(
            "another settings file has an `exclude:` of its own, which would count alone",
            hint="add the globs there",
            location=Location(settings.files[0]),
        )
    reading = reading_of(Request(paths=(), today=today, exclude=exclude), settings)
    if reading.problems:
        raise _unread(reading.problems)
    proposal = propose(load(shipped_path()), observe(reading), name)
    text = dictionary_text(proposal)
    dictionary = read_alone(text.encode("utf-8"), DICTIONARY)
    first_look = gate(dictionary, reading, today=today, on_unknown=settings.on_unknown)
    baseline = of(first_look.findings)
    again = gate(dictionary, reading, today=today, on_unknown=settings.on_unknown, baseline=baseline)
    # A fault of a suppression is never accepted: an entry for it would be out of date at once.
    refused = {finding.fingerprint for finding in again.blocking}
    baseline = of(finding for finding in first_look.findings if finding.fingerprint not in refused)
    told = settings_text(DICTIONARY, existing, exclude)
    files = ((DICTIONARY, text), (SETTINGS, told), (BASELINE, baseline.dumps()))
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


def _unread(problems: tuple[Problem, ...]) -> InputError:
    """All that could not be read, and the way on without it."""
    first, *others = problems
    lines = "".join(
        f"\n    {each.path}{f':{each.line}' if each.line else ''}: {each.reason}" for each in others[:_SHOWN]
    )
    lines += f"\n    and {len(others) - _SHOWN:,} more" if len(others) > _SHOWN else ""
    folders = dict.fromkeys(posixpath.dirname(each.path) or each.path for each in problems)
    options = " ".join(f"--exclude {shlex.quote(folder)}" for folder in list(folders)[:_SHOWN])
    return InputError(
        f"not everything could be read: {first.reason}{lines}",
        hint=f"mend what is wrong, or leave it out, today and in every check: tagwright init {options}",
        location=Location(first.path, first.line, first.column),
    )


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
