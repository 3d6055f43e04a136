"""Options as typed values."""

from __future__ import annotations

from datetime import date

import click
import pytest

from tagwright_cli.lazy import ARGUMENTS
from tagwright_cli.options import Target, assignments, day, targets
from tagwright_dictionary.errors import InputError


@pytest.mark.parametrize(
    ("formats", "output", "expected"),
    [
        ((), None, (Target("text", None),)),
        ((), "out.txt", (Target("text", "out.txt"),)),
        (("json",), None, (Target("json", None),)),
        (("text", "sarif=a.sarif"), None, (Target("text", None), Target("sarif", "a.sarif"))),
        (("sarif=a=b.sarif", "junit"), "x.xml", (Target("sarif", "a=b.sarif"), Target("junit", "x.xml"))),
    ],
)
def test_targets(formats, output, expected):
    """Each format goes to its file, the one without to --output or stdout."""
    assert targets(formats, output) == expected


@pytest.mark.parametrize(
    ("formats", "output"),
    [
        (("yaml",), None),  # never a silent fallback
        (("",), None),
        (("json=",), None),
        (("json", "text"), None),
        (("json", "text"), "x"),
        (("json=a",), "b"),
        (("json=a", "sarif=./a"), None),
    ],
)
def test_wrong_targets(formats, output):
    """An unknown format or two reports for one place are errors."""
    with pytest.raises(InputError):
        targets(formats, output)


def test_assignments_keep_the_order_of_the_command_line():
    """--var and --var-file apply in the order they were given, as in Terraform."""
    context = click.Context(click.Command("check"))
    context.meta[ARGUMENTS] = ("--var", "a=1", "--var-file=x.tfvars", "--jobs", "2", "--var=b=2", "--var-file", "y")
    assert assignments(context, ("a=1", "b=2"), ("x.tfvars", "y")) == (
        ("var", "a=1"),
        ("file", "x.tfvars"),
        ("var", "b=2"),
        ("file", "y"),
    )


@pytest.mark.parametrize("value", ["name", "=x", ""])
def test_a_variable_needs_a_value(value):
    """--var without name=value is an error that does not print a value."""
    with pytest.raises(InputError, match="has no value"):
        assignments(click.Context(click.Command("check")), (value,), ())


def test_day():
    """A day is given as YYYY-MM-DD; else it is today."""
    assert day("2026-12-31") == date(2026, 12, 31)
    assert isinstance(day(None), date)
    with pytest.raises(InputError):
        day("31.12.2026")
