"""Reading `requirements:`, `service_levels:` and what selects resources in both."""

from __future__ import annotations

import re
from typing import Any

from tagwright_dictionary.classes import CLASSES
from tagwright_dictionary.dictionary import Condition, Match, Selector, ServiceLevel
from tagwright_dictionary.loading.context import Context, Fields
from tagwright_dictionary.loading.keys import MAX_NAME
from tagwright_dictionary.loading.layer import RequirementDraft
from tagwright_dictionary.loading.problems import listing, quoted
from tagwright_dictionary.loading.tree import Node
from tagwright_dictionary.model import Severity

REQUIREMENT_FIELDS = (
    "id", "description", "for", "types", "require", "when", "match", "exclusive", "severity", "from", "reach",
)  # fmt: skip
SERVICE_LEVEL_FIELDS = ("for", "types", "when", "remediate_within", "severity")
MAX_SERVICE_LEVELS = 500
SEVERITIES = tuple(severity.value for severity in Severity)
_SYNONYMS = {
    "name": "id", "classes": "for", "resources": "for", "type": "types", "required": "require", "keys": "require",
    "tags": "require", "if": "when", "condition": "when", "level": "severity", "since": "from", "becomes_error": "from",
    "requires": "require", "within": "remediate_within", "hours": "remediate_within",
}  # fmt: skip
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TYPE_GLOB = re.compile(r"[A-Za-z0-9_.:/*?@\[\]!-]{1,200}")
_DURATION = re.compile(r"([1-9][0-9]{0,8})([mhdw])")
_MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_LONGEST_HOURS = 10 * 366 * 24


def read_requirements(
    context: Context, node: Node, known: frozenset[str], *, overlay: frozenset[str]
) -> tuple[RequirementDraft, ...]:
    """The requirements of one file. `overlay` are the ids it may change, those of what it extends."""
    drafts: dict[str, RequirementDraft] = {}
    for number, item in enumerate(context.sequence(node, "requirements"), 1):
        draft = _read_requirement(context, item, number, known, overlay)
        if draft is None:
            continue
        if draft.id in drafts:
            context.problems.add(
                f"requirement {quoted(draft.id)} is there twice (first on line {drafts[draft.id].location.line})",
                "give each requirement its own id: findings and loosenings name it",
                draft.location,
            )
        else:
            drafts[draft.id] = draft
    return tuple(drafts.values())


def _read_requirement(
    context: Context, node: Node, number: int, known: frozenset[str], overlay: frozenset[str]
) -> RequirementDraft | None:
    name = next((value.text for key, value in node.pairs if key.text == "id" and value.kind == "str"), "")
    what = f"requirement {quoted(name)}" if name else f"requirement {number}"
    fields = Fields(context, node, what, REQUIREMENT_FIELDS, _SYNONYMS)
    if node.kind != "map":
        return None
    identifier = fields.text("id")
    if fields.get("id") is None:
        context.add(node, f"{what}: the field id is missing", "give it a short name, for example id: accountable-spend")
    elif identifier is not None and not _ID.fullmatch(identifier):
        context.add(
            fields.get("id") or node, f"{what}: {quoted(identifier)} is not an id", "letters, digits, . _ - only"
        )
    if not identifier:
        identifier = f"requirement-{number}"
    changes = identifier in overlay
    given: dict[str, Any] = {}
    if (description := fields.text("description", prose=True)) is not None:
        given["description"] = description
    selector = read_selector(fields, required=not changes)
    if selector is not None:
        given["selector"] = selector
    if (require := fields.get("require")) is not None:
        pairs = context.texts(require, fields.label("require"), "a key or a list of keys")
        given["require"] = tuple(text for text, _ in pairs)
        for text, item in pairs:
            context.places[("requirement", identifier, "require", text)] = context.at(item)
    if (when := fields.get("when")) is not None:
        given["when"] = read_condition(context, when, what, ("requirement", identifier))
    if (match := fields.get("match")) is not None:
        given["match"] = _read_match(context, match, what, identifier, known)
    if (exclusive := fields.get("exclusive")) is not None:
        given["exclusive"] = _read_exclusive(context, exclusive, what, identifier)
    if (severity := fields.choice("severity", SEVERITIES)) is not None:
        given["severity"] = Severity(severity)
    if (reach := fields.choice("reach", SEVERITIES)) is not None:
        given["reach"] = Severity(reach)
    if (start := fields.date("from")) is not None:
        given["becomes_error"] = start
        if not changes:
            given.setdefault("severity", Severity.WARNING)
        context.places[("requirement", identifier, "from")] = context.at(fields.get("from") or node)
    if not changes and not any(_says_something(fields.get(name)) for name in ("require", "match", "exclusive")):
        context.add(node, f"{what}: it asks for nothing", "add require: [key], match: or exclusive:")
    return RequirementDraft(identifier, given, context.at(node))


def _says_something(node: Node | None) -> bool:
    return node is not None and not (node.kind == "seq" and not node.items)


def read_selector(fields: Fields, *, required: bool) -> Selector | None:
    """`for:` and `types:` together; None when neither is there."""
    context, chosen, globs = fields.context, fields.get("for"), fields.get("types")
    if chosen is None and globs is None:
        if required:
            context.add(
                fields.node,
                f"{fields.what}: neither `for` nor `types`",
                "write for: all, for: [gpu, bucket] or types: [aws_s3_*]",
            )
        return None
    classes: tuple[str, ...] = ()
    everything = False
    if chosen is not None:
        names = context.texts(chosen, fields.label("for"), "all, a class or a list of classes")
        everything = any(text == "all" for text, _ in names)
        for text, item in names:
            if text != "all" and text not in CLASSES:
                guess = context.problems.did_you_mean(text, (*CLASSES, "all"))
                context.add(
                    item,
                    f"{fields.label('for')}: {quoted(text)} is not a class of resources",
                    f"{guess} classes: {listing(CLASSES, 60)}; all; for a type write types: [{text}]".strip(),
                )
        if everything and len(names) > 1:
            context.add(chosen, f"{fields.label('for')}: `all` beside other classes", "write for: all")
        if not names and chosen.kind == "seq" and not chosen.items:
            context.add(chosen, f"{fields.label('for')}: an empty list selects nothing", "name a class, or write all")
        classes = () if everything else tuple(text for text, _ in names)
    types: tuple[str, ...] = ()
    if globs is not None:
        pairs = context.texts(globs, fields.label("types"), "a type or a list of types")
        types = tuple(text for text, _ in pairs)
        for text, item in pairs:
            if not _TYPE_GLOB.fullmatch(text):
                context.add(
                    item, f"{fields.label('types')}: {quoted(text)} is not a type", "for example aws_sagemaker_*"
                )
        if everything:
            context.add(
                globs, f"{fields.label('types')}: `for: all` selects every type already", "remove one of the two"
            )
            types = ()
    return Selector(everything, classes, types)


def read_condition(context: Context, node: Node, what: str, place: tuple[str, ...]) -> Condition:
    """`when:`; whether keys and values exist is checked once the whole dictionary is known."""
    terms = []
    for key, key_node, value_node in context.mapping(node, f"{what}, when"):
        context.places[(*place, "when", key)] = context.at(key_node)
        pairs = context.texts(value_node, f"{what}, when {key}", "a value or a list of values")
        for text, item in pairs:
            context.places[(*place, "when", key, text)] = context.at(item)
        if not pairs and value_node.kind == "seq" and not value_node.items:
            context.add(value_node, f"{what}, when {key}: an empty list never holds", "list values, or remove the line")
        terms.append((key, tuple(text for text, _ in pairs)))
    if node.kind == "map" and not node.pairs:
        context.add(node, f"{what}, when: it is empty", "remove it: without `when` the requirement always holds")
    return Condition(tuple(sorted(terms)))


def _read_match(context: Context, node: Node, what: str, identifier: str, known: frozenset[str]) -> tuple[Match, ...]:
    matches = []
    for key, key_node, target in context.mapping(node, f"{what}, match"):
        context.places[("requirement", identifier, "match", key)] = context.at(key_node)
        context.places[("requirement", identifier, "match", key, "of")] = context.at(target)
        text = context.text(target, f"{what}, match {key}", "key.relation, for example team.cost-center")
        if text is None:
            continue
        if len(text) > 2 * MAX_NAME + 1:
            context.add(target, f"{what}, match {key}: {quoted(text)} is not key.relation", f"for example team.{key}")
            continue
        splits = [(text[:index], text[index + 1 :]) for index, char in enumerate(text) if char == "."]
        if not splits:
            context.add(target, f"{what}, match {key}: {quoted(text)} is not key.relation", f"for example team.{key}")
            continue
        # Key names may hold dots themselves: the split where both halves are keys is the one that was meant.
        of, relation = next((pair for pair in splits if pair[0] in known and pair[1] in known), splits[0])
        matches.append(Match(key, of, relation))
    if node.kind == "map" and not node.pairs:
        context.add(node, f"{what}, match: it is empty", "write match: {cost-center: team.cost-center}, or remove it")
    return tuple(sorted(matches, key=lambda match: (match.key, match.of, match.relation)))


def _read_exclusive(context: Context, node: Node, what: str, identifier: str) -> tuple[tuple[str, ...], ...]:
    items = context.sequence(node, f"{what}, exclusive")
    groups = items if items and all(item.kind == "seq" for item in items) else [node] if items else []
    found = []
    for group in groups:
        pairs = context.texts(group, f"{what}, exclusive", "a list of keys")
        for text, item in pairs:
            context.places[("requirement", identifier, "exclusive", text)] = context.at(item)
        if len(pairs) < 2:
            context.add(group, f"{what}, exclusive: a group needs at least two keys", "write exclusive: [[a, b]]")
        found.append(tuple(text for text, _ in pairs))
    if node.kind == "seq" and not items:
        context.add(node, f"{what}, exclusive: it is empty", "write exclusive: [[a, b]], or remove it")
    return tuple(found)


def read_service_levels(context: Context, node: Node) -> tuple[ServiceLevel, ...]:
    """The service levels of one file, in their order; the strictest that applies counts (`tagwright_drift.levels`)."""
    levels: dict[tuple[Selector, Condition], ServiceLevel] = {}
    items = context.sequence(node, "service_levels")
    if len(items) > MAX_SERVICE_LEVELS:
        context.add(items[MAX_SERVICE_LEVELS], f"more than {MAX_SERVICE_LEVELS} service levels", "merge some of them")
    for number, item in enumerate(items[:MAX_SERVICE_LEVELS], 1):
        what = f"service level {number}"
        fields = Fields(context, item, what, SERVICE_LEVEL_FIELDS, _SYNONYMS)
        if item.kind != "map":
            continue
        selector = read_selector(fields, required=True)
        when = fields.get("when")
        condition = Condition() if when is None else read_condition(context, when, what, ("service_level", str(number)))
        severity = fields.text("severity") or ""
        if severity and not _ID.fullmatch(severity):
            context.add(
                fields.get("severity") or item,
                f"{what}, severity: {quoted(severity)}",
                "one word, for example critical",
            )
        hours = _hours(fields, item)
        if selector is None or hours is None:
            continue
        if (selector, condition) in levels:
            context.add(item, f"{what}: an earlier one is for the same resources", "remove one: the first one counts")
        else:
            levels[selector, condition] = ServiceLevel(selector, hours, condition, severity)
    return tuple(levels.values())


def _hours(fields: Fields, item: Node) -> float | None:
    context, node = fields.context, fields.get("remediate_within")
    if node is None:
        context.add(item, f"{fields.what}: the field remediate_within is missing", "for example remediate_within: 48h")
        return None
    match = _DURATION.fullmatch(node.text) if node.kind == "str" else None
    if match is None:
        context.add(
            node,
            f"{fields.label('remediate_within')}: expected a duration, found {node.found()}",
            "a whole number and a unit: 30m, 48h, 14d or 2w",
        )
        return None
    hours = int(match.group(1)) * _MINUTES[match.group(2)] / 60
    if hours > _LONGEST_HOURS:
        context.add(
            node, f"{fields.label('remediate_within')}: {node.text} is more than ten years", "give a real limit"
        )
        return None
    return hours
