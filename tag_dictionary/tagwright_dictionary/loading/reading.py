"""Reading one dictionary file, and the chain of files it extends, into a checked `Dictionary`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tagwright_dictionary.dictionary import Dictionary, Exemption, UnknownPolicy
from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import references
from tagwright_dictionary.loading.checks import Checker
from tagwright_dictionary.loading.context import Context, Fields
from tagwright_dictionary.loading.documents import Document, Documents, decode
from tagwright_dictionary.loading.exemptions import read_exemptions
from tagwright_dictionary.loading.keys import read_keys
from tagwright_dictionary.loading.layer import Layer, Named
from tagwright_dictionary.loading.layers import combine
from tagwright_dictionary.loading.loosening import refuse_undeclared
from tagwright_dictionary.loading.problems import Problems, quoted
from tagwright_dictionary.loading.providers import read_providers
from tagwright_dictionary.loading.references import Reference
from tagwright_dictionary.loading.requirements import read_requirements, read_service_levels
from tagwright_dictionary.loading.targets import read_targets
from tagwright_dictionary.loading.tree import Node, parse
from tagwright_dictionary.model import Location

SCHEMA = 1
MAX_LAYERS = 8
MAX_KEYS = 2_000
FIELDS = (
    "schema", "name", "version", "contacts", "extends", "loosens", "remove", "keys", "requirements", "unknown",
    "placeholders", "providers", "service_levels", "targets", "exemptions",
)  # fmt: skip
_SYNONYMS = {
    "rules": "requirements", "policies": "requirements", "tags": "keys", "extend": "extends", "inherits": "extends",
    "sla": "service_levels", "slas": "service_levels", "on_unknown": "unknown", "on-unknown": "unknown",
    "owner": "contacts", "goals": "targets", "thresholds": "targets",
}  # fmt: skip
# https://semver.org, "Is there a suggested regular expression": without the optional parts' named groups.
_NUMBER = r"(?:0|[1-9][0-9]{0,8})"
_PART = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_PART}(?:\.{_PART})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def read(reference: Reference, documents: Documents) -> Dictionary:
    """The whole dictionary behind `reference`, without digest. Raises DictionaryError with every mistake found."""
    problems = Problems()
    document = documents.open(reference)
    dictionary = _read(document, documents, problems, ())
    problems.raise_if_any()
    if dictionary is None:
        raise DictionaryError("the dictionary is empty", location=Location(document.display))
    return dictionary


def _read(document: Document, documents: Documents, problems: Problems, chain: tuple[str, ...]) -> Dictionary | None:
    context = Context(document, documents, problems, {})
    try:
        root = parse(decode(document), document.display, problems)
    except DictionaryError as error:
        problems.take(error)
        return None
    if root is None or root.kind != "map":
        found = "an empty file" if root is None or root.kind == "null" else root.found()
        where = Location(document.display, 1, 1) if root is None else context.at(root)
        problems.add(
            f"expected a dictionary, found {found}", f"start with: schema: {SCHEMA}, name, version, keys", where
        )
        return None
    earlier = len(problems)
    fields = Fields(context, root, "the dictionary", FIELDS, _SYNONYMS)
    base = _read_base(context, fields, (*chain, str(document.reference)))
    overlay = fields.get("extends") is not None
    if overlay and base is None:
        _read_head(context, fields)
        return None  # what the names in this file refer to is not known
    layer, complete = _read_layer(context, fields, base)
    dictionary = combine(base, layer, problems)
    if complete:
        Checker(dictionary, problems, context.places).check()
    if base is not None:
        refuse_undeclared(base, dictionary, layer, problems)
    if len(problems) == earlier:
        from tagwright_dictionary.loading.schema import check_schema  # noqa: PLC0415 - a cached load does without

        check_schema(root, context)
    return _with_exemption_problems(dictionary)


def _read_base(context: Context, fields: Fields, chain: tuple[str, ...]) -> Dictionary | None:
    node = fields.get("extends")
    if node is None:
        return None
    text = context.text(node, "extends", "a path, a pinned URL or a pinned git reference")
    if not text:
        return None
    try:
        reference = references.sibling(context.document.reference, text, context.at(node))
        if len(chain) >= MAX_LAYERS:
            context.add(node, f"more than {MAX_LAYERS} dictionaries extend each other", "merge some of them")
            return None
        document = context.documents.open(reference, context.at(node))
    except DictionaryError as error:
        context.problems.take(error)
        return None
    if str(document.reference) in chain:
        context.add(node, f"{text} extends this dictionary in turn", "break the circle")
        return None
    return _read(document, context.documents, context.problems, chain)


def _read_layer(context: Context, fields: Fields, base: Dictionary | None) -> tuple[Layer, bool]:
    """The file as a layer, and whether its keys could be read, so that references to them can be checked."""
    keys_node = fields.get("keys")
    pairs: list[tuple[str, Node, Node]] = []
    complete = True
    if keys_node is not None:
        pairs = context.mapping(keys_node, "keys")
        complete = keys_node.kind == "map"
    elif base is None:
        context.add(
            fields.node,
            "the dictionary: the field keys is missing",
            "list the tag keys: keys: {owner: {format: email}}",
        )
        complete = False
    if keys_node is not None and keys_node.kind == "map" and not keys_node.pairs and base is None:
        context.add(keys_node, "keys: there is none", "list the tag keys: keys: {owner: {format: email}}")
        complete = False
    if len(pairs) > MAX_KEYS:
        context.add(
            pairs[MAX_KEYS][1], f"keys: more than {MAX_KEYS:,}", "no provider takes more than a few hundred tags"
        )
        pairs, complete = pairs[:MAX_KEYS], False
    below = frozenset(key.name for key in base.keys) if base is not None else frozenset()
    known = below | {name for name, _, _ in pairs}
    ids = frozenset(requirement.id for requirement in base.requirements) if base is not None else frozenset()
    node = fields.get
    requirements = node("requirements")
    providers, levels, exemptions = node("providers"), node("service_levels"), node("exemptions")
    targets = node("targets")
    layer = Layer(
        location=context.at(fields.node),
        fields=_read_head(context, fields),
        keys=read_keys(context, pairs, known, overlay=base is not None),
        requirements=() if requirements is None else read_requirements(context, requirements, known, overlay=ids),
        providers=() if providers is None else read_providers(context, providers),
        service_levels=() if levels is None else read_service_levels(context, levels),
        targets=() if targets is None else read_targets(context, targets),
        exemptions=() if exemptions is None else read_exemptions(context, exemptions),
        placeholders=fields.texts("placeholders") or (),
        remove=_read_remove(context, fields, overlay=base is not None),
        loosens=_read_loosens(context, fields, overlay=base is not None),
    )
    return layer, complete


def _read_head(context: Context, fields: Fields) -> dict[str, Any]:
    schema = fields.get("schema")
    if schema is None:
        context.add(
            fields.node, "the dictionary: the field schema is missing", f"write schema: {SCHEMA} on the first line"
        )
    elif schema.kind != "int" or schema.text != str(SCHEMA):
        newer = "this file may need a newer tagwright; " if schema.kind == "int" else ""
        context.add(schema, f"schema: expected {SCHEMA}, found {schema.found()}", f"{newer}write schema: {SCHEMA}")
    given: dict[str, Any] = {"name": "", "version": ""}
    for field, pattern, example in (
        ("name", _NAME, "letters, digits, . _ - only, for example acme-ml"),
        ("version", _SEMVER, "major.minor.patch as semver.org has it, for example 1.0.0"),
    ):
        node = fields.get(field)
        if node is None:
            context.add(fields.node, f"the dictionary: the field {field} is missing", f"add {field}: {example}")
        elif (text := context.text(node, field)) is not None:
            if not pattern.fullmatch(text):
                context.add(
                    node,
                    f"{field}: {quoted(text)} is not a {'semantic version' if field == 'version' else 'name'}",
                    example,
                )
            given[field] = text
    if (contacts := fields.texts("contacts")) is not None:
        given["contacts"] = contacts
    if (unknown := fields.choice("unknown", [policy.value for policy in UnknownPolicy])) is not None:
        given["unknown"] = UnknownPolicy(unknown)
    return given


def _read_remove(context: Context, fields: Fields, *, overlay: bool) -> tuple[Named, ...]:
    node = fields.get("remove")
    if node is None:
        return ()
    if not overlay:
        context.add(node, "remove: this dictionary extends no other", "delete the lines themselves")
    return tuple(Named(path, context.at(item)) for path, item in context.texts(node, "remove"))


def _read_loosens(context: Context, fields: Fields, *, overlay: bool) -> tuple[Named, ...]:
    node = fields.get("loosens")
    if node is None:
        return ()
    if not overlay:
        context.add(node, "loosens: this dictionary extends no other", "remove it")
    declared = []
    for number, item in enumerate(context.sequence(node, "loosens"), 1):
        entry = Fields(context, item, f"loosens, entry {number}", ("change", "reason"))
        change, reason = entry.text("change"), entry.text("reason", prose=True)
        for field, text in (("change", change), ("reason", reason)):
            if (item.kind == "map" and entry.get(field) is None) or (text is not None and not text.strip()):
                context.add(
                    item, f"loosens, entry {number}: no {field}", "write {change: keys.owner.pattern, reason: why}"
                )
        if change:
            declared.append(Named(change, context.at(item), reason or ""))
    return tuple(declared)


def _with_exemption_problems(dictionary: Dictionary) -> Dictionary:
    """Exemptions for keys that do not exist are kept, not honoured, and say so."""
    names = {key.name for key in dictionary.keys}
    exemptions: list[Exemption] = []
    for exemption in dictionary.exemptions:
        strange = [key for key in exemption.keys if key not in names]
        if strange and not exemption.problem:
            exemptions.append(
                replace(exemption, problem=f"it names the key {quoted(strange[0])}, which the dictionary does not have")
            )
        else:
            exemptions.append(exemption)
    return replace(dictionary, exemptions=tuple(exemptions), _index={})
