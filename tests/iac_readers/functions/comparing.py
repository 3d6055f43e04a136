"""Expressions evaluated by the real Terraform and by us, compared.

Where both know a value they must agree, types included; where Terraform refuses, so must we. Where Terraform says
"unknown" we may know more, and the table says so explicitly (`more`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tests.oracle import console

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.expressions import Env
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.source import SourceText
from tagwright_iac.terraform.unification import element_of, type_of
from tagwright_iac.terraform.values import EvalError, LimitError, ObjectValue, UnknownValue

UNKNOWNS = {
    "unknown.tf": """
resource "terraform_data" "u" {}
locals {
  u = terraform_data.u.id             # an unknown string
  d = jsondecode(terraform_data.u.id) # an unknown of unknown type
}
"""
}


class Context:
    """A `CallContext` over files in memory."""

    def __init__(self, files: Mapping[str, str] | None = None, budget: int = 5_000_000) -> None:
        self.files = {name: text.encode() for name, text in (files or {}).items()}
        self.budget = budget

    def spend(self, amount: int) -> None:
        self.budget -= amount
        if self.budget < 0:
            raise LimitError("too much")

    def carry(self, value: Any) -> int:
        return len(value)

    def read_file(self, path: str) -> bytes | UnknownValue:
        if path.startswith(("/", "..")):
            return UnknownValue(f"{path} is outside the scanned tree")
        if path not in self.files:
            raise EvalError(f"no file exists at {path}")
        return self.files[path]

    def file_exists(self, path: str) -> bool | UnknownValue:
        return path in self.files

    def list_files(self, path: str) -> Sequence[str] | UnknownValue:
        start = "" if path == "." else path + "/"
        return sorted(name.removeprefix(start) for name in self.files if name.startswith(start))

    def render_template(self, text: str, variables: Mapping[str, Any], name: str) -> Any:
        return Parser(SourceText(name, text)).template_only().evaluate(Env(_Scope(self), dict(variables)))


class _Scope:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.sensitive_seen = False

    def lookup(self, root: str, names: tuple[str, ...], env: Env) -> tuple[Any, int]:
        if root == "local" and names[:1] in (("u",), ("d",)):
            return UnknownValue(f"local.{names[0]} is not known"), 1
        raise EvalError(f"no {root}")


def evaluate(text: str, files: Mapping[str, str] | None = None) -> Any:
    """Our value of the expression; the EvalError it raised."""
    try:
        node = Parser(SourceText("test.tf", text)).expression_only(newlines=True)
        return node.evaluate(Env(_Scope(Context(files))))
    except EvalError as error:
        return error


def plain(value: Any) -> Any:
    """Our value in the shape the console gives."""
    if isinstance(value, UnknownValue):
        return console.UNKNOWN
    if isinstance(value, ObjectValue):
        entries = {key: plain(value[key]) for key in sorted(value)}
        return entries if value.rest is None else {**entries, "...": console.UNKNOWN}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if numbers.is_number(value):
        return Decimal(numbers.to_text(value))
    return str(value) if isinstance(value, str) else value


def same_type(ours: Any, theirs: Any) -> bool:
    """Whether a `TypeSpec` is Terraform's JSON type, as far as a value can tell."""
    if ours.kind == "any" or theirs in (None, "dynamic"):
        return True
    if isinstance(theirs, str):
        return bool(ours.kind == theirs)
    kind, inner = theirs[0], theirs[1]
    if ours.kind != kind:
        return False
    if kind == "tuple":
        return len(ours.elements) == len(inner) and all(map(same_type, ours.elements, inner))
    if kind == "object":
        attributes = {name: attribute.type for name, attribute in ours.attributes}
        return attributes.keys() == inner.keys() and all(same_type(attributes[name], inner[name]) for name in inner)
    return same_type(element_of(ours), inner)


def more_known(ours: Any, theirs: Any) -> bool:
    """Whether `ours` agrees wherever `theirs` is known; our own unknowns must be Terraform's too."""
    if theirs is console.UNKNOWN:
        return True
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(more_known(ours[key], theirs[key]) for key in theirs)
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(more_known, ours, theirs))
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        # On its way into a plan's JSON a number loses the sign of its zero, and a large whole one of 53 bits gains
        # digits; as a string ("x${pow(2, 64)}") it does neither.
        return ours == theirs or (abs(ours) > 1 << 53 and float(ours) == float(theirs))
    return type(ours) is type(theirs) and bool(ours == theirs)


def differences(expressions: Sequence[str], files: Mapping[str, str] | None = None, *, types: bool = True) -> list[str]:
    """One line for each expression on which we and Terraform disagree."""
    theirs = console.evaluate_many(expressions, {**UNKNOWNS, **(files or {})})
    found = []
    for text, expected in zip(expressions, theirs, strict=True):
        try:
            got = evaluate(text, files)
        except LimitError as error:
            found.append(f"{text}: limit {error}, Terraform {expected}")
            continue
        if isinstance(expected, console.ErrorText):
            if not isinstance(got, EvalError):
                found.append(f"{text}: {plain(got)!r}, Terraform refuses: {expected.text[:150]}")
        elif isinstance(got, EvalError):
            found.append(f"{text}: error {got}, Terraform {expected.value!r}")
        elif not more_known(plain(got), expected.value):
            found.append(f"{text}: {plain(got)!r}, Terraform {expected.value!r}")
        elif types and expected.value is not console.UNKNOWN and not same_type(type_of(got), expected.type):
            found.append(f"{text}: type {type_of(got)}, Terraform {expected.type}")
    return found
