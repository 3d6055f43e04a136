"""`python-enums`: the keys and approved values as constants and `StrEnum` classes."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_policies.exports import gaps
from tagwright_policies.exports.contract import Export, File, Maker
from tagwright_policies.exports.header import commented, header
from tagwright_policies.exports.names import camel, constant, unique
from tagwright_policies.exports.quoting import python, sentence
from tagwright_policies.exports.rules import KeyRule, Rules

# Names that an enum's members cannot have (`mro`, methods of str in lower case are no clash with constants).
_NOT_MEMBERS = frozenset({"MRO"})
_TAKEN = frozenset(
    {"Key", "Tags", "StrEnum", "Final", "Literal", "TypedDict", "DICTIONARY", "VERSION", "DIGEST", *keyword.kwlist}
)


@dataclass(frozen=True, slots=True)
class PythonEnums:
    """See the module's docstring."""

    name: str = "python-enums"
    summary: str = "Python constants and enums of the keys and approved values."

    def export(self, dictionary: Dictionary, today: date, maker: Maker) -> Export:
        rules = Rules(dictionary, today)
        found = tuple(gaps.of_names(rules))
        notes = ("Python 3.11 or newer. Keys are written as in the dictionary.",)
        text = commented(header(dictionary, maker, found, notes), "#") + "".join(_module(rules))
        return Export((File("tag_dictionary.py", text),), found, notes)


def _module(rules: Rules) -> Iterator[str]:
    yield "\nfrom __future__ import annotations\n\nfrom enum import StrEnum\n"
    yield "from typing import Final, Literal, TypedDict\n"
    dictionary = rules.dictionary
    yield f"\nDICTIONARY: Final = {python(dictionary.name)}\nVERSION: Final = {python(dictionary.version)}\n"
    yield f"DIGEST: Final = {python(dictionary.digest)}\n"
    yield '\n\nclass Key(StrEnum):\n    """The tag keys."""\n\n'
    yield from _members(list(rules.keys))
    names = unique({name: camel(name) for name in rules.keys}, taken=_TAKEN)
    closed = [rule for rule in rules.keys.values() if rule.accepted]
    for rule in closed:
        yield f"\n\nclass {names[rule.name]}(StrEnum):\n    {_doc(rule)}\n\n"
        yield from _members(list(rule.accepted or ()))
    yield "\n\n# What a tag set may hold, for type checkers: literals where the list is closed.\n"
    yield 'Tags = TypedDict(\n    "Tags",\n    {\n'
    for rule in rules.keys.values():
        kind = f"Literal[{', '.join(python(value) for value in rule.accepted)}]" if rule.accepted else "str"
        yield f"        {python(rule.name)}: {kind},\n"
    yield "    },\n    total=False,\n)\n"


def _members(values: list[str]) -> Iterator[str]:
    if not values:
        yield "    pass\n"
    names = unique({value: constant(value) for value in values}, taken=_NOT_MEMBERS)
    for value, name in names.items():
        yield f"    {name} = {python(value)}\n"


def _doc(rule: KeyRule) -> str:
    text = sentence(rule.key.title or rule.key.description or rule.name)
    return '"""' + text.replace("\\", "\\\\").replace('"', "'") + '."""'
