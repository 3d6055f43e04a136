"""The variables of the Terraform module: one for each key, and the module's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tagwright_dictionary.judging.formats import describe
from tagwright_dictionary.judging.text import listed, plain
from tagwright_policies.exports.hcl_writing import attributes, block, items
from tagwright_policies.exports.quoting import hcl, sentence
from tagwright_policies.exports.rules import KeyRule, Rules

_RESERVED: Final = frozenset(
    (
        "source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals",
        "classes", "resource_types", "clouds", "extra_tags",
    )
)  # fmt: skip
"""Names that Terraform keeps, and the module's own."""


def variable_names(rules: Rules) -> dict[str, str]:
    """The variable of each key: letters, digits and `_`, unique, none that Terraform or the module itself needs."""
    names: dict[str, str] = {}
    taken = set(_RESERVED)
    for key in rules.keys:
        name = re.sub(r"[^a-z0-9_]+", "_", key.lower()).strip("_") or "tag"
        if name in _RESERVED or not name[0].isalpha():
            name = f"tag_{name}"
        chosen, number = name, 2
        while chosen in taken:
            chosen, number = f"{name}_{number}", number + 1
        taken.add(chosen)
        names[key] = chosen
    return names


def required_always(rules: Rules) -> frozenset[str]:
    """Keys that no resource may lack: their variables have no default."""
    return frozenset(
        name for rule in rules.blocking if rule.selector.everything and not rule.when for name in rule.require
    )


def variables(rules: Rules, names: dict[str, str]) -> str:
    always = required_always(rules)
    blocks = [_variable(rule, names[name], required=name in always) for name, rule in rules.keys.items()]
    return "\n".join([*blocks, *_own_variables(rules)])


def _variable(rule: KeyRule, name: str, *, required: bool) -> str:
    given = [("description", hcl(_description(rule))), ("type", "string")]
    if not required:
        given.append(("default", "null"))
    body = attributes(given)
    for condition, message in _value_checks(rule, f"var.{name}"):
        body += "\n" + block("validation", check(condition, message))
    return block(f"variable {hcl(name)}", body)


def _description(rule: KeyRule) -> str:
    title = "" if rule.key.title in ("", rule.name) else f"{rule.key.title}: "
    text = sentence(f"{title}{rule.key.description}" or f"The tag {rule.name}.")
    said = says(rule)
    return f"{text} {said}".strip()


def says(rule: KeyRule) -> str:
    if rule.accepted is not None:
        return f"One of {listed(list(rule.accepted), 12)}." if rule.accepted else "No value is approved."
    parts = []
    if rule.key.format:
        parts.append(describe(rule.key))
    if rule.key.pattern:
        parts.append(f"matching {plain(rule.key.pattern, 200)}")
    example = f", for example {listed(rule.key.examples, 2)}" if rule.key.examples else ""
    said = f"{' and '.join(parts)}{example}"
    return f"{said[:1].upper()}{said[1:]}." if parts else ""


def check(condition: str, message: str) -> str:
    return attributes([("condition", condition), ("error_message", hcl(message))])


def _value_checks(rule: KeyRule, variable: str) -> Iterator[tuple[str, str]]:
    """(condition, message) pairs. Null and empty pass: whether a tag may be missing is for the requirements, and
    whether it only pretends is told where the word lists stand, once for all keys.
    """
    value = f'{variable} == null ? "" : {variable}'
    name = plain(rule.name)
    if rule.accepted is not None:
        yield f"contains({items(['', *rule.accepted])}, {value})", f"{name} is not approved. {says(rule)}"
    for shape in rule.shapes:
        yield f"can(regex({hcl(f'^(?:{shape})?$')}, {value}))", f"{name} has the wrong form. {says(rule)}"


def _own_variables(rules: Rules) -> Iterator[str]:
    classes = rules.classes()
    say = "What the tags are for: classes of tagwright's catalogue. With * every requirement applies."
    body = attributes(
        [
            ("description", hcl(f"{say} The dictionary names {listed(list(classes), 40)}." if classes else say)),
            ("type", "set(string)"),
            ("default", items(["*"])),
            ("nullable", "false"),
        ]
    )
    yield block('variable "classes"', body)
    body = attributes(
        [
            ("description", hcl("Terraform resource types the tags are for, for requirements that name types.")),
            ("type", "set(string)"),
            ("default", "[]"),
            ("nullable", "false"),
        ]
    )
    yield block('variable "resource_types"', body)
    body = attributes(
        [
            ("description", hcl("The clouds the tags are for: their own limits apply. aws, gcp.")),
            ("type", "set(string)"),
            ("default", items(["aws"])),
            ("nullable", "false"),
        ]
    )
    test = check(
        f"length(setsubtract(var.clouds, {items(['aws', 'gcp'])})) == 0", "clouds may name aws and gcp, nothing else."
    )
    yield block('variable "clouds"', f"{body}\n{block('validation', test)}")
    spellings = sorted(rules.spelled("aws").values())
    test = check(
        f"length(setintersection(keys(var.extra_tags), {items(spellings)})) == 0",
        "A key of the dictionary has a variable of its own: set that instead.",
    )
    body = attributes(
        [
            ("description", hcl("Further tags that the dictionary does not name.")),
            ("type", "map(string)"),
            ("default", "{}"),
            ("nullable", "false"),
        ]
    )
    yield block('variable "extra_tags"', f"{body}\n{block('validation', test)}")
