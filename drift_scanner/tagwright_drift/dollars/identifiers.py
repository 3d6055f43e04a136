"""The names of one resource in an inventory, in a bill and in code, in one spelling (`data/identifiers.json`)."""

from __future__ import annotations

import json
import pkgutil
import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class NameRule:
    """Resources whose ARN matches `live` are billed under the name it captures, by one of `services`."""

    live: str
    kind: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """`same`: (pattern, replacement) that turn parts of a resource into the resource; `id`: the pattern that captures
    an id standing alone; `makers`: (pattern, group) of what makes ephemeral resources. Patterns of the first two are
    of the common subset of Python's and RE2's, for they also run inside DuckDB.
    """

    same: tuple[tuple[str, str], ...]
    id: str
    names: tuple[NameRule, ...]
    makers: tuple[tuple[str, str], ...]


@cache
def rules() -> Rules:
    """What the data file says."""
    raw = pkgutil.get_data(__package__, "data/identifiers.json")
    if raw is None:
        raise FileNotFoundError("identifiers.json")
    given = json.loads(raw)
    return Rules(
        tuple((each["pattern"], each["is"]) for each in given["same"]),
        given["id"]["pattern"],
        tuple(NameRule(each["live"], each["kind"], tuple(each["services"])) for each in given["names"]),
        tuple((each["live"], each["group"]) for each in given["makers"]),
    )


def canonical(identifier: str) -> str:
    """An ARN without what does not tell resources apart (a function's version, a log group's `:*`)."""
    for pattern, replacement in rules().same:
        identifier = re.sub(pattern, replacement, identifier)
    return identifier


def keys_of(arn: str) -> tuple[str, ...]:
    """Every key under which a bill or a state may know a resource, the surest first: its ARN, `id:i-0abc` for an id
    that is unique by itself, `s3:bucket` for a name that is unique in its service.
    """
    found = [canonical(arn)]
    number = re.search(rules().id, found[0])
    if number is not None:
        found.append(f"id:{number.group(1)}")
    for rule in rules().names:
        name = re.search(rule.live, found[0])
        if name is not None:
            found.append(f"{rule.kind}:{name.group(1)}")
    return tuple(found)


def makes(arn: str) -> str:
    """The group (as of `LiveResource.group`) whose members a resource makes, and which the bill knows in its place:
    a node group costs what its instances cost. "" for all others.
    """
    for pattern, group in rules().makers:
        found = re.match(pattern, arn)
        if found is not None:
            return found.expand(group)
    return ""


def account_of(arn: str) -> str:
    """The account in an ARN; "" where it has none."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 and parts[0] == "arn" else ""


def region_of(arn: str) -> str:
    """The region in an ARN; "" where it has none."""
    parts = arn.split(":", 5)
    return parts[3] if len(parts) == 6 and parts[0] == "arn" else ""
