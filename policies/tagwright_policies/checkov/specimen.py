"""Tags that a dictionary approves of, made up from the dictionary itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from tagwright_dictionary.dictionary import Dictionary, Key
from tagwright_dictionary.judging.placeholders import Placeholders
from tagwright_dictionary.judging.values import KeyCheck

_FORMATS = {
    "arn": "arn:aws:iam::123456789012:role/ml",
    "date": "2030-06-30",
    "email": "ml-vision@acme.example",
    "integer": "42",
    "slug": "vision",
    "url": "https://acme.example/ml",
}


def tags(dictionary: Dictionary, cloud: str) -> dict[str, str]:
    """A value for every key that some requirement demands, written as `cloud` writes it. A key for which no value can
    be made up is left out.
    """
    encoding = dictionary.encoding(cloud)
    spelled = dict(encoding.keys) if encoding else {}
    return {spelled.get(name, name): value for name, value in _values(dictionary).items()}


def annotation_keys(dictionary: Dictionary) -> frozenset[str]:
    """The keys that Kubernetes has as annotations, as written there."""
    encoding = dictionary.encoding("kubernetes")
    if encoding is None:
        return frozenset()
    spelled = dict(encoding.keys)
    return frozenset(spelled.get(name, name) for name in encoding.annotations)


def _values(dictionary: Dictionary) -> dict[str, str]:
    wanted = dict.fromkeys(name for requirement in dictionary.requirements for name in requirement.require)
    for requirement in dictionary.requirements:
        for group in requirement.exclusive:
            for name in [each for each in group if each in wanted][1:]:
                del wanted[name]
    found = {name: value for name in wanted if (value := _value(dictionary, name)) is not None}
    for requirement in dictionary.requirements:
        for match in requirement.match:
            of = dictionary.key(match.of)
            row = next((each for each in (of.values if of else None) or () if each.value == found.get(match.of)), None)
            related = row.relation(match.relation) if row is not None else ()
            if related and match.key in found and found[match.key] not in related:
                found[match.key] = related[0]
    return found


def _value(dictionary: Dictionary, name: str) -> str | None:
    key = dictionary.key(name) or Key(name)
    check = KeyCheck(key, Placeholders(dictionary.placeholders))
    return next((value for value in _candidates(key) if check.accepts(value)), None)


def _candidates(key: Key) -> Iterator[str]:
    for row in key.values or ():
        if row.status == "active":
            yield row.value
    yield from (value for value in (key.default, *key.examples) if value)
    if key.format == "email":
        yield from (f"ml-vision@{domain}" for domain in key.domains)
    if key.format in _FORMATS:
        yield _FORMATS[key.format]
    if key.pattern:
        yield from islice(_matching(key.pattern), 8)
    yield from ("vision", "ml-vision")


def _matching(pattern: str) -> Iterator[str]:
    """A few texts that a regular expression may match, by its parse tree: enough for patterns of tags."""
    try:
        tree = re._parser.parse(pattern)  # type: ignore[attr-defined]  # noqa: SLF001 - the only parse tree there is
        for extra in (0, 1, 3):
            yield "".join(_part(item, extra) for item in tree)
    except (re.error, AttributeError, ValueError, RecursionError, TypeError):
        return


def _part(item: Any, extra: int) -> str:
    operator, argument = str(item[0]), item[1]
    if operator == "LITERAL":
        return chr(argument)
    if operator == "IN":
        return _one_of(argument)
    if operator in {"MAX_REPEAT", "MIN_REPEAT"}:
        least, most, inner = argument
        times = min(max(least, extra), 40 if str(most) == "MAXREPEAT" else int(most))
        return "".join(_part(each, extra) for _ in range(times) for each in inner)
    if operator == "SUBPATTERN":
        return "".join(_part(each, extra) for each in argument[-1])
    if operator == "BRANCH":
        return "".join(_part(each, extra) for each in argument[1][0])
    return "a" if operator == "ANY" else ""


def _one_of(choices: Any) -> str:
    for operator, argument in choices:
        if str(operator) == "LITERAL":
            return chr(argument)
        if str(operator) == "RANGE":
            return chr(argument[0])
        if str(operator) == "CATEGORY":
            return "1" if str(argument).endswith("DIGIT") else "a"
    return "a"
