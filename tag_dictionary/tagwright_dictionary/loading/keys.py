"""Reading `keys:` — what each tag key means and which values it takes."""

from __future__ import annotations

from typing import Any

from tagwright_dictionary.loading import tables
from tagwright_dictionary.loading.context import Context, Fields
from tagwright_dictionary.loading.layer import KeyDraft, ValueDraft
from tagwright_dictionary.loading.problems import quoted
from tagwright_dictionary.loading.tree import Node

FORMATS = ("email", "slug", "date", "url", "arn", "integer")
STATUSES = ("active", "deprecated")
KEY_FIELDS = (
    "title", "description", "values", "values_from", "add_values", "pattern", "format", "domains", "approvers",
    "examples", "default",
)  # fmt: skip
VALUE_FIELDS = ("title", "description", "aliases", "status", "until", "replaced_by", "owner", "billing_code")
_KEY_SYNONYMS = {
    "regex": "pattern", "regexp": "pattern", "enum": "values", "allowed": "values", "allowed_values": "values",
    "type": "format", "name": "title", "label": "title", "csv": "values_from", "example": "examples",
}  # fmt: skip
_VALUE_SYNONYMS = {
    "alias": "aliases", "synonyms": "aliases", "expires": "until", "end": "until", "successor": "replaced_by",
    "name": "title", "label": "title", "deprecated": "status",
}  # fmt: skip
MAX_VALUES = 200_000
MAX_NAME = 128  # AWS: a tag key has at most 128 characters
MAX_VALUE = 256  # AWS and Azure: a tag value has at most 256 characters
_KEY_PUNCTUATION = frozenset(" _.:/=+-@")  # AWS: letters, digits, spaces and these


def read_keys(
    context: Context, pairs: list[tuple[str, Node, Node]], known: frozenset[str], *, overlay: bool
) -> tuple[KeyDraft, ...]:
    """The keys of one file. `known` are the names a value may relate to: this file's keys and those it extends."""
    drafts: dict[str, KeyDraft] = {}
    for name, key_node, node in pairs:
        if problem := name_problem(name):
            context.add(
                key_node, f"key {quoted(name)}: {problem}", "a key is what is typed in the tag, for example cost-center"
            )
        if name not in drafts:  # a duplicate has been reported by the tree
            drafts[name] = _read_key(context, name, key_node, node, known, overlay=overlay)
    return tuple(drafts.values())


def name_problem(name: str) -> str:
    """Why `name` cannot be a tag key; "" when it can."""
    if not name or name != name.strip():
        return "is empty or has spaces around it"
    if len(name) > MAX_NAME:
        return f"has {len(name)} characters, at most {MAX_NAME} are possible"
    if name.lower().startswith("aws:"):
        return "the prefix aws: is reserved by AWS"
    for char in name:
        if not (char.isalnum() or char in _KEY_PUNCTUATION):
            return f"the character {quoted(char)} cannot be in a tag key"
    return ""


def _read_key(
    context: Context, name: str, key_node: Node, node: Node, known: frozenset[str], *, overlay: bool
) -> KeyDraft:
    what = f"key {quoted(name)}"
    location = context.at(key_node)
    if node.kind == "null":
        return KeyDraft(name, {}, location)
    fields = Fields(context, node, what, KEY_FIELDS, _KEY_SYNONYMS)
    given: dict[str, Any] = {}
    for field in ("title", "description"):
        if (text := fields.text(field, prose=True)) is not None:
            given[field] = text
    for field in ("pattern", "default"):
        if (text := fields.text(field)) is not None:
            given[field] = text
            context.places[("key", name, field)] = context.at(fields.get(field) or node)
    if (chosen := fields.choice("format", FORMATS)) is not None:
        given["format"] = chosen
    for field in ("domains", "approvers", "examples"):
        if (listed := fields.get(field)) is not None:
            texts = context.texts(listed, fields.label(field))
            given[field] = tuple(text for text, _ in texts)
            context.places[("key", name, field)] = context.at(listed)
            context.places.update((("key", name, field, text), context.at(item)) for text, item in texts)
    for domain in given.get("domains", ()):
        if problem := _domain_problem(domain):
            where = context.places[("key", name, "domains", domain)]
            context.problems.add(f"{what}, domains: {quoted(domain)} {problem}", "write acme.example", where)
    values = _read_values(context, fields, "values", name, known)
    if (table := fields.get("values_from")) is not None:
        rows = tables.read_table(context, table, name, known)
        values = (*(values or ()), *rows)
    added = _read_values(context, fields, "add_values", name, known)
    if added is not None and not overlay:
        context.add(
            fields.get("add_values") or node, f"{what}: add_values without `extends`", "write the values under `values`"
        )
    if added is not None and values is not None:
        context.add(
            fields.get("add_values") or node, f"{what}: both a new list of values and add_values", "keep one of them"
        )
    return KeyDraft(name, given, location, values, added or ())


def _domain_problem(domain: str) -> str:
    labels = domain.split(".")
    if domain != domain.lower():
        return f"is not lower case: write {domain.lower()}"
    if domain.startswith("@"):
        return "starts with @"
    if len(labels) < 2 or not all(label and label.replace("-", "a").isalnum() and label.isascii() for label in labels):
        return "is not a domain"
    return ""


def _read_values(
    context: Context, fields: Fields, field: str, key: str, known: frozenset[str]
) -> tuple[ValueDraft, ...] | None:
    node = fields.get(field)
    if node is None:
        return None
    what = f"key {quoted(key)}, {field}"
    if node.kind == "seq":
        drafts = [_draft(context, item, None, key, ()) for item in node.items]
    elif node.kind == "map":
        allowed = (*VALUE_FIELDS, *sorted(known - set(VALUE_FIELDS)))
        drafts = [_draft(context, name, detail, key, allowed) for name, detail in node.pairs]
    else:
        context.add(
            node,
            f"{what}: expected a mapping or a list of values, found {node.found()}",
            "write `values: {a: {}, b: {}}`",
        )
        return None
    if len(drafts) > MAX_VALUES:
        context.add(node, f"{what}: more than {MAX_VALUES:,} values", "use a pattern, or split the key")
        return ()
    if not drafts:
        context.add(
            node, f"{what}: the list is empty, so no value would be approved", "list the approved values, or remove it"
        )
    return tuple(draft for draft in drafts if draft is not None)


def _draft(context: Context, name: Node, detail: Node | None, key: str, allowed: tuple[str, ...]) -> ValueDraft | None:
    value = context.text(name, f"key {quoted(key)}, values", "a value")
    if value is None:
        return None
    location = context.at(name)
    if detail is None or detail.kind == "null" or (detail.kind == "map" and not detail.pairs):
        return ValueDraft(value, {}, location)
    what = f"value {quoted(value)} of {quoted(key)}"
    fields = Fields(context, detail, what, allowed, _VALUE_SYNONYMS)
    given: dict[str, Any] = {}
    for field in ("title", "description", "owner", "billing_code"):
        if (text := fields.text(field, prose=field in ("title", "description"))) is not None:
            given[field] = text
    if (status := fields.choice("status", STATUSES)) is not None:
        given["status"] = status
    if (until := fields.date("until")) is not None:
        given["until"] = until
        context.places[("value", key, value, "until")] = context.at(fields.get("until") or name)
    if (replaced_by := fields.text("replaced_by")) is not None:
        given["replaced_by"] = replaced_by
        context.places[("value", key, value, "replaced_by")] = context.at(fields.get("replaced_by") or name)
    if (aliases := fields.get("aliases")) is not None:
        pairs = context.texts(aliases, f"{what}, aliases")
        given["aliases"] = tuple(text for text, _ in pairs)
        for text, alias in pairs:
            context.places[("alias", key, value, text)] = context.at(alias)
    relations = []
    for other, relation in fields.given():
        if other in VALUE_FIELDS:
            continue
        pairs = context.texts(relation, f"{what}, {other}")
        relations.append((other, tuple(text for text, _ in pairs)))
        for text, item in pairs:
            context.places[("relation", key, value, other, text)] = context.at(item)
    if relations:
        given["relations"] = tuple(sorted(relations))
    return ValueDraft(value, given, location)
