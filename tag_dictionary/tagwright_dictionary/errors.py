"""The one family of expected errors.

Every failure a user can cause is a `TagwrightError`: it says where, what was found, what was expected and what to
do next, and it carries the exit code of ARCHITECTURE.md. Anything else that reaches the command line is a crash of
ours (exit 3).
"""

from __future__ import annotations

from tagwright_dictionary.model import Location

EXIT_OK = 0
EXIT_BLOCKED = 1
EXIT_BAD_INPUT = 2
EXIT_CRASH = 3
EXIT_INCOMPLETE = 4
EXIT_INTERRUPTED = 130


class TagwrightError(Exception):
    """An expected failure: bad input or configuration (exit 2 unless a subclass says otherwise).

    `message` says what is wrong, `hint` the next step, `location` where. `related` holds further errors found in the
    same pass, so that a user mends them all at once.
    """

    exit_code: int = EXIT_BAD_INPUT

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        location: Location | None = None,
        related: tuple[TagwrightError, ...] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location
        self.related = related

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        hint = f"\n  help: {self.hint}" if self.hint else ""
        more = "".join(f"\n{error}" for error in self.related)
        return f"{where}{self.message}{hint}{more}"


class DictionaryError(TagwrightError):
    """The tag dictionary is missing, unreadable, wrong or dangerous."""


class InputError(TagwrightError):
    """A path, option or input document cannot be used."""


class OutputError(TagwrightError):
    """The report cannot be written."""


class MissingExtraError(TagwrightError):
    """An optional part of tagwright is not installed; the hint is the pip command."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs the optional part '{extra}'", hint=f"pip install 'tagwright[{extra}]'")
