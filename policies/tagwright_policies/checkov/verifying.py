"""Does the gate bite? A violating and a clean resource for every framework, shown to the real Checkov."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import EXIT_BAD_INPUT, EXIT_BLOCKED, EXIT_OK, InputError
from tagwright_dictionary.model import Location
from tagwright_policies.checkov.bundle import build
from tagwright_policies.checkov.locating import Checkov, environment
from tagwright_policies.checkov.planting import Planted, planted
from tagwright_policies.checkov.runtime.packing import unpacked
from tagwright_policies.checkov.runtime.planning import AGGREGATE
from tagwright_policies.checkov.runtime.starting import DICTIONARY
from tagwright_policies.checkov.writing import is_bundle, write

_LONGEST = 600.0


@dataclass(frozen=True, slots=True)
class Row:
    """One framework. `violating` and `clean`: what Checkov said of resources without and with tags, each once."""

    framework: str
    violating: tuple[str, ...]
    clean: tuple[str, ...]

    @property
    def bites(self) -> bool:
        """A violating resource is refused, none with all tags is, and a clean one passes."""
        return "FAILED" in self.violating and "PASSED" in self.clean and "FAILED" not in self.clean


@dataclass(frozen=True, slots=True)
class Proof:
    checkov: Checkov
    dictionary: Dictionary
    rows: tuple[Row, ...]
    problems: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        if self.problems:
            return EXIT_BAD_INPUT
        return EXIT_OK if self.rows and all(row.bites for row in self.rows) else EXIT_BLOCKED


def verify(checkov: Checkov, dictionary: Dictionary | None, folder: Path | None, key: Path | None = None) -> Proof:
    """Tries a bundle: the one in `folder` (its own dictionary counts), else one made of `dictionary`.

    With `key` Checkov is given that public key and checks signatures. Raises InputError for a folder without a bundle.
    """
    with tempfile.TemporaryDirectory(prefix="tagwright-verify-") as scratch:
        place = Path(scratch)
        if folder is not None:
            dictionary = dictionary_of(folder)
        elif dictionary is not None:
            folder = place / "checks"
            write(build(dictionary).files, folder)
        if dictionary is None or folder is None:
            raise InputError("neither a bundle nor a dictionary is named", hint="tagwright checkov verify --dir DIR")
        files = planted(dictionary)
        for each in files:
            path = place / "planted" / each.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(each.content, encoding="utf-8")
        return _tried(checkov, dictionary, folder.absolute(), place / "planted", files, key)


def dictionary_of(folder: Path) -> Dictionary:
    """The dictionary that a bundle was made of. Raises InputError when there is no (whole) bundle in the folder."""
    where = Location(str(folder))
    hint = f"tagwright checkov bundle -o {folder}"
    if not is_bundle(folder):
        raise InputError(f"{folder} holds no bundle of tagwright", hint=hint, location=where)
    archives = sorted(folder.glob("tagwright_bundle_*.zip"))
    checks = sorted(folder.glob("tagwright_checks_*.py"))
    if len(archives) != 1 or len(checks) != 1:
        raise InputError(f"the bundle in {folder} is not whole", hint=hint, location=where)
    try:
        with zipfile.ZipFile(io.BytesIO(archives[0].read_bytes())) as archive:
            [name] = [each for each in archive.namelist() if each.endswith(f"/runtime/{DICTIONARY}")]
            return unpacked(archive.read(name).decode())
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise InputError(f"the bundle in {folder} cannot be read: {error}", hint=hint, location=where) from error


def _tried(
    checkov: Checkov, dictionary: Dictionary, folder: Path, place: Path, files: tuple[Planted, ...], key: Path | None
) -> Proof:
    frameworks = list(dict.fromkeys(each.report for each in files))
    command = [checkov.path, "-d", ".", "--framework", *frameworks, "--external-checks-dir", str(folder)]
    command += ["-c", AGGREGATE, "-o", "json", "--skip-download"]
    if key is not None:
        command += ["--external-checks-public-key", str(key.absolute())]
    # A configuration file of the user's must not choose other checks here.
    variables = environment(HOME=str(place.parent), LOG_LEVEL="WARNING")
    try:
        done = subprocess.run(  # noqa: S603 - the user's own Checkov
            command,
            cwd=place,
            env=variables,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
            errors="replace",
        )
    except subprocess.TimeoutExpired:
        return Proof(checkov, dictionary, (), (f"Checkov did not end within {_LONGEST:.0f} seconds",))
    reports = _reports(done.stdout)
    problems = [line.strip()[:300] for line in done.stderr.splitlines() if "Cannot load external check" in line]
    if done.returncode not in (0, 1) or reports is None:
        last = next((line.strip() for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        problems.append(f"Checkov ended with exit code {done.returncode}: {last[:300]}")
    rows = []
    for framework in dict.fromkeys(each.framework for each in files):
        mine = [each for each in files if each.framework == framework]
        seen = [found for each in mine for found in _results(reports or [], each)]
        rows.append(
            Row(
                framework,
                tuple(sorted({result for dirty, result in seen if dirty})) or ("nothing",),
                tuple(sorted({result for dirty, result in seen if not dirty})) or ("nothing",),
            )
        )
    return Proof(checkov, dictionary, tuple(rows), tuple(problems))


def _reports(printed: str) -> list[dict[str, Any]] | None:
    try:
        found = json.loads(printed)
    except ValueError:
        return None
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def _results(reports: list[dict[str, Any]], file: Planted) -> list[tuple[bool, str]]:
    """(violating, result) of every planted resource of the file in Checkov's report."""
    found = []
    for report in reports:
        results = report.get("results")
        if report.get("check_type") != file.report or not isinstance(results, dict):
            continue
        for result, records in (("FAILED", "failed_checks"), ("PASSED", "passed_checks")):
            for record in results.get(records, ()):
                path = str(record.get("file_path", "")) + os.sep + str(record.get("file_abs_path", ""))
                if file.path in path and record.get("check_id") == AGGREGATE:
                    found.append((_violating(record, file), result))
    return found


def _violating(record: dict[str, Any], file: Planted) -> bool:
    if file.framework == "serverless":
        return "clean" not in file.path
    text = str(record.get("resource", ""))
    if file.framework == "kubernetes":
        return "clean" not in text
    return "dirty" in text
