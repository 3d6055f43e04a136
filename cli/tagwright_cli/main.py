"""The entry point of the `tagwright` command.

`tagwright --version` must cost little more than starting Python, so this module imports nothing that Python has not
loaded anyway: click and the commands are imported only when one of them runs.
"""

from __future__ import annotations

import sys

from tagwright_cli.version import __version__


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code (ARCHITECTURE.md, exit codes); it never raises."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments in (["--version"], ["-V"]):
        sys.stdout.write(f"tagwright {__version__}\n")
        return 0
    from tagwright_cli.error_handler import guarded  # noqa: PLC0415 - keeps --version as cheap as python itself

    return guarded(arguments)


def entry_point() -> None:
    """The console script."""
    sys.exit(main())
