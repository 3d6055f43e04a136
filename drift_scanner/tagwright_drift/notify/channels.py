"""The channels file: where digests go, and to whom.

    channels:
      - name: finops
        url: ${SLACK_WEBHOOK}              # any address of Apprise (https://github.com/caronc/apprise/wiki)
      - name: owners
        url: mailtos://${SMTP_USER}:${SMTP_PASSWORD}@smtp.acme.example?to={owner}
        each: owner                        # one digest an owner, instead of one for everything
        domains: [acme.example]            # only owners of these domains are written to
      - name: vision
        url: ${TEAMS_WORKFLOW}
        owners: ["ml-vision@*"]            # only findings of these owners
        quiet: true                        # nothing at all when nothing changed

`${NAME}` is an environment variable: addresses hold secrets, and the file belongs into a repository.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location

OWNER = "{owner}"
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_FIELDS = {"name", "url", "each", "domains", "owners", "quiet", "watch"}
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Channel:
    """`url` still has its variables: it is filled in when something is sent, and never printed. `watch`: it is told
    when no scan came.
    """

    name: str
    url: str
    each_owner: bool = False
    domains: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    quiet: bool = False
    watch: bool = True


def read_channels(path: Path) -> tuple[Channel, ...]:
    """Raises InputError with every mistake of the file."""
    try:
        data = path.read_bytes()
        if len(data) > _LARGEST:
            raise InputError("the channels file is too large", location=Location(str(path)), hint=_HINT)
        document = yaml.safe_load(data)
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(
            f"the channels file cannot be read: {_first_line(error)}", location=Location(str(path)), hint=_HINT
        ) from None
    rows = document.get("channels") if isinstance(document, dict) else None
    if not isinstance(rows, list) or not rows:
        raise InputError("the file lists no channels", location=Location(str(path)), hint=_HINT)
    problems: list[str] = []
    extra = [name for name in document if name != "channels"]
    problems += [f"there is no field {name!r}" for name in extra]
    made = [_channel(row, f"channels[{number}]", problems) for number, row in enumerate(rows)]
    names = [each.name for each in made]
    problems += [f"two channels are named {name!r}" for name in sorted({x for x in names if names.count(x) > 1})]
    if problems:
        errors = [InputError(problem, location=Location(str(path)), hint=_HINT) for problem in problems]
        raise InputError(problems[0], location=Location(str(path)), hint=_HINT, related=tuple(errors[1:]))
    return tuple(made)


def filled(channel: Channel, environ: Mapping[str, str] = os.environ) -> str:
    """The address with its variables. Raises InputError for one that is not set; the address is not in the error."""
    missing = [name for name in _VARIABLE.findall(channel.url) if not environ.get(name)]
    if missing:
        raise InputError(
            f"channel {channel.name}: the environment has no {missing[0]}", hint=f"export {missing[0]}=..."
        )
    return _VARIABLE.sub(lambda found: environ[found[1]], channel.url)


_HINT = "channels: a list of {name, url} and, if wanted, each, domains, owners, quiet, watch"


def _channel(row: Any, where: str, problems: list[str]) -> Channel:
    if not isinstance(row, dict):
        problems.append(f"{where} is no mapping")
        return Channel(where, "")
    name, url = row.get("name"), row.get("url")
    problems += [f"{where} has no field {field!r}" for field in sorted(map(str, row.keys() - _FIELDS))]
    for field, value in (("name", name), ("url", url)):
        if not isinstance(value, str) or not value.strip():
            problems.append(f"{where}.{field} is not a text")
    for field in ("quiet", "watch"):
        if not isinstance(row.get(field, False), bool):
            problems.append(f"{where}.{field} is neither true nor false")
    if row.get("each", "owner") != "owner":
        problems.append(f"{where}.each can only be owner")
    channel = Channel(
        str(name or where),
        str(url or ""),
        "each" in row,
        _texts(row, "domains", where, problems),
        _texts(row, "owners", where, problems),
        bool(row.get("quiet", False)),
        bool(row.get("watch", "each" not in row)),
    )
    if OWNER in channel.url and not channel.each_owner:
        problems.append(f"{where}.url names {OWNER}, but the channel is not for each owner")
    if OWNER in channel.url and not channel.domains:
        # A tag is what anybody can write: without this a spoofed owner would have our reports mailed to himself.
        problems.append(f"{where} writes to the owners that tags name: say to which domains it may")
    return channel


def _texts(row: Mapping[str, Any], field: str, where: str, problems: list[str]) -> tuple[str, ...]:
    value = row.get(field, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        problems.append(f"{where}.{field} is no list of texts")
        return ()
    return tuple(value)


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
