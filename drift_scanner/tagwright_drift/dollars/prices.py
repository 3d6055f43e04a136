"""Price files: what a resource costs an hour, for an estimate where there is no bill.

YAML, or CSV with the same columns:

    currency: USD
    prices:
      - {type: aws_instance, match: p5.48xlarge, region: us-east-1, usd_per_hour: 98.32}
      - {type: aws_nat_gateway, usd_per_hour: 0.045}

`type` is the catalogue's name (`aws_instance` when left out). `match` is a value that one of the resource's deciding
attributes must have (its instance type), "" for any; `region` "" holds everywhere. The row that says most wins: match
before region. tagwright ships no prices: they are the provider's, and change.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location
from tagwright_drift.dollars.live_rows import LiveRow

COLUMNS: Final = ("type", "match", "region", "usd_per_hour")
DEFAULT_TYPE: Final = "aws_instance"
_MOST: Final = Decimal(1_000_000)
_LARGEST: Final = 16 << 20
_EXAMPLE: Final = "type: aws_instance, match: p5.48xlarge, region: us-east-1, usd_per_hour: 98.32"


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars an hour by (type, match, region)."""

    rows: Mapping[tuple[str, str, str], Decimal]

    def hourly(self, row: LiveRow) -> Decimal | None:
        """Of one resource; None without a price. A resource with several matching values (a group that may launch
        either of two instance types) costs the least of them: an estimate does not overstate.
        """
        values = sorted({value for _, given in row.attributes for value in given})
        for candidates in (values, [""]):
            for region in (row.region, ""):
                found = [
                    price for value in candidates if (price := self.rows.get((row.type, value, region))) is not None
                ]
                if found:
                    return min(found)
        return None


def read_prices(path: Path) -> Prices:
    """Raises InputError with the line: unreadable, unknown fields, a price that is no amount, a row given twice."""
    where = Location(str(path))
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(
                f"a price file of more than {_LARGEST >> 20} MB", hint="keep the prices you use", location=where
            )
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the price file cannot be read: {error}", hint="name a YAML or CSV file", location=where
        ) from None
    rows = _of_csv(text, str(path)) if path.suffix.casefold() == ".csv" else _of_yaml(text, str(path))
    prices: dict[tuple[str, str, str], Decimal] = {}
    for given, place in rows:
        name = (given.get("type") or DEFAULT_TYPE, given.get("match") or "", given.get("region") or "")
        if name in prices:
            raise InputError(f"{' '.join(filter(None, name))} has two prices", hint="keep one of them", location=place)
        prices[name] = _amount(given.get("usd_per_hour"), place)
    if not prices:
        raise InputError("the price file has no price", hint=f"- {{{_EXAMPLE}}}", location=where)
    return Prices(prices)


def _of_csv(text: str, path: str) -> Iterator[tuple[dict[str, str], Location]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    header: list[str] = []
    try:
        for cells in reader:
            place = Location(path, reader.line_num)
            row = [cell.strip() for cell in cells]
            if not any(row):
                continue
            if not header:
                header = row
                _known(header, place)
                if len(set(header)) != len(header) or "usd_per_hour" not in header:
                    raise InputError(
                        "the header needs usd_per_hour and each column once", hint=",".join(COLUMNS), location=place
                    )
                continue
            if len(row) != len(header):
                raise InputError(f"{len(row)} cells where the header has {len(header)}", hint=_EXAMPLE, location=place)
            yield dict(zip(header, row, strict=True)), place
    except csv.Error as error:
        raise InputError(f"not valid CSV: {error}", location=Location(path, reader.line_num)) from None


def _of_yaml(text: str, path: str) -> Iterator[tuple[dict[str, str], Location]]:
    import yaml  # noqa: PLC0415 - a CSV file needs none of it

    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Location(path, mark.line + 1 if mark else 0)
        raise InputError(f"not valid YAML: {getattr(error, 'problem', error)}", location=place) from None
    listed: Any = None
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        place = Location(path, key.start_mark.line + 1)
        if key.value == "currency":
            if value.value != "USD":
                raise InputError("prices are in USD", hint="currency: USD", location=place)
        elif key.value == "prices":
            listed = value
        else:
            raise InputError(f"unknown field {str(key.value)[:60]!r}", hint="fields: currency, prices", location=place)
    if not isinstance(listed, yaml.SequenceNode):
        raise InputError(
            "the price file has no list of prices", hint=f"prices:\n  - {{{_EXAMPLE}}}", location=Location(path)
        )
    for item in listed.value:
        place = Location(path, item.start_mark.line + 1)
        if not isinstance(item, yaml.MappingNode) or not all(
            isinstance(each, yaml.ScalarNode) for pair in item.value for each in pair
        ):
            raise InputError("a price is a map of plain values", hint=f"{{{_EXAMPLE}}}", location=place)
        row = {key.value: value.value for key, value in item.value}
        _known(row, place)
        if len(row) != len(item.value):
            raise InputError("a field is there twice", hint=f"{{{_EXAMPLE}}}", location=place)
        yield row, place


def _known(names: Iterable[str], place: Location) -> None:
    for name in names:
        if name not in COLUMNS:
            raise InputError(f"unknown field {name[:60]!r}", hint=f"fields: {', '.join(COLUMNS)}", location=place)


def _amount(text: str | None, place: Location) -> Decimal:
    try:
        found = Decimal(text or "")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found < 0 or found > _MOST:
        raise InputError(
            f"usd_per_hour is not an amount from 0 to {_MOST:,}: {(text or '')[:40]!r}",
            hint="dollars an hour: 98.32",
            location=place,
        )
    return found
