"""The search index: scripts rather than data files, because a page on a disk may load only scripts.

`search/index.js` names the keys and the shards; a shard holds some thousand values and is loaded when somebody
searches. A shard's name holds its digest, so that a web cache never mixes versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from tagwright_dictionary.dictionary import Key, Value
from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.html import script_json

SHARD = 5_000
"""Values in a shard: about half a megabyte, which a browser parses between two frames."""


def index_files(facts: Facts) -> Iterator[tuple[str, bytes]]:
    """(path, content) of the index and its shards."""
    keys = facts.dictionary.keys
    rows = [_row(number, value) for number, key in enumerate(keys) for value in key.values or ()]
    shards = []
    for number, start in enumerate(range(0, len(rows), SHARD)):
        content = f"tagwright.shard({number},{script_json(rows[start : start + SHARD])});\n".encode(
            "utf-8", "backslashreplace"
        )
        name = f"{number}-{hashlib.sha256(content).hexdigest()[:16]}.js"
        shards.append(name)
        yield f"search/{name}", content
    head = {"keys": [_key(facts, key) for key in keys], "shards": shards, "values": len(rows)}
    yield "search/index.js", f"tagwright.index({script_json(head)});\n".encode("utf-8", "backslashreplace")


def _key(facts: Facts, key: Key) -> list[Any]:
    return [
        key.name,
        words.heading(key),
        addresses.slug(key.name),
        key.description,
        ", ".join(key.approvers),
        facts.standing(key.name),
    ]


def _row(number: int, value: Value) -> list[Any]:
    """key, value, file name (0: the value itself), title, aliases, billing code, owner, deprecated, relations and
    description; what is empty at the end is left out.
    """
    name = addresses.slug(value.value)
    related = dict.fromkeys(target for other, targets in value.relations if other != "owner" for target in targets)
    row = [
        number,
        value.value,
        0 if name == value.value else name,
        value.title or 0,
        list(value.aliases) or 0,
        value.billing_code or 0,
        value.owner or 0,
        int(value.status == "deprecated"),
        list(related) or 0,
        value.description or 0,
    ]
    while row[-1] == 0 and len(row) > 2:
        row.pop()
    return row
