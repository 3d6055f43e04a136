"""Reading exemptions: an own file named by `exemptions:`, or a list in the dictionary itself.

What is missing from one exemption does not stop the load: it is kept in `Exemption.problem`, so that the gate does not
honour it and says why. Broken YAML and unknown fields do stop it.
"""

from __future__ import annotations

from pathlib import Path

from tagwright_dictionary.dictionary import Exemption
from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import references
from tagwright_dictionary.loading.context import Context, Fields, parse_date
from tagwright_dictionary.loading.documents import decode
from tagwright_dictionary.loading.problems import quoted
from tagwright_dictionary.loading.references import Kind
from tagwright_dictionary.loading.tree import Node, parse

FIELDS = (
    "id", "reason", "approver", "until", "addresses", "types", "paths", "accounts", "rules", "keys", "problem",
)  # fmt: skip
_SYNONYMS = {
    "expires": "until", "expiry": "until", "approved_by": "approver", "owner": "approver", "address": "addresses",
    "resources": "addresses", "type": "types", "path": "paths", "account": "accounts", "rule": "rules", "key": "keys",
    "comment": "reason", "justification": "reason", "tags": "keys", "name": "id",
}  # fmt: skip


def read_exemptions(context: Context, node: Node) -> tuple[Exemption, ...]:
    """The exemptions in their order. Mistakes that stop the load go to the context's problems."""
    if node.kind == "seq":
        return _read_list(context, node)
    name = context.text(node, "exemptions", "a file name or a list")
    if not name:
        return ()
    try:
        reference = references.sibling(context.document.reference, name, context.at(node))
        inside = str(Path(context.document.reference.base).parent) if reference.kind is Kind.LOCAL else ""
        document = context.documents.open(reference, context.at(node), inside)
        root = parse(decode(document), document.display, context.problems)
    except DictionaryError as error:
        context.problems.take(error)
        return ()
    if root is None or root.kind == "null":  # every exemption has run out: an empty file is fine
        return ()
    return _read_list(Context(document, context.documents, context.problems, context.places), root)


def _read_list(context: Context, node: Node) -> tuple[Exemption, ...]:
    found: dict[str, Exemption] = {}
    for number, item in enumerate(context.sequence(node, "exemptions"), 1):
        exemption = _read_one(context, item, number)
        if exemption is None:
            continue
        if exemption.id in found:
            context.add(item, f"exemption {quoted(exemption.id)} is there twice", "give each its own id")
        found.setdefault(exemption.id, exemption)
    return tuple(found.values())


def _read_one(context: Context, node: Node, number: int) -> Exemption | None:
    name = next((value.text for key, value in node.pairs if key.text == "id" and value.kind == "str"), "")
    what = f"exemption {quoted(name)}" if name else f"exemption {number}"
    fields = Fields(context, node, what, FIELDS, _SYNONYMS)
    if node.kind != "map":
        return None
    problems: list[str] = []
    reason = _soft_text(fields, "reason", problems)
    approver = _soft_text(fields, "approver", problems)
    until = None
    day = fields.get("until")
    if day is None or day.kind == "null":
        problems.append("it has no until: an exemption needs its last day")
    else:
        until = parse_date(day.text) if day.kind in ("str", "date") else None
        if until is None:
            problems.append(f"until is not a real day written YYYY-MM-DD: {day.found()}")
    where = [fields.texts(field) or () for field in ("addresses", "types", "paths", "accounts")]
    if not any(where):
        problems.append('it names no addresses, types, paths or accounts: write addresses: ["*"] if all are meant')
    stated = fields.text("problem")
    return Exemption(
        id=fields.text("id") or f"exemption-{number}",
        reason=reason,
        approver=approver,
        until=until,
        addresses=where[0],
        types=where[1],
        paths=where[2],
        accounts=where[3],
        rules=fields.texts("rules") or (),
        keys=fields.texts("keys") or (),
        location=context.at(node),
        problem=stated or "; ".join(problems),
    )


def _soft_text(fields: Fields, name: str, problems: list[str]) -> str:
    node = fields.get(name)
    text = "" if node is None or node.kind == "null" else (fields.text(name, prose=True) or "").strip()
    if not text:
        problems.append(f"it has no {name}")
    return text
