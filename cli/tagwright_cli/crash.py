"""The log of a crash: what is needed to mend it, and no secret."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tagwright_cli.version import __version__


def write_log(error: BaseException, arguments: Sequence[str]) -> str:
    """Write the log and return its path; "could not be written" when no place takes it.

    Values of `--var` are left out; the traceback carries no local variables.
    """
    text = "\n".join(
        [
            "tagwright crashed. Please open an issue and paste this whole file.",
            "",
            f"tagwright  {__version__}",
            f"python     {platform.python_implementation()} {platform.python_version()} on {platform.platform()}",
            f"when       {datetime.now(UTC).isoformat(timespec='seconds')}",
            f"arguments  {' '.join(_without_values(arguments))}",
            "",
            "".join(traceback.format_exception(error)),
        ],
    )
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix="crash-", suffix=".log", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as log:
                log.write(text)
        except OSError:
            continue
        return name
    return "could not be written"


def _folders() -> Iterator[Path]:
    home = os.environ.get("XDG_CACHE_HOME")
    if home:
        yield Path(home) / "tagwright"
    elif "HOME" in os.environ:
        yield Path(os.environ["HOME"]) / ".cache" / "tagwright"
    yield Path(tempfile.gettempdir())


def _without_values(arguments: Sequence[str]) -> Iterator[str]:
    hide = False
    for argument in arguments:
        if hide:
            yield argument.partition("=")[0] + "=..."
        elif argument.startswith("--var="):
            yield "--var=" + argument.removeprefix("--var=").partition("=")[0] + "=..."
        else:
            yield argument
        hide = argument == "--var"
