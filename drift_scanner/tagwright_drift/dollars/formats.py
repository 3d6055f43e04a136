"""The billing formats: which column holds what, what a row costs amortised (`data/billing_formats.json`)."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location

COLUMNS: Final = ("resource", "account", "category", "currency", "start", "end", "service", "tags")


@dataclass(frozen=True, slots=True)
class Column:
    """`names` as the format's versions spell it, the best first; compared without regard to case, because Athena and
    Glue write lower case.
    """

    names: tuple[str, ...]
    needed: bool


@dataclass(frozen=True, slots=True)
class Case:
    """What rows of a category cost: the sum of `plus` less that of `minus`; nothing when both are empty. `given`: only
    rows where that column has a value.
    """

    categories: tuple[str, ...]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    given: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """One billing format. `otherwise` is the column of the cost of rows that no case is about; `usage` are the
    categories of what was used, as against fees, taxes and credits.
    """

    name: str
    title: str
    recognised_by: tuple[str, ...]
    columns: tuple[tuple[str, Column], ...]
    usage: tuple[str, ...]
    cases: tuple[Case, ...]
    otherwise: tuple[str, ...]

    def cost_columns(self, category: str) -> tuple[str, ...]:
        """Where the cost of a category stands, for messages."""
        for case in self.cases:
            if category in case.categories and (case.plus or case.minus):
                return (*case.plus, *case.minus)
        return self.otherwise


@dataclass(frozen=True, slots=True)
class Layout:
    """A format as one file has it: `found` maps each column's role to the name that the file uses; `has` maps lower
    case to the file's own spelling.
    """

    format: Format
    found: Mapping[str, str]
    has: Mapping[str, str]


@cache
def formats() -> tuple[Format, ...]:
    """Every format that the data file describes."""
    raw = pkgutil.get_data(__package__, "data/billing_formats.json")
    if raw is None:
        raise FileNotFoundError("billing_formats.json")
    return tuple(_format(name, given) for name, given in json.loads(raw).items())


def layout_of(columns: Iterable[str], path: str) -> Layout:
    """What the columns of a file mean. Raises InputError: not a billing export, or needed columns are missing."""
    given = tuple(columns)
    has = {name.casefold(): name for name in given}
    where = Location(path)
    format_ = _recognised(has)
    if format_ is None:
        legacy = any(name.startswith("lineitem/") for name in has)
        raise InputError(
            "the columns are those of the legacy CUR" if legacy else "the columns are those of no billing export",
            hint=(
                "make a CUR 2.0 or FOCUS export with Data Exports"
                if legacy
                else f"a FOCUS 1.x or CUR 2.0 export is needed; found: {_some(given)}"
            ),
            location=where,
        )
    found = {}
    missing = []
    for role, column in format_.columns:
        name = next((has[name.casefold()] for name in column.names if name.casefold() in has), None)
        if name is not None:
            found[role] = name
        elif column.needed:
            missing.append(column.names[0])
    missing += [name for name in format_.otherwise if name.casefold() not in has]
    if missing:
        raise InputError(
            f"a {format_.title} export without {', '.join(missing)}",
            hint=f"select the missing columns in the export (resource ids included); found: {_some(given)}",
            location=where,
        )
    return Layout(format_, found, has)


def _recognised(has: Mapping[str, str]) -> Format | None:
    """The format of which at least two telling columns are there, so that one that lacks a column is told so."""
    counted = [(sum(name.casefold() in has for name in each.recognised_by), each) for each in formats()]
    best, format_ = max(counted, key=lambda pair: pair[0])
    return format_ if best >= 2 else None


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:12]) or "none"
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown


def _format(name: str, given: Mapping[str, Any]) -> Format:
    return Format(
        name=name,
        title=given["title"],
        recognised_by=tuple(given["recognised_by"]),
        columns=tuple((role, Column(tuple(each["names"]), each["needed"])) for role, each in given["columns"].items()),
        usage=tuple(given["usage"]),
        cases=tuple(
            Case(
                tuple(case["category"]),
                tuple(case.get("plus", ())),
                tuple(case.get("minus", ())),
                case.get("given", ""),
            )
            for case in given["amount"]["cases"]
        ),
        otherwise=tuple(given["amount"]["otherwise"]),
    )
