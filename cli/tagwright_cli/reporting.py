"""The last step of `check`: run, write every report asked for, say on stderr what stdout does not."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, replace

from tagwright_cli.error_handler import say
from tagwright_cli.formats import FORMATS
from tagwright_cli.options import Target
from tagwright_cli.output import write_file, write_stdout
from tagwright_cli.pipeline import Request, run
from tagwright_cli.progress import progress_for
from tagwright_cli.report import Rendering, Report
from tagwright_cli.terminal import DEFAULT_WIDTH, Style, wants_colour, width_of
from tagwright_cli.wording import count, headline
from tagwright_dictionary.errors import EXIT_BLOCKED, EXIT_OK
from tagwright_policies.baseline import load, of


@dataclass(frozen=True, slots=True)
class Presentation:
    """Where the reports go and how they are dressed. `colour`: auto | always | never."""

    targets: tuple[Target, ...]
    colour: str = "auto"
    quiet: bool = False
    explain_unknown: bool = False


def judge_and_report(request: Request, presentation: Presentation, *, write_baseline: str | None = None) -> int:
    """Run the request and write its reports; returns the exit code. Files are opened only now, and all or nothing.

    With `write_baseline` the findings are accepted into that file and no longer block, unless something could not be
    read: what was not seen cannot be accepted. An existing baseline only shrinks: new findings block as before.
    """
    start = time.perf_counter()
    progress = progress_for("folders", quiet=request.quiet)
    try:
        report = run(replace(request, progress=progress))
    finally:
        if progress is not None:
            progress.close()
    publish(report, presentation)
    if sys.stderr.isatty() and not request.quiet:
        # The time is no part of the report: the same run twice prints the same bytes.
        say(f"{count(len(report.files), 'file')} in {_duration(time.perf_counter() - start)}")
    if write_baseline is None or report.result.exit_code not in (EXIT_OK, EXIT_BLOCKED):
        return report.result.exit_code
    _record(report, request.baseline, write_baseline)
    return EXIT_OK if request.baseline is None else report.result.exit_code


def _record(report: Report, baseline: str | None, file: str) -> None:
    result = report.result
    if baseline is None:
        accepted = of(result.findings)
    else:
        accepted = load(baseline).shrunk([*result.findings, *(item.finding for item in result.accepted)])
    write_file(file, accepted.dumps())
    say(f"tagwright: {count(len(accepted.entries), 'finding')} recorded in {file}")


def publish(report: Report, presentation: Presentation) -> None:
    """Write every report: files first, so that one that cannot be written is known before stdout says anything."""
    rendered = [
        (target, FORMATS[target.format]()(report, _rendering(target, presentation))) for target in presentation.targets
    ]
    for target, text in rendered:
        if target.file is not None:
            write_file(target.file, text)
    told = False
    for target, text in rendered:
        if target.file is None:
            write_stdout(text, utf8=target.format != "text")
            told = target.format in ("text", "github", "markdown")
    if not told and not presentation.quiet:
        say(f"tagwright: {headline(report)}")


def _rendering(target: Target, presentation: Presentation) -> Rendering:
    if target.file is not None:
        style = Style(colour=presentation.colour == "always", width=DEFAULT_WIDTH)
    else:
        style = Style(
            colour=wants_colour(presentation.colour, sys.stdout, os.environ),
            width=width_of(sys.stdout, os.environ),
        )
    return Rendering(style, explain_unknown=presentation.explain_unknown, quiet=presentation.quiet)


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
