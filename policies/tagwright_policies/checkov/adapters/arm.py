"""ARM templates and Bicep: a resource out of Checkov's configuration.

Checkov puts parameters with defaults and variables in place; what it cannot is a text in brackets (`[parameters('x')]`)
in ARM, and in Bicep the bare name of a parameter or a tree of its parser.
"""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from tagwright_dictionary.catalogue import classify
from tagwright_dictionary.model import Bill, Classes, Location, Origin, Resource, TagValue, Unknown
from tagwright_policies.checkov.adapters.entity import Adapted, Entity
from tagwright_policies.checkov.adapters.files import find, text_of
from tagwright_policies.checkov.adapters.tags import read_tags, values_at
from tagwright_policies.checkov.adapters.text import is_bookkeeping

_HINT = "give the parameter a default, or judge what is deployed"
_SYMBOL = re.compile(r"^\s*(?:@[^\n]*\n\s*)*(?:param|var|resource|module)\s+(\w+)", re.MULTILINE)
_FUNCTION_APPS = re.compile(r"functionapp", re.IGNORECASE)
_SITES = "Microsoft.Web/sites"


def adapt(entity: Entity) -> Adapted | None:
    """None when the resource's condition surely does not hold, or it is only looked up (`existing`)."""
    conf: Any = entity.conf
    if conf.get("existing") is True:
        return None
    condition = conf.get("condition")
    while isinstance(conf.get("config"), Mapping):
        conf = conf["config"]
        condition = conf.get("condition", condition)
    if condition is False:
        return None
    bicep = entity.path.endswith(".bicep")
    symbols = _symbols(entity) if bicep else frozenset()
    body = {str(name): _plain(value, symbols, bicep=bicep) for name, value in conf.items() if not is_bookkeeping(name)}
    name = body.get("name")
    address = f"{entity.type}/{name}" if isinstance(name, str) else f"{entity.type}/{entity.name}"
    location = Location(entity.path.lstrip("/"), _line(entity.conf))
    origin = Origin("resource", address, location)
    tags = read_tags(body.get("tags"), origin)
    known = terraform_type(entity.type, body)
    exists = None if condition in (None, True) else Unknown("whether its condition holds is decided on deployment")
    return Adapted(
        Resource(
            address=address,
            type=entity.type,
            provider="azurerm",
            framework="bicep" if bicep else "arm",
            taggable=True if known is not None or "tags" in conf else None,
            classes=_classes(known, body),
            tags=tags,
            bills=(Bill("resource", tags, own=True),),
            location=location,
            tag_location=location,
            exists=exists,
            note="" if known is not None else f"{entity.type} is in no table of taggable types",
        )
    )


@cache
def _table() -> Mapping[str, Any]:
    content = pkgutil.get_data(__package__, "data/arm_types.json")
    table = json.loads(content or b"{}")
    return {name.lower(): row for name, row in table.items()}


def terraform_type(kind: str, body: Mapping[str, Any]) -> tuple[str, Mapping[str, str]] | None:
    """The azurerm type that says what an ARM type is, and where its deciding attributes are; None: not known."""
    if kind.lower() == _SITES.lower():
        written = body.get("kind")
        function = isinstance(written, str) and _FUNCTION_APPS.search(written)
        return ("azurerm_linux_function_app" if function else "azurerm_linux_web_app"), {}
    row = _table().get(kind.lower())
    return None if row is None else (row[0], row[1])


def _classes(known: tuple[str, Mapping[str, str]] | None, body: Mapping[str, Any]) -> Classes:
    if known is None:
        return Classes()
    values: dict[str, tuple[TagValue, ...]] = {}
    for path, name in known[1].items():
        found = tuple(values_at(body, path.split(".")))
        if found:
            values[name] = found
    made = classify(known[0], values)
    if known[0] == "azurerm_linux_web_app" and isinstance(body.get("kind"), Unknown):
        return Classes(made.certain, (*made.possible, ("function", body["kind"])))
    return made


def _plain(value: Any, symbols: frozenset[str], *, bicep: bool, depth: int = 0) -> Any:
    if depth > 60:
        return Unknown("the template is nested too deeply")
    if isinstance(value, Mapping):
        function = value.get("function")
        if bicep and isinstance(function, Mapping):
            return _function(function, symbols, depth)
        if bicep and ("operator" in value or "decorators" in value):
            return Unknown("an expression that Checkov does not evaluate", _HINT)
        return {
            _key(name, bicep=bicep): _plain(item, symbols, bicep=bicep, depth=depth + 1)
            for name, item in value.items()
            if not is_bookkeeping(name)
        }
    if isinstance(value, (list, tuple)):
        return [_plain(item, symbols, bicep=bicep, depth=depth + 1) for item in value]
    if isinstance(value, str):
        return _text(value, symbols, bicep=bicep)
    if isinstance(value, float):
        return repr(value)
    return value if value is None or isinstance(value, (bool, int)) else Unknown(f"{value!s:.80} is no value", _HINT)


def _text(value: str, symbols: frozenset[str], *, bicep: bool) -> str | Unknown:
    if bicep:
        bare = value.split(".", 1)[0].split("[", 1)[0].split("(", 1)[0]
        standing = "${" in value or bare in symbols
    else:
        # "[[" is how a literal bracket is written.
        standing = value.startswith("[") and value.endswith("]") and not value.startswith("[[")
        value = value[1:] if value.startswith("[[") else value
    return Unknown(f"Checkov does not evaluate {value[:100]}", _HINT) if standing else value


def _key(name: Any, *, bicep: bool) -> str:
    text = str(name)
    quoted = bicep and len(text) > 1 and text[0] == text[-1] == "'"
    return text[1:-1] if quoted else text


def _function(function: Mapping[str, Any], symbols: frozenset[str], depth: int) -> Any:
    """`union` of maps that are known; every other function is unknown."""
    given = function.get("parameters")
    if function.get("type") == "union" and isinstance(given, Mapping):
        parts = [_plain(part, symbols, bicep=True, depth=depth + 1) for part in given.values()]
        merged: dict[str, Any] = {}
        for part in parts:
            if not isinstance(part, Mapping):
                return part if isinstance(part, Unknown) else Unknown("union of what are no objects", _HINT)
            merged |= part
        return merged
    return Unknown(f"Checkov does not evaluate {function.get('type')}()", _HINT)


def _symbols(entity: Entity) -> frozenset[str]:
    """The names declared in a Bicep file: a text that is one of them was a reference that has no value."""
    content = text_of(entity.file or find(entity.path))
    return frozenset(_SYMBOL.findall(content)) if content else frozenset()


def _line(conf: Mapping[str, Any]) -> int:
    for name in ("__startline__", "__start_line__"):
        value = conf.get(name)
        if isinstance(value, int):
            return value
    return 0
