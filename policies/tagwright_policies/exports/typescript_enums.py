"""`typescript-enums`: the keys and approved values as constants, unions and an interface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_policies.exports import gaps
from tagwright_policies.exports.contract import Export, File, Maker
from tagwright_policies.exports.header import commented, header
from tagwright_policies.exports.names import camel, constant, unique
from tagwright_policies.exports.quoting import javascript
from tagwright_policies.exports.rules import KeyRule, Rules


@dataclass(frozen=True, slots=True)
class TypescriptEnums:
    """See the module's docstring."""

    name: str = "typescript-enums"
    summary: str = "TypeScript constants and union types of the keys and approved values."

    def export(self, dictionary: Dictionary, today: date, maker: Maker) -> Export:
        rules = Rules(dictionary, today)
        found = tuple(gaps.of_names(rules))
        notes = ("Keys are written as in the dictionary.",)
        text = commented(header(dictionary, maker, found, notes), "//") + "".join(_module(rules))
        return Export((File("tag-dictionary.ts", text),), found, notes)


def _module(rules: Rules) -> Iterator[str]:
    dictionary = rules.dictionary
    for name, text in (("DICTIONARY", dictionary.name), ("VERSION", dictionary.version), ("DIGEST", dictionary.digest)):
        yield f"\nexport const {name} = {javascript(text)};"
    yield "\n"
    yield from _constants("Key", list(rules.keys))
    names = unique({name: camel(name) for name in rules.keys}, taken={"Key", "Tags", "DICTIONARY", "VERSION", "DIGEST"})
    for rule in rules.keys.values():
        if rule.accepted:
            yield from _constants(names[rule.name], list(rule.accepted))
    yield "\n/** What a tag set may hold. */\nexport interface Tags {\n"
    for rule in rules.keys.values():
        yield f"  {javascript(rule.name)}?: {_kind(rule, names[rule.name])};\n"
    yield "}\n"


def _kind(rule: KeyRule, name: str) -> str:
    return name if rule.accepted else "string"


def _constants(name: str, values: list[str]) -> Iterator[str]:
    """A constant object and the union of its values under one name."""
    members = unique({value: constant(value) for value in values}, taken=frozenset())
    yield f"\nexport const {name} = {{\n"
    for value, member in members.items():
        yield f"  {member}: {javascript(value)},\n"
    union = f"(typeof {name})[keyof typeof {name}]"
    yield f"}} as const;\nexport type {name} = {union};\n"
