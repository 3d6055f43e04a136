"""Turns whatever a command raises into an exit code and a message with a next step."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tagwright_cli.output import drop_stdout
from tagwright_cli.sanitise import clean
from tagwright_dictionary.errors import EXIT_BAD_INPUT, EXIT_CRASH, EXIT_INTERRUPTED, EXIT_OK, TagwrightError


def guarded(arguments: Sequence[str]) -> int:
    """Run the command line; expected failures become their exit code, a crash becomes 3 and a log to paste."""
    import click  # noqa: PLC0415 - imported after --version has been answered

    from tagwright_cli.root import cli  # noqa: PLC0415

    try:
        result = cli.main(args=list(arguments), prog_name="tagwright", standalone_mode=False)
        sys.stdout.flush()
    except TagwrightError as error:
        say(f"tagwright: {error}")
        return error.exit_code
    except click.ClickException as error:
        return _usage(error)
    except (KeyboardInterrupt, click.Abort):
        say("tagwright: interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        drop_stdout()
        return EXIT_BAD_INPUT
    except SystemExit as stop:  # completion scripts end click this way
        return stop.code if isinstance(stop.code, int) else EXIT_OK
    except Exception as error:  # noqa: BLE001 - the one place where a crash of ours is caught
        from tagwright_cli.crash import write_log  # noqa: PLC0415

        log = write_log(error, arguments)
        say(f"tagwright: crashed: {type(error).__name__}: {error} (a log ready to paste: {log})")
        return EXIT_CRASH
    return result if isinstance(result, int) else EXIT_OK


def say(text: str) -> None:
    """Write lines to stderr, made safe for a terminal; a closed stderr is no error of its own."""
    try:
        sys.stderr.write("\n".join(clean(line) for line in text.split("\n")) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def _usage(error: object) -> int:
    import click  # noqa: PLC0415

    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        sys.stderr.write(error.format_message() + "\n")
        return EXIT_BAD_INPUT
    context = getattr(error, "ctx", None)
    message = error.format_message() if isinstance(error, click.ClickException) else str(error)
    command = context.command_path if context is not None else "tagwright"
    say(f"tagwright: {message}\n  help: {command} --help")
    return EXIT_BAD_INPUT
