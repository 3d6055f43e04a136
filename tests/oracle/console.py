"""The real Terraform as oracle of expressions and functions, many at a time.

    from tests.oracle import console
    console.evaluate_many(['merge({A = "1"}, local.more)', 'upper(1)', 'nope('], files={"m.tf": 'locals {...}'})
    -> [Value({"A": "1", ...}, type), Value("1", "string"), ErrorText("...")]

Not `terraform console` but a plan whose outputs are the expressions: it is the same evaluator, takes hundreds of
expressions a process (90 ms in all), shows types and what is unknown per key, and says which expression failed. An
expression may span lines (heredocs) and may use whatever `files` declares: locals, variables with defaults or
terraform.tfvars, data files for `file()`, `terraform_data` resources (built in, no provider needed: their `id` and
`output` are unknown; `jsondecode(terraform_data.u.id)` is an unknown of unknown type).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.oracle import terraform

BATCH = 400


UNKNOWN = terraform.UNKNOWN


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression is.

    `value`: str, bool, None, Decimal (every number, exact, but -0 is 0: ask for `tostring(x)`), list (also sets, in
    Terraform's order), dict, or `UNKNOWN` at any depth. `type` is Terraform's JSON type (`"string"`,
    `["map", "string"]`, `["object", {...}]`), None where anything is unknown.
    """

    value: Any
    type: Any = None


@dataclass(frozen=True, slots=True)
class ErrorText:
    """Terraform refused the expression; `text` is its message (summary and detail)."""

    text: str


def evaluate_many(expressions: Sequence[str], files: Mapping[str, str] | None = None) -> list[Value | ErrorText]:
    """Evaluate each expression, in order, beside the given files (relative name to content).

    A failing expression spoils no other. Raises `terraform.PlanError` when the files themselves are refused, and
    `terraform.TerraformMissingError`.
    """
    with tempfile.TemporaryDirectory(prefix="oracle-") as name:
        directory = Path(name)
        for path, content in (files or {}).items():
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode())
        results: dict[int, Value | ErrorText] = {}
        for start in range(0, len(expressions), BATCH):
            batch = dict(enumerate(expressions[start : start + BATCH], start))
            results |= _evaluate(batch, directory)
    return [results[index] for index in range(len(expressions))]


def evaluate(expression: str, files: Mapping[str, str] | None = None) -> Value | ErrorText:
    """One expression; see `evaluate_many`."""
    return evaluate_many([expression], files)[0]


def _evaluate(batch: Mapping[int, str], directory: Path) -> dict[int, Value | ErrorText]:
    """Drop what Terraform blames and try again; halve the batch when it blames nothing of ours (a crash)."""
    results: dict[int, Value | ErrorText] = {}
    rest = dict(batch)
    while rest:
        outcome = _plan(rest, directory)
        if isinstance(outcome, str):
            return results | _parse(outcome, rest)
        blamed: dict[int, list[str]] = {}
        foreign: list[terraform.Diagnostic] = []
        for error in outcome.errors():
            index = _index(error.file)
            if index in rest:
                blamed.setdefault(index, []).append(f"{error.summary}: {error.detail}")
            elif error.file:
                foreign.append(error)
        if blamed:
            for index, texts in blamed.items():
                results[index] = ErrorText("\n".join(texts))
                del rest[index]
        elif foreign:
            raise terraform.PlanError(outcome.text())
        elif len(rest) == 1:
            (index,) = rest
            return results | {index: ErrorText(outcome.text())}
        else:
            items = list(rest.items())
            half = len(items) // 2
            return results | _evaluate(dict(items[:half]), directory) | _evaluate(dict(items[half:]), directory)
    return results


def _file(index: int) -> str:
    return f"zz_expression_{index}.tf"


def _index(file: str) -> int:
    stem = Path(file).name
    if not stem.startswith("zz_expression_"):
        return -1
    return int(stem.removeprefix("zz_expression_").removesuffix(".tf"))


def _plan(expressions: Mapping[int, str], directory: Path) -> str | terraform.Outcome:
    """The plan's JSON text, or the failed outcome."""
    written = []
    try:
        for index, expression in expressions.items():
            path = directory / _file(index)
            # sensitive: Terraform refuses an output with a sensitive value otherwise; the plan's JSON is in clear.
            block = f'output "e{index}" {{\n  sensitive = true\n  value = {expression}\n}}\n'
            path.write_bytes(block.encode())
            written.append(path)
        planned = terraform.run(["plan", "-json", "-input=false", "-lock=false", "-out=oracle.plan"], directory)
        if planned.code != 0:
            return planned
        return terraform.show("oracle.plan", directory)
    finally:
        for path in written:
            path.unlink()


def _parse(text: str, expressions: Mapping[int, str]) -> dict[int, Value | ErrorText]:
    plan = json.loads(text, parse_int=Decimal, parse_float=Decimal)
    changes = plan.get("output_changes", {})
    outputs = plan.get("planned_values", {}).get("outputs", {})
    results: dict[int, Value | ErrorText] = {}
    for index in expressions:
        name = f"e{index}"
        # An output whose value is null has no change to report.
        change = changes.get(name, {})
        value = terraform.overlay(change.get("after"), change.get("after_unknown", False))
        results[index] = Value(value, outputs.get(name, {}).get("type"))
    return results
