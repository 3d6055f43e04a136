"""Requirements, severities and formats in sentences for people who do not write code."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from tagwright_dictionary.dictionary import Key, Requirement, Selector
from tagwright_dictionary.judging.data import WORDING
from tagwright_dictionary.judging.formats import describe
from tagwright_dictionary.model import Severity

# An HCL identifier in ASCII (hclsyntax/spec.md, "Identifiers").
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LABEL_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")

_CLASSES: dict[str, str] = WORDING["classes"]


def series(items: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 value`, `50,000 values`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def class_name(name: str) -> str:
    """A class of the catalogue as people call such things: `GPU nodes`."""
    return _CLASSES.get(name, name)


def selected(selector: Selector) -> str:
    """What a selector picks: `GPU nodes, buckets and functions`."""
    if selector.everything:
        return "every resource"
    return series([*(class_name(name) for name in selector.classes), *selector.types])


def condition(requirement: Requirement) -> str:
    """`where environment is prod and workload is training or inference`; "" without a condition."""
    terms = [f"{key} is {series(values, 'or')}" for key, values in requirement.when.terms]
    return f"where {' and '.join(terms)}" if terms else ""


def strength(severity: Severity) -> str:
    """What a breach does: `blocks`, `warns`, `is noted`."""
    return {Severity.ERROR: "blocks", Severity.WARNING: "warns", Severity.INFO: "is noted"}[severity]


def form(key: Key) -> str:
    """What may be written, in words; "" when anything may."""
    parts = []
    if key.values is not None:
        parts.append(f"one of {counted(len(key.values), 'approved value')}")
    if key.format:
        parts.append(describe(key))
    if key.pattern and key.values is None:
        parts.append("text of a fixed form")
    return ", ".join(parts)


def assigned(key: str, value: str) -> str:
    """`cost-center = "cc-4100"`, as Terraform reads it: what would mean something else there is escaped."""
    name = key if _IDENTIFIER.fullmatch(key) else _quoted(key)
    return f"{name} = {_quoted(value)}"


def labelled(key: str, value: str) -> str:
    """`cost-center: "cc-4100"`, as Kubernetes reads it."""
    return f"{key if _LABEL_KEY.fullmatch(key) else _json(key)}: {_json(value)}"


def _quoted(text: str) -> str:
    return _json(text).replace("${", "$${").replace("%{", "%%{")


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())


_LEVELS = {
    "major": "some tags that pass now can fail",
    "minor": "nothing that passes now fails",
    "patch": "only words change",
}


def level(name: str) -> str:
    """What a step of the version number means for those who comply, in words; "" for an unknown one."""
    return _LEVELS.get(name, "")


def heading(key: Key) -> str:
    """The title of a key, else its name as words."""
    return key.title or key.name.replace("-", " ").replace("_", " ").capitalize()
