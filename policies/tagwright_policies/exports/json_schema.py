"""`json-schema`: a JSON Schema (draft 2020-12) of a resource's tags.

The root judges a tag set as any resource may have it. `#/$defs/class:gpu` adds what GPUs need, and `#/$defs/resource`
judges `{"type": ..., "classes": [...], "tags": {...}}`, where type globs count as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any
from urllib.parse import quote

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.data import LIMITS
from tagwright_dictionary.judging.text import plain
from tagwright_policies.exports import gaps, patterns
from tagwright_policies.exports.contract import Export, File, Gap, Maker
from tagwright_policies.exports.header import header
from tagwright_policies.exports.pretending import nobodys, one_pattern
from tagwright_policies.exports.quoting import sentence
from tagwright_policies.exports.rules import KeyRule, RequirementRule, Rules, forbidden_ascii

Schema = dict[str, Any]
_FILLED: Schema = {"minLength": 1}


@dataclass(frozen=True, slots=True)
class JsonSchema:
    """See the module's docstring."""

    name: str = "json-schema"
    summary: str = "A JSON Schema (2020-12) of a resource's tags, with a definition for each class."

    def export(self, dictionary: Dictionary, today: date, maker: Maker) -> Export:
        rules = Rules(dictionary, today)
        found = tuple(_gaps(rules))
        notes = ("Tags are an object of strings, with keys as on AWS.",)
        document = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:tagwright:tags:{quote(dictionary.name, safe='')}:{quote(dictionary.version, safe='')}",
            "$comment": "\n".join(header(dictionary, maker, found, notes)),
            "title": f"Tags of {plain(dictionary.name, 120)} {plain(dictionary.version, 80)}",
            **_tags(rules),
            "$defs": _definitions(rules),
        }
        text = json.dumps(document, ensure_ascii=True, indent=2) + "\n"
        return Export((File("tags.schema.json", text),), found, notes)


def _gaps(rules: Rules) -> Iterator[Gap]:
    yield from gaps.of_the_whole(rules.dictionary)
    yield from gaps.of_values(rules)
    yield from gaps.of_severity(rules)
    yield from gaps.of_case_warnings(rules)
    yield from gaps.of_deprecated(rules)
    yield from gaps.of_days(rules)
    yield from gaps.of_spelling()
    yield from gaps.of_clouds(rules, as_on="aws")


def _tags(rules: Rules) -> Schema:
    limits = LIMITS["clouds"]["aws"]
    spelled = rules.spelled("aws")
    schema: Schema = {
        "type": "object",
        "properties": {
            spelled[name]: {"$ref": _pointer("key", name), **_words(rule)} for name, rule in rules.keys.items()
        },
        # Every value, whatever its key: what AWS itself takes.
        "patternProperties": {
            "": {
                "type": "string",
                "maxLength": limits["value"]["max"],
                "not": {"pattern": forbidden_ascii("aws", "value")},
            }
        },
        "propertyNames": {
            "minLength": limits["key"]["min"],
            "maxLength": limits["key"]["max"],
            "not": {"pattern": f"{forbidden_ascii('aws', 'key')}|^{patterns.folded('aws:')}"},
        },
        "maxProperties": limits["max_tags"],
    }
    everywhere = [rule for rule in rules.blocking if rule.selector.everything]
    if everywhere:
        schema["allOf"] = [{"$ref": _pointer("requirement", rule.id)} for rule in everywhere]
    return schema


def _words(rule: KeyRule) -> Schema:
    words: Schema = {}
    if rule.key.title:
        words["title"] = sentence(rule.key.title)
    if rule.key.description:
        words["description"] = sentence(rule.key.description)
    if rule.key.examples:
        words["examples"] = list(rule.key.examples)
    return words


def _definitions(rules: Rules) -> Schema:
    found: Schema = {f"key:{name}": _key(rule) for name, rule in rules.keys.items()}
    if any(rule.open for rule in rules.keys.values()):
        further = rules.dictionary.placeholders
        found["placeholder"] = {"pattern": _whole(one_pattern(further, email=False))}
    if any(rule.open and rule.key.format == "email" for rule in rules.keys.values()):
        found["nobody"] = {"pattern": _whole(one_pattern(rules.dictionary.placeholders, email=True))}
    found |= {f"requirement:{rule.id}": _requirement(rule, rules) for rule in rules.blocking}
    for name in rules.classes():
        chosen = [rule for rule in rules.blocking if name in rule.selector.classes]
        found[f"class:{name}"] = {
            "allOf": [{"$ref": "#"}, *({"$ref": _pointer("requirement", rule.id)} for rule in chosen)]
        }
    found["resource"] = _resource(rules)
    return found


def _pointer(kind: str, name: str) -> str:
    """A reference to a definition: JSON Pointer (RFC 6901) inside a URI fragment."""
    return "#/$defs/" + quote(f"{kind}:{name}".replace("~", "~0").replace("/", "~1"), safe="")


def _whole(pattern: str) -> str:
    r"""Anchored for engines that search. Python's `$` also matches before a last line break, hence the look-ahead."""
    return f"^(?:{pattern})$(?!\n)"


def _key(rule: KeyRule) -> Schema:
    """An empty value passes: whether the tag may be missing is for the requirements."""
    if rule.accepted is not None:
        return {"enum": ["", *rule.accepted]}
    every: list[Schema] = [{"pattern": _whole(f"(?:{shape})?")} for shape in rule.shapes]
    email = rule.key.format == "email"
    refused: list[Schema] = [{"$ref": "#/$defs/nobody" if email else "#/$defs/placeholder"}]
    if email:
        domains = nobodys(rule.key.domains)
        if domains:
            refused.append({"pattern": _whole(domains)})
    spared: list[Schema] = [{"const": ""}]
    if rule.key.format == "integer":
        spared.append({"pattern": _whole("[0-9]+")})
    every.append({"anyOf": [*spared, {"not": {"anyOf": refused}}]})
    return {"allOf": every}


def _requirement(rule: RequirementRule, rules: Rules) -> Schema:
    spelled = rules.spelled("aws")
    every: list[Schema] = []
    if rule.require:
        keys = [spelled[name] for name in rule.require]
        every.append({"required": keys, "properties": dict.fromkeys(keys, _FILLED)})
        every += [{"propertyNames": _right_case(key)} for key in keys]
    for match in rule.matches:
        key, of = spelled[match.key], spelled[match.of]
        for value, allowed in match.rows:
            both = {"required": [of, key], "properties": {of: {"const": value}, key: _FILLED}}
            every.append({"if": both, "then": {"properties": {key: {"enum": list(allowed)}}}})
    for group in rule.exclusive:
        for pair in combinations([spelled[name] for name in group], 2):
            every.append({"not": {"required": list(pair), "properties": dict.fromkeys(pair, _FILLED)}})
    body: Schema = {"allOf": every} if every else {}
    if not rule.when:
        return body
    terms = {spelled[name]: {"enum": list(values)} for name, values in rule.when}
    return {"if": {"required": list(terms), "properties": terms}, "then": body}


def _right_case(key: str) -> Schema:
    return {"anyOf": [{"const": key}, {"not": {"pattern": _whole(patterns.folded(key))}}]}


def _resource(rules: Rules) -> Schema:
    every: list[Schema] = []
    for rule in rules.blocking:
        if rule.selector.everything:
            continue
        chosen: list[Schema] = [
            {"required": ["classes"], "properties": {"classes": {"contains": {"const": name}}}}
            for name in rule.selector.classes
        ]
        chosen += [
            {"required": ["type"], "properties": {"type": {"pattern": _whole(patterns.glob(glob))}}}
            for glob in rule.selector.types
        ]
        then = {"properties": {"tags": {"$ref": _pointer("requirement", rule.id)}}}
        every.append({"if": {"anyOf": chosen}, "then": then})
    schema: Schema = {
        "type": "object",
        "required": ["tags"],
        "properties": {
            "type": {"type": "string"},
            "classes": {"type": "array", "items": {"type": "string"}},
            "tags": {"$ref": "#"},
        },
    }
    return {**schema, "allOf": every} if every else schema
