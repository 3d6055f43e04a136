"""Functions, operators and conversions against the real Terraform, expression by expression."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.iac_readers.functions import generating
from tests.iac_readers.functions.comparing import differences
from tests.oracle import terraform

from tagwright_iac.terraform.functions import NAMES

pytestmark = pytest.mark.skipif(terraform.binary() is None, reason="terraform is not installed")

TABLES = sorted((Path(__file__).parent / "tables").glob("*.txt"))

# Where we differ on purpose, or because a value alone does not tell its type.
EXPECTED = {
    "tolist([{a = 1}, null])": "a null has no type here: Terraform gives up, we keep the list",
    'coalescelist(null, ["a"])': "an untyped null is refused, a typed one skipped; here both are skipped",
    'merge(tomap({}), tomap({b = "y"}))': "an empty map has no element type here, so the result is a map",
    'false ? {A = 1, B = true} : {A = "x", C = "y"}': "the evaluator leaves an object of strings the object it is",
}
INFINITE = "Failed to write plan file"  # an infinite number: ours is unknown, Terraform cannot write its plan
NEGATIVE_INDEX = "panic in function implementation: runtime error: index out of range [-"  # element(), cured in 1.12
ARMS = "Inconsistent conditional result types"  # the evaluator keeps the chosen arm as it is


def unexplained(lines: list[str]) -> list[str]:
    return [
        line
        for line in lines
        if not any(reason in line for reason in (INFINITE, NEGATIVE_INDEX, ARMS))
        and not any(line.startswith(f"{text}: ") for text in EXPECTED)
    ]


def infinite(line: str) -> bool:
    """An infinite number inside: ours is unknown, so is what is made of it; Terraform computes on."""
    return ": UNKNOWN, " in line and any(source in line for source in ("log(", "pow(", " / "))


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_tables_agree_with_terraform(table: Path) -> None:
    """Every line of a table gives Terraform's value, type and refusal."""
    lines = [line for line in table.read_text("utf-8").splitlines() if line]
    assert len(lines) == len(set(lines))
    assert unexplained(differences(lines)) == []


def test_every_function_is_in_a_table() -> None:
    """Every function is compared; those that read files elsewhere, the rest here is unknown by nature."""
    words = " ".join(path.read_text("utf-8") for path in TABLES)
    missing = [name for name in NAMES if f"{name}(" not in words]
    assert missing == ELSEWHERE


ELSEWHERE = [
    "base64gzip", "file", "filebase64", "filebase64sha256", "filebase64sha512", "fileexists", "filemd5", "fileset",
    "filesha1", "filesha256", "filesha512", "plantimestamp", "rsadecrypt", "templatefile",
]  # fmt: skip


@pytest.mark.parametrize("seed", [20, 24, 27, 31])
def test_generated_expressions_agree_with_terraform(seed: int) -> None:
    """Random arguments of every shape give Terraform's value, type and refusal."""
    source = random.Random(seed)  # repeatable, not secret
    lines = unexplained(differences([generating.expression(source) for _ in range(300)]))
    assert [line for line in lines if not infinite(line)] == []
