"""`tagwright dictionary show`."""

from __future__ import annotations

import difflib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import click

from tagwright_cli.finding_dictionary import loaded
from tagwright_cli.lazy import command as make
from tagwright_cli.output import write_stdout
from tagwright_cli.sanitise import clean, short
from tagwright_cli.terminal import width_of
from tagwright_cli.wording import listed
from tagwright_cli.wrapping import PROSE, wrap
from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Value
from tagwright_dictionary.errors import InputError

_HIDDEN = ("location", "_index")


@make(
    "show",
    help="Show the dictionary in use, or one of its keys with the approved values.",
    examples=("tagwright dictionary show", "tagwright dictionary show cost-center --format json"),
)
@click.option("--dictionary", metavar="SOURCE", help="The tag dictionary: a file, a URL or a git reference.")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
@click.argument("key", required=False)
def command(key: str | None, *, dictionary: str | None, form: str, quiet: bool) -> int:
    _, found = loaded(dictionary, cache=True, quiet=quiet)
    shown: Dictionary | Key = found if key is None else _key(found, key)
    if form == "json":
        write_stdout(json.dumps(plain(shown), ensure_ascii=False, indent=2) + "\n", utf8=True)
        return 0
    width = min(width_of(sys.stdout, os.environ), PROSE)
    lines = _key_lines(found, shown, width) if isinstance(shown, Key) else _dictionary_lines(found, width)
    write_stdout("".join(f"{line.rstrip()}\n" for line in lines))
    return 0


def _key(dictionary: Dictionary, name: str) -> Key:
    key = dictionary.key(name)
    if key is None:
        names = [known.name for known in dictionary.keys]
        near = difflib.get_close_matches(name, names, n=1)
        raise InputError(
            f"{dictionary.name} {dictionary.version} has no key {name!r}",
            hint=f"did you mean {near[0]}?" if near else f"its keys are {listed(names, 20)}",
        )
    return key


def _dictionary_lines(dictionary: Dictionary, width: int) -> Iterator[str]:
    yield short(f"{dictionary.name} {dictionary.version}")
    for label, text in (
        ("source", dictionary.source),
        ("digest", dictionary.digest),
        ("extends", ", ".join(dictionary.layers)),
        ("contacts", ", ".join(dictionary.contacts)),
        ("unknown", dictionary.unknown.value),
    ):
        if text:
            yield from wrap(short(text), width, first=f"  {label:<10} ", rest=" " * 13)
    yield from ("", "keys")
    column = max((len(key.name) for key in dictionary.keys), default=0)
    for key in dictionary.keys:
        yield from wrap(clean(_summary(key)), width, first=f"  {key.name:<{column}}  ", rest=" " * (column + 4))
    yield from ("", "requirements")
    for requirement in dictionary.requirements:
        yield from _requirement(requirement, width)


def _key_lines(dictionary: Dictionary, key: Key, width: int) -> Iterator[str]:
    title = f"  {key.title}" if key.title and key.title != key.name else ""
    yield short(f"{key.name}{title}")
    if key.description:
        yield from wrap(clean(key.description), width, first="  ", rest="  ")
    rules = _shape(key)
    if rules:
        yield from wrap(clean(rules), width, first="  must be    ", rest=" " * 13)
    if key.examples:
        yield from wrap(clean(", ".join(key.examples)), width, first="  examples   ", rest=" " * 13)
    if key.approvers:
        yield from wrap(clean(", ".join(key.approvers)), width, first="  approvers  ", rest=" " * 13)
    if key.values:
        yield from ("", "values")
        column = min(max(len(value.value) for value in key.values), 32)
        for value in key.values:
            yield from wrap(
                clean(_value(value)),
                width,
                first=f"  {short(value.value):<{column}}  ",
                rest=" " * (column + 4),
            )
    concerned = [rule for rule in dictionary.requirements if _concerns(rule, key.name)]
    if concerned:
        yield from ("", "requirements")
        for requirement in concerned:
            yield from _requirement(requirement, width)


def _concerns(rule: Requirement, key: str) -> bool:
    return (
        key in rule.require
        or any(match.key == key for match in rule.match)
        or any(key in keys for keys in rule.exclusive)
    )


def _summary(key: Key) -> str:
    return " ".join(part for part in (key.description or key.title, f"({_shape(key)})" if _shape(key) else "") if part)


def _shape(key: Key) -> str:
    parts = []
    if key.values is not None:
        active = [value.value for value in key.values if value.status == "active"]
        parts.append(f"one of {listed(active, 8)}" if active else "one of no values")
    if key.format:
        parts.append(f"{key.format}{' at ' + ' or '.join(key.domains) if key.domains else ''}")
    if key.pattern:
        parts.append(f"matching {key.pattern}")
    return ", ".join(parts)


def _value(value: Value) -> str:
    parts = [value.title if value.title != value.value else "", value.description]
    if value.aliases:
        parts.append(f"not {', '.join(value.aliases)}")
    if value.status != "active":
        until = f" until {value.until}" if value.until else ""
        parts.append(f"{value.status}{until}{'; use ' + value.replaced_by if value.replaced_by else ''}")
    parts += [f"{name} {' or '.join(values)}" for name, values in value.relations]
    if value.owner:
        parts.append(f"owner {value.owner}")
    return "; ".join(part for part in parts if part)


def _requirement(rule: Requirement, width: int) -> Iterator[str]:
    selector = rule.selector
    where = "everything taggable" if selector.everything else listed((*selector.classes, *selector.types), 12)
    parts = []
    if rule.require:
        parts.append(f"{where} must carry {', '.join(rule.require)}")
    parts += [f"{match.key} must be among {match.relation} of {match.of}" for match in rule.match]
    parts += [f"only one of {', '.join(keys)}" for keys in rule.exclusive]
    if rule.when.terms:
        parts.append("when " + " and ".join(f"{key} is {' or '.join(values)}" for key, values in rule.when.terms))
    until = f", an error from {rule.becomes_error}" if rule.becomes_error else ""
    parts.append(f"{rule.severity.value}{until}")
    yield from wrap(clean("; ".join(parts)), width, first=f"  {short(rule.id)}: ", rest="    ")


def plain(value: Any) -> Any:
    """A dictionary as plain JSON values: dataclasses as objects, days as YYYY-MM-DD, places left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.name not in _HIDDEN}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
