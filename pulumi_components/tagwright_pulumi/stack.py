"""What the stack's configuration says: where the dictionary is, and tags for everything in the stack.

pulumi config set tagwright:dictionary ../tags/dictionary.yaml
pulumi config set --path 'tagwright:defaults.owner' ml-platform@acme.example
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import config as runtime_config
from pulumi.runtime import settings

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import TagwrightError
from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import ENVIRONMENT, discover
from tagwright_pulumi.errors import SetupError

DICTIONARY = "tagwright:dictionary"
DEFAULTS = "tagwright:defaults"
AWS_DEFAULTS = "aws:defaultTags"

_KEPT = 16
_known: dict[tuple[str, ...], tuple[Any, Dictionary]] = {}


@dataclass(frozen=True, slots=True)
class Layer:
    """Tags for the whole stack, and the configuration key that they come from."""

    origin: str
    tags: Mapping[str, Any]


def find_dictionary(named: Dictionary | str | Path | None = None) -> Dictionary:
    """The dictionary that applies: the argument, else the stack's `tagwright:dictionary`,
    else TAGWRIGHT_DICTIONARY, else the project's settings from the folder of `Pulumi.yaml` upward, else the shipped
    one (said once). Raises SetupError when it is missing or broken; it never falls back then.

    A relative path in the configuration is relative to the folder of `Pulumi.yaml`.
    """
    if isinstance(named, Dictionary):
        return named
    root = project_root()
    explicit = str(named) if named is not None else _configured(root)
    key = (explicit or "", os.environ.get(ENVIRONMENT, ""), str(root), str(Path.cwd()))
    try:
        known = _known.get(key)
        if known is not None and known[0][1] == _signature(known[0][0]):
            return known[1]
        found = discover(root, explicit=explicit, environ=os.environ)
        if found.shipped:
            pulumi.log.info(
                "no tag dictionary is named: judging by the one that ships with tagwright "
                f"(name yours: pulumi config set {DICTIONARY} PATH)"
            )
        signature = (found.source, _signature(found.source))
        return _remembered(key, signature, lambda: load(found.source))
    except TagwrightError as error:
        raise SetupError(f"the tag dictionary cannot be used, so nothing is deployed:\n{error}") from error


def stack_defaults() -> tuple[Layer, ...]:
    """The stack's own tags, the weaker layer first: what the AWS provider is configured to add, then ours.

    A secret configuration value gives secret tags. Raises SetupError for what is not a map.
    """
    layers = []
    aws = _config(AWS_DEFAULTS)
    if aws is not None:
        tags = _structure(AWS_DEFAULTS, aws).get("tags") or {}
        layers.append(_layer(AWS_DEFAULTS, tags))
    ours = _config(DEFAULTS)
    if ours is not None:
        layers.append(_layer(DEFAULTS, _structure(DEFAULTS, ours)))
    return tuple(layers)


def project_root() -> Path:
    """The folder of `Pulumi.yaml`; the working directory where the host does not say (a component's own process)."""
    root = settings.get_root_directory()
    folder = Path(root) if root else Path.cwd()
    # Outside of a run the SDK's settings hold the word "root_directory".
    return folder if folder.is_dir() else Path.cwd()


def _remembered(key: tuple[str, ...], signature: Any, make: Any) -> Dictionary:
    known = _known.get(key)
    if known is not None and known[0] == signature:
        return known[1]
    made: Dictionary = make()
    while len(_known) >= _KEPT:
        _known.pop(next(iter(_known)))
    _known[key] = (signature, made)
    return made


def _signature(source: str) -> tuple[int, int] | None:
    try:
        found = os.stat(source)  # noqa: PTH116 - a source may be a URL, of which a Path makes something else
    except (OSError, ValueError):
        return None
    return (found.st_mtime_ns, found.st_size)


def _configured(root: Path) -> str | None:
    value = _config(DICTIONARY)
    if value is None:
        return None
    if "://" in value or value.startswith("git"):
        return value
    return str(root / value) if value.strip() else value


def _config(key: str) -> str | None:
    value = runtime_config.get_config(key)
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _structure(key: str, text: str) -> Mapping[str, Any]:
    """Bad JSON of a secret is not shown, and neither is any other: the key says where it is."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SetupError(
            f"{key} in the stack's configuration is not a map\n"
            f"  help: pulumi config set --path '{key}.{'tags.' if key == AWS_DEFAULTS else ''}owner' VALUE"
        )
    return found


def _layer(key: str, tags: Any) -> Layer:
    if not isinstance(tags, dict):
        raise SetupError(f"{key}.tags in the stack's configuration is not a map")
    if not runtime_config.is_config_secret(key):
        return Layer(key, tags)
    return Layer(key, {name: pulumi.Output.secret(value) for name, value in tags.items()})
