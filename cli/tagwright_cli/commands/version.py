"""`tagwright version`."""

from __future__ import annotations

import platform
import sys

from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_cli.version import __version__


@make(
    "version",
    help="Print the versions of tagwright and Python.",
    examples=("tagwright version", "tagwright --version"),
)
def command() -> int:
    python = f"{platform.python_implementation()} {platform.python_version()}"
    write_stdout(f"tagwright {__version__}\n{python} at {sys.executable}\n")
    return 0
