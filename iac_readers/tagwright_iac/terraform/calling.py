"""What a Terraform function is given, and how it is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from tagwright_iac.terraform.values import UnknownValue, Value


class CallContext(Protocol):
    """Services of the evaluator for functions."""

    def spend(self, amount: int) -> None:
        """Pay for `amount` elements or characters about to be produced; LimitError when the budget is used up."""

    def carry(self, value: Value) -> int:
        """Account for a list, map or object that was made or is about to be walked: its elements at every level.
        LimitError when they are too many.
        """

    def read_file(self, path: str) -> bytes | UnknownValue:
        """The file's bytes, relative to the working directory of the root module; unknown (with the cause) outside
        the scanned tree. EvalError when it does not exist.
        """

    def file_exists(self, path: str) -> bool | UnknownValue:
        """Whether the file exists; unknown outside the scanned tree."""

    def list_files(self, path: str) -> Sequence[str] | UnknownValue:
        """Every regular file below `path`, relative to it, POSIX, sorted; unknown outside the scanned tree."""

    def render_template(self, text: str, variables: Mapping[str, Value], name: str) -> Value:
        """`text` rendered as a Terraform template that sees only `variables`."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function. With `strict` the evaluator answers unknown, without calling, when anything inside any argument
    is unknown; a function that knows better sets it False and handles unknowns, open objects included.
    Arguments arrive evaluated; `call` raises EvalError as Terraform would.
    """

    call: Callable[[CallContext, Sequence[Value]], Value]
    strict: bool = True
    min_args: int = 0
    max_args: int | None = None
    not_null: bool = False
    """The result is never null: the evaluator's unknown answer for a strict function may say so."""
