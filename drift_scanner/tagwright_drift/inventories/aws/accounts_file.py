"""The file of `--accounts-file`: account ids, one a line, as CSV with a header, or as YAML or JSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tagwright_dictionary.errors import InputError, TagwrightError
from tagwright_dictionary.model import Location

_ID = re.compile(r"[0-9]{12}")
_COLUMNS = ("account", "account_id", "accountid", "id")
_LARGEST = 10_000_000  # bytes; 100,000 accounts with ten columns are less
_HINT = "one account a line, or CSV with a header that has a column `account`, or a YAML or JSON list"


@dataclass(frozen=True, slots=True)
class Listed:
    """One account of the file. `context`: its further columns (environment, team, ...), which may explain spend."""

    id: str
    name: str = ""
    context: tuple[tuple[str, str], ...] = ()


def read_accounts(path: str) -> tuple[Listed, ...]:
    """The accounts in the order of the file. Raises InputError with every wrong line."""
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint=_HINT) from None
    if len(raw) > _LARGEST:
        raise InputError(f"{path} is larger than {_LARGEST // 1_000_000} MB", hint=_HINT)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text", hint=_HINT) from None
    rows = _from_yaml(path, text) if Path(path).suffix.lower() in {".yaml", ".yml", ".json"} else _from_lines(text)
    try:
        return _accounts(path, rows)
    except csv.Error as error:
        raise InputError(f"{path} is no CSV: {error}", hint=_HINT) from None


def _accounts(path: str, rows: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[Listed, ...]:
    found: dict[str, Listed] = {}
    wrong: list[TagwrightError] = []
    for line, row in rows:
        try:
            listed = _listed(row)
            if listed.id in found:
                raise ValueError(f"account {listed.id} is listed twice")
            found[listed.id] = listed
        except ValueError as error:
            wrong.append(InputError(str(error), location=Location(path, line)))
    if wrong:
        raise InputError(f"{len(wrong)} of the accounts cannot be used", hint=_HINT, related=tuple(wrong))
    if not found:
        raise InputError(f"{path} lists no account", hint=_HINT)
    return tuple(found.values())


def _listed(row: Mapping[str, str]) -> Listed:
    lower = {name.strip().lower(): value.strip() for name, value in row.items()}
    given = next((lower[name] for name in _COLUMNS if name in lower), "")
    if not _ID.fullmatch(given):
        lost = "; a spreadsheet may have cut leading zeros" if given.isdecimal() and len(given) < 12 else ""
        raise ValueError(f"{given[:40]!r} is no account id of 12 digits{lost}")
    context = {name: value for name, value in lower.items() if name not in (*_COLUMNS, "name") and value}
    return Listed(given, lower.get("name", ""), tuple(sorted(context.items())))


def _from_lines(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    lines = text.splitlines()
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    header = [name.strip().lower() for name in first.split(",")]
    if not any(name in _COLUMNS for name in header):
        for number, line in enumerate(lines, 1):
            words = line.partition("#")[0].strip()
            if words:
                account, _, name = words.partition(",")
                yield number, {"account": account, "name": name}
        return
    # Comments and blank lines are for people; csv would take them for rows.
    kept = [
        (number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")
    ]
    reader = csv.reader(io.StringIO("\n".join(line for _, line in kept)))
    for at, cells in enumerate(reader):
        if at:
            number = kept[min(reader.line_num, len(kept)) - 1][0]
            yield number, dict(zip(header, cells, strict=False))


def _from_yaml(path: str, text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        # Nothing but strings: a YAML number loses the leading zeros of an account id, or is octal.
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except RecursionError:
        raise InputError("it is nested too deeply", hint=_HINT, location=Location(path)) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise InputError(f"not YAML: {getattr(error, 'problem', error)}", location=Location(path, line)) from None
    if isinstance(node, yaml.MappingNode):
        inner = [value for key, value in node.value if getattr(key, "value", "") == "accounts"]
        node = inner[0] if inner else node
    if not isinstance(node, yaml.SequenceNode):
        raise InputError("expected a list of accounts", hint=_HINT, location=Location(path, 1))
    for each in node.value:
        yield each.start_mark.line + 1, _row(each)


def _row(node: Any) -> Mapping[str, str]:
    if isinstance(node, yaml.MappingNode):
        return dict(_scalars(node.value))
    return {"account": str(node.value) if isinstance(node, yaml.ScalarNode) else ""}


def _scalars(pairs: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, str]]:
    for key, value in pairs:
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode):
            yield str(key.value), str(value.value)
