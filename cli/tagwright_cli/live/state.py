"""Where the commands keep what they know: the runs and the history of findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

DEFAULT = ".tagwright/drift"
_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class State:
    """The state folder: run folders in `runs`, and the history: a URL, or the path of a SQLite file."""

    folder: Path
    url: str

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    def begun(self) -> bool:
        """Whether there may be a history: its file is there, or it is in a database, which only asking tells."""
        file = self.url.removeprefix("sqlite:///")
        return "://" in file or Path(file).exists()


def state_of(folder: str | None, url: str | None) -> State:
    """What `--state` and `--history` say."""
    path = Path(folder or DEFAULT)
    # A path, and no URL made of one: folders may be called "100%" or "a?b".
    return State(path, url or str(path / "history.db"))


def state_options(function: _Function) -> _Function:
    """`--state DIR` and `--history URL`."""
    for decorate in (
        click.option(
            "--history",
            metavar="URL",
            envvar="TAGWRIGHT_HISTORY",
            help="The history of findings: a file, or postgresql://... Default: history.db in the state folder.",
        ),
        click.option(
            "--state",
            metavar="DIR",
            envvar="TAGWRIGHT_STATE",
            help=f"Where runs and the history are kept. Default: {DEFAULT}.",
        ),
    ):
        function = decorate(function)
    return function
