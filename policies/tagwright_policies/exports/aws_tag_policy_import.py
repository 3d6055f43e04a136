"""An AWS Organizations tag policy, or an account's effective one, as a dictionary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.judging.text import listed, plain, quoted
from tagwright_dictionary.loading.keys import name_problem
from tagwright_dictionary.loading.pattern_safety import problem as pattern_problem
from tagwright_dictionary.model import Location
from tagwright_policies.exports.tag_policy_types import expanded

LARGEST: Final = 1_000_000
"""Characters of a document: AWS takes 10,000, an effective policy is made of ten and their parents'."""

_OPERATORS = ("@@assign", "@@append", "@@remove")
_CHILDREN = "@@operators_allowed_for_child_policies"
_FIELDS = ("tag_key", "tag_value", "enforced_for", "report_required_tag_for")


@dataclass(frozen=True, slots=True)
class Imported:
    """The dictionary and, in words, what of the policy it does not hold."""

    dictionary: Dictionary
    notes: tuple[str, ...]


def read_tag_policies(documents: Iterable[tuple[str, str]], name: str, version: str) -> Imported:
    """One dictionary from one or more policies, given as (path, text). InputError where a text is no tag policy, or
    two of them say different things of one key.
    """
    reader = _Reader()
    for path, text in documents:
        reader.read(path, text)
    keys = tuple(reader.keys[key] for key in sorted(reader.keys))
    requirements = tuple(_requirements(reader.required))
    if not keys:
        raise InputError("the tag policy has no keys", hint="name a policy whose `tags` has at least one key")
    return Imported(Dictionary(name, version, keys, requirements), tuple(reader.notes))


def as_yaml(imported: Imported) -> str:
    """The dictionary as YAML, with the notes above it. InputError where the loader would refuse it (a name or version
    that is none, more values than it takes).
    """
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - YAML, the schema and this load slowly

    from tagwright_dictionary.loading import dump, validate  # noqa: PLC0415

    text = "".join(f"# {plain(note, 1_000)}\n" for note in imported.notes) + dump(imported.dictionary)
    with TemporaryDirectory() as folder:
        file = Path(folder, "imported.yaml")
        file.write_text(text, encoding="utf-8")
        errors = validate(file)
    if errors:
        raise InputError(f"this does not make a dictionary: {errors[0].message}", hint=errors[0].hint)
    return text


def _requirements(required: dict[tuple[str, ...], list[str]]) -> Iterable[Requirement]:
    for number, types in enumerate(sorted(required), 1):
        yield Requirement(f"tag-policy-{number}", Selector(types=types), require=tuple(sorted(required[types])))


class _Reader:
    def __init__(self) -> None:
        self.keys: dict[str, Key] = {}
        self.required: dict[tuple[str, ...], list[str]] = {}
        self.notes: list[str] = []

    def read(self, path: str, text: str) -> None:
        tags = _document(path, text).get("tags")
        if not isinstance(tags, dict):
            raise InputError(
                "this is no tag policy: it has no object `tags`",
                hint="give a policy of type TAG_POLICY, or what describe-effective-policy prints as PolicyContent",
                location=Location(path),
            )
        for policy_key, statement in sorted(tags.items()):
            if not policy_key.startswith("@@"):
                self._key(path, policy_key, statement)

    def _key(self, path: str, policy_key: str, statement: Any) -> None:
        what = f"key {quoted(policy_key)}"
        if not isinstance(statement, dict):
            raise InputError(f"{what} is not an object", location=Location(path))
        strange = sorted(set(statement) - {*_FIELDS, _CHILDREN})
        if strange:
            raise InputError(
                f"{what} has {listed(strange)}, which tag policies do not have",
                hint=f"a key has {listed(_FIELDS)}",
                location=Location(path),
            )
        given = _one(path, f"{what}, tag_key", statement.get("tag_key", policy_key.lower()))
        if given.lower() != policy_key.lower():
            raise InputError(f"{what}: tag_key is {quoted(given)}, another key", location=Location(path))
        if problem := name_problem(given):
            raise InputError(f"{what} cannot be a tag key: it {problem}", location=Location(path))
        key = self._values(path, given, statement.get("tag_value"))
        known = self.keys.setdefault(given, key)
        if known != key:
            raise InputError(f"{what} has other values in another policy", location=Location(path))
        if "enforced_for" in statement:
            services = _many(path, f"{what}, enforced_for", statement["enforced_for"])
            if services:
                self.notes.append(
                    f"{plain(given)} is enforced by AWS for {listed(services, 6)}: a dictionary has no such word"
                )
        self._report(
            given, _many(path, f"{what}, report_required_tag_for", statement.get("report_required_tag_for", []))
        )

    def _values(self, path: str, name: str, given: Any) -> Key:
        if given is None:
            return Key(name)
        values = list(dict.fromkeys(_many(path, f"key {quoted(name)}, tag_value", given)))
        if "*" in values:
            return Key(name)
        if not any("*" in value for value in values):
            kept = [value for value in values if value and value == value.strip() and len(value) <= 256]
            if len(kept) < len(values):
                self.notes.append(f"{plain(name)}: empty and padded values are left out")
            return Key(name, values=tuple(Value(value) for value in kept))
        pattern = "|".join(_wild(value) for value in values)
        why = pattern_problem(pattern)
        if why:
            self.notes.append(f"{plain(name)}: {listed(values, 6)} cannot become a pattern ({why}): any value is taken")
            return Key(name)
        return Key(name, pattern=pattern)

    def _report(self, name: str, types: list[str]) -> None:
        found = sorted({kind for each in types for kind in expanded(each)})
        unknown = [each for each in types if not expanded(each)]
        if unknown:
            self.notes.append(f"{plain(name)} is required for {listed(unknown, 6)}, which have no Terraform type here")
        if found:
            asked = self.required.setdefault(tuple(found), [])
            if name not in asked:
                asked.append(name)


def _wild(value: str) -> str:
    """A value with `*` as a pattern; AWS takes at most 256 characters."""
    return "[^\\n]*".join(re.escape(part) for part in value.split("*"))


def _document(path: str, text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise InputError(f"the document is too large ({len(text):,} characters)", location=Location(path))
    try:
        found = json.loads(text, object_pairs_hook=_once)
        # `aws organizations describe-effective-policy` wraps the policy, as text, into its answer.
        for outer in ("EffectivePolicy", "Policy"):
            if isinstance(found, dict) and isinstance(found.get(outer), dict):
                found = found[outer]
        for inner in ("PolicyContent", "Content"):
            if isinstance(found, dict) and isinstance(found.get(inner), str):
                found = json.loads(found[inner], object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, ValueError) else "it is nested too deeply"
        raise InputError(f"this is not JSON: {plain(why, 160)}", location=Location(path)) from error
    if not isinstance(found, dict):
        raise InputError("this is no tag policy: it is not an object", location=Location(path))
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{quoted(key)} is there twice")
        found[key] = value
    return found


def _assigned(path: str, what: str, node: Any) -> Any:
    """What the operators of a single policy leave: a source policy, or the plain value of an effective one."""
    if not isinstance(node, dict):
        return node
    strange = sorted(set(node) - {*_OPERATORS, _CHILDREN})
    if strange:
        raise InputError(
            f"{what} has {listed(strange)}", hint=f"operators: {listed(_OPERATORS)}", location=Location(path)
        )
    if "@@append" not in node and "@@remove" not in node:
        return node.get("@@assign")
    start = node.get("@@assign", [])
    listed_values = [*(start if isinstance(start, list) else [start]), *(node.get("@@append") or [])]
    gone = node.get("@@remove") or []
    return [value for value in listed_values if value not in gone]


def _one(path: str, what: str, node: Any) -> str:
    value = _assigned(path, what, node)
    if not isinstance(value, str) or not value:
        raise InputError(f"{what} is not a text", location=Location(path))
    return value


def _many(path: str, what: str, node: Any) -> list[str]:
    value = _assigned(path, what, node)
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(each, str) for each in values):
        raise InputError(f"{what} is not a list of texts", location=Location(path))
    return list(values)
