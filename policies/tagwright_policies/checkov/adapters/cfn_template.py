"""A CloudFormation template: parameters, conditions and functions, evaluated as far as they can be.

A parameter has its Default, else it is unknown. What only deployment knows (regions, accounts, attributes of other
resources, imports) is unknown with its cause.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tagwright_dictionary.model import Unknown
from tagwright_policies.checkov.adapters.text import is_bookkeeping
from tagwright_policies.checkov.adapters.yaml_source import LINE

_DEEPEST = 60
_VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")
_LATER = "judge what is deployed"
_HINT = "give the parameter a Default, or judge what is deployed"


class _NoValue:
    """`AWS::NoValue`: the property or entry is left out."""


NO_VALUE = _NoValue()


@dataclass(frozen=True, slots=True)
class Reference(Unknown):
    """What only deployment knows of another resource of the template: `target` is its logical id."""

    target: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """`chosen`: parameters given a value on trial (see `Parameter.AllowedValues`)."""

    document: Mapping[str, Any]
    chosen: Mapping[str, str] = field(default_factory=dict)

    def section(self, name: str) -> Mapping[str, Any]:
        found = self.document.get(name)
        return found if isinstance(found, Mapping) else {}

    def resource(self, name: str) -> Mapping[str, Any] | None:
        found = self.section("Resources").get(name)
        return found if isinstance(found, Mapping) else None

    def choices(self) -> dict[str, tuple[str, ...]]:
        """The parameters without a Default that can only have certain values."""
        return {
            name: tuple(map(_text, parameter["AllowedValues"]))
            for name, parameter in self.section("Parameters").items()
            if isinstance(parameter, Mapping)
            and "Default" not in parameter
            and isinstance(parameter.get("AllowedValues"), list)
        }

    def choosing(self, name: str, value: str) -> Template:
        return replace(self, chosen={**self.chosen, name: value})

    def holds(self, name: str, depth: int = 0) -> bool | Unknown:
        """Whether a condition of the template holds."""
        if name not in self.section("Conditions") or depth > _DEEPEST:
            return Unknown(f"condition {name} is not in the template")
        return self._truth(self.section("Conditions")[name], depth + 1)

    def value(self, node: Any, depth: int = 0) -> Any:
        """A node as a plain value with `Unknown` inside, or `NO_VALUE`."""
        if depth > _DEEPEST:
            return Unknown("the template is nested too deeply")
        if isinstance(node, Mapping):
            names = [name for name in node if name != LINE and not is_bookkeeping(name)]
            if len(names) == 1 and (names[0] == "Ref" or names[0].startswith("Fn::")):
                return self._function(names[0], node[names[0]], depth + 1)
            pairs = ((name, self.value(node[name], depth + 1)) for name in names)
            return {name: item for name, item in pairs if item is not NO_VALUE}
        if isinstance(node, list):
            return [found for item in node if (found := self.value(item, depth + 1)) is not NO_VALUE]
        return repr(node) if isinstance(node, float) else node

    def _function(self, name: str, given: Any, depth: int) -> Any:
        if name == "Ref":
            return self._ref(str(given))
        if name == "Fn::If" and isinstance(given, list) and len(given) == 3:
            holds = self.holds(str(given[0]), depth)
            if not isinstance(holds, Unknown):
                return self.value(given[1 if holds else 2], depth)
            both = [self.value(branch, depth) for branch in given[1:]]
            return both[0] if both[0] == both[1] else holds
        if name == "Fn::Sub":
            return self._sub(given, depth)
        if name == "Fn::Join" and isinstance(given, list) and len(given) == 2:
            return self._join(given, depth)
        if name == "Fn::Select" and isinstance(given, list) and len(given) == 2:
            index, items = self.value(given[0], depth), self.value(given[1], depth)
            if isinstance(items, list) and str(index).isdecimal() and int(index) < len(items):
                return items[int(index)]
        if name == "Fn::FindInMap" and isinstance(given, list) and len(given) >= 3:
            return self._find(given, depth)
        if name == "Fn::GetAtt":
            target = str(given[0]) if isinstance(given, list) and given else str(given).split(".", 1)[0]
            return Reference(f"an attribute of {target} is known only on deployment", _LATER, target)
        return Unknown(f"{name} is evaluated on deployment", _LATER)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.chosen:
            return self.chosen[name]
        parameter = self.section("Parameters").get(name)
        if isinstance(parameter, Mapping):
            kind = str(parameter.get("Type", ""))
            if "Default" not in parameter:
                return Unknown(f"parameter {name} has no Default", _HINT)
            if kind.startswith("AWS::SSM::Parameter"):
                return Unknown(f"parameter {name} is read from SSM on deployment", _LATER)
            default = parameter["Default"]
            listed = kind == "CommaDelimitedList" or kind.startswith("List<")
            return [item.strip() for item in str(default).split(",")] if listed else _text(default)
        return Reference(f"{name} is known only on deployment", _LATER, name if self.resource(name) else "")

    def _sub(self, given: Any, depth: int) -> Any:
        text, extra = (given[0], given[1]) if isinstance(given, list) and len(given) == 2 else (given, {})
        if not isinstance(text, str) or not isinstance(extra, Mapping):
            return Unknown("Fn::Sub has no text")
        unknown: list[Unknown] = []

        def put(found: re.Match[str]) -> str:
            literal, name = found.groups()
            if literal:
                return f"${{{name}}}"
            name = name.strip()
            value = self.value(extra[name], depth) if name in extra else self._ref(name)
            if "." in name and name not in extra:
                value = Unknown(f"{name} is known only on deployment", _LATER)
            if isinstance(value, Unknown):
                unknown.append(value)
            return _text(value) if not isinstance(value, (Unknown, _NoValue)) else ""

        made = _VARIABLE.sub(put, text)
        return unknown[0] if unknown else made

    def _join(self, given: list[Any], depth: int) -> Any:
        between, items = self.value(given[0], depth), self.value(given[1], depth)
        if isinstance(items, Unknown):
            return items
        if not isinstance(items, list):
            return Unknown("Fn::Join has no list")
        hidden = next((item for item in items if isinstance(item, Unknown)), None)
        return hidden if hidden is not None else str(between).join(_text(item) for item in items)

    def _find(self, given: list[Any], depth: int) -> Any:
        keys = [self.value(item, depth) for item in given[:3]]
        found: Any = self.section("Mappings")
        for key in keys:
            if isinstance(key, Unknown):
                return key
            found = found.get(str(key)) if isinstance(found, Mapping) else None
        return Unknown(f"the mapping has no entry {' / '.join(map(str, keys))}") if found is None else self.value(found)

    def _truth(self, node: Any, depth: int) -> bool | Unknown:
        if depth > _DEEPEST or not isinstance(node, Mapping):
            return Unknown("a condition of the template cannot be read")
        names = [name for name in node if name != LINE and not is_bookkeeping(name)]
        given = node[names[0]] if len(names) == 1 else None
        name = names[0] if len(names) == 1 else ""
        if name == "Condition":
            return self.holds(str(given), depth + 1)
        if name == "Fn::Equals" and isinstance(given, list) and len(given) == 2:
            left, right = (self.value(item, depth) for item in given)
            unknown = next((item for item in (left, right) if isinstance(item, Unknown)), None)
            return unknown if unknown is not None else _text(left) == _text(right)
        parts = [self._truth(item, depth + 1) for item in given] if isinstance(given, list) else []
        unknown = next((part for part in parts if isinstance(part, Unknown)), None)
        if name == "Fn::Not" and len(parts) == 1:
            return unknown if unknown is not None else not parts[0]
        if name in {"Fn::And", "Fn::Or"} and parts:
            decisive = name == "Fn::Or"
            if any(part is decisive for part in parts):
                return decisive
            return unknown if unknown is not None else not decisive
        return Unknown("a condition of the template cannot be read")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
