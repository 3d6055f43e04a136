"""Checkov with our checks, failing closed where Checkov fails open."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import EXIT_BAD_INPUT
from tagwright_dictionary.loading import cache
from tagwright_policies.checkov.arguments import Arguments, understood
from tagwright_policies.checkov.bundle import Bundle, Options, build
from tagwright_policies.checkov.locating import Checkov, environment
from tagwright_policies.checkov.outputs import outputs
from tagwright_policies.checkov.runtime.registering import BASES
from tagwright_policies.checkov.runtime.tally import VARIABLE
from tagwright_policies.checkov.tallying import Judged, read
from tagwright_policies.checkov.writing import write

_NOT_LOADED = "Cannot load external check"
_PARSE = ("Failed to parse file", "failed to parse", "Error parsing")


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a run. `problems`: why it says nothing about the code; then `exit_code` is 2."""

    checkov: Checkov
    judged: Judged
    problems: tuple[str, ...]
    code: int

    @property
    def exit_code(self) -> int:
        return EXIT_BAD_INPUT if self.problems else self.code


def run(
    dictionary: Dictionary,
    words: Sequence[str],
    checkov: Checkov,
    options: Options | None = None,
) -> Run:
    """Runs Checkov over what `words` name; its outputs go where it writes them. Raises InputError where the arguments
    would make it look at nothing.
    """
    arguments = understood(words)
    bundle = build(dictionary, options)
    with tempfile.TemporaryDirectory(prefix="tagwright-") as scratch, _placed(bundle) as folder:
        protocol = Path(scratch) / "tally.jsonl"
        wanted = outputs(list(arguments.words), arguments.configured, Path(scratch) / "report.json")
        command = [
            checkov.path,
            *arguments.words,
            *_ours(arguments, folder, bundle),
            *wanted.extra,
        ]
        code, printed, log = _executed(command, environment(**{VARIABLE: str(protocol)}), keep=wanted.file is None)
        judged = read(protocol, dictionary.digest)
        problems = _problems(bundle, judged, wanted.report(printed), log, code)
        if wanted.ours and wanted.file is not None:
            wanted.file.unlink(missing_ok=True)
    return Run(checkov, judged, tuple(problems), code)


def _ours(arguments: Arguments, folder: str, bundle: Bundle) -> list[str]:
    """Our folder, beside those of a configuration file, which the command line would replace. With --check, ours run
    too, unless the user picked among them.
    """
    on_line = any(word.split("=")[0] == "--external-checks-dir" for word in arguments.words)
    kept = [] if on_line else arguments.values("--external-checks-dir")
    added = [word for name in (*kept, folder) for word in ("--external-checks-dir", name)]
    picked = {name for value in arguments.values("-c", "--check") for name in value.split(",")}
    ids = {check.id for check in bundle.plan.checks}
    return added if picked & ids else [*added, "--run-all-external-checks"]


@contextmanager
def _placed(bundle: Bundle) -> Iterator[str]:
    """The bundle on disk: in the user's cache where that can be written, else in a folder for this run."""
    base = cache.directory()
    if base is not None:
        folder = base / "checkov" / bundle.digest[:16]
        try:
            (base / "checkov").mkdir(mode=0o700, parents=True, exist_ok=True)
            if (base / "checkov").stat().st_uid == os.geteuid():
                write(bundle.files, folder, force=True)
                stray = (
                    {entry.name for entry in folder.iterdir()} - {name for name, _ in bundle.files} - {"__pycache__"}
                )
                if not stray:
                    yield str(folder)
                    return
        except OSError:
            pass
    with tempfile.TemporaryDirectory(prefix="tagwright-checks-") as made:
        write(bundle.files, Path(made), force=True)
        yield made


def _executed(command: list[str], variables: dict[str, str], *, keep: bool) -> tuple[int, str, str]:
    """Exit code, what was printed (only if it is to be read) and the log. Both are passed on as they come."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log,
        subprocess.Popen(  # noqa: S603 - the user's own Checkov
            command,
            env=variables,
            stdout=subprocess.PIPE if keep else None,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):

        def pass_on() -> None:
            for line in process.stderr or ():
                log.write(line)
                sys.stderr.write(line)

        reader = threading.Thread(target=pass_on, daemon=True)
        reader.start()
        printed = []
        for line in process.stdout or ():
            sys.stdout.write(line)
            printed.append(line)
        code = process.wait()
        reader.join()
        log.seek(0)
        return code, "".join(printed), log.read()


def _problems(
    bundle: Bundle, judged: Judged, report: list[dict[str, Any]] | None, log: str, code: int
) -> Iterator[str]:
    wanted = len(bundle.plan.checks) * len(BASES)
    if code not in (0, 1):
        yield f"Checkov ended with exit code {code}"
    if not judged.loaded:
        yield "the tag checks were not loaded (does --framework leave out all that they know?)"
    elif any(count != wanted for count in judged.loaded):
        yield f"only {min(judged.loaded)} of {wanted} tag checks were loaded"
    for line in log.splitlines():
        if _NOT_LOADED in line:
            yield line[line.index(_NOT_LOADED) :]
        elif any(words in line for words in _PARSE):
            yield line.strip()[:300]
    if judged.loaded and not judged.resources and not judged.broken:
        yield "no resource was judged: there is nothing in what was scanned that the tag checks know"
    if report is None:
        if code in (0, 1):
            yield "Checkov wrote no report, so whether every file was parsed is not known"
        return
    for each in report:
        results = each.get("results")
        for path in results.get("parsing_errors", ()) if isinstance(results, dict) else ():
            yield f"{path} could not be parsed"
        summary = each.get("summary")
        count = summary.get("parsing_errors", 0) if isinstance(summary, dict) else 0
        if count and not (isinstance(results, dict) and results.get("parsing_errors")):
            yield f"{count} files could not be parsed"
