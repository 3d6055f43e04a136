"""Documents with `planned_values` and no `resource_changes`, as some exports are.

They leave unknown values out without a mark: a tag that is not there may still come.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tagwright_dictionary.model import Unknown
from tagwright_iac.plan.change import Change, EntryError, clean_text, instance_key, short_provider
from tagwright_iac.plan.cursor import Cursor, MalformedError
from tagwright_iac.plan.node import Node

LEFT_OUT = Unknown(
    "the document has only planned_values, which leave unknown values out",
    "check the whole output of `terraform show -json`",
)
_DEEPEST_MODULES = 100


def planned_changes(cursor: Cursor) -> Iterator[Change]:
    """Every managed resource of the section that the cursor stands at. Raises `MalformedError` and `EntryError`."""
    if cursor.peek() != "{":
        cursor.skip()
        return
    for key in cursor.entries():
        if key == "root_module":
            yield from _module(cursor, 0)
        else:
            cursor.skip()


def _module(cursor: Cursor, depth: int) -> Iterator[Change]:
    if depth > _DEEPEST_MODULES:
        raise MalformedError("modules are nested too deeply")
    if cursor.peek() != "{":
        cursor.skip()
        return
    for key in cursor.entries():
        if key not in {"resources", "child_modules"} or cursor.peek() != "[":
            cursor.skip()
            continue
        for _ in cursor.items():
            if key == "child_modules":
                yield from _module(cursor, depth + 1)
            else:
                change = _change(cursor.value())
                if change is not None:
                    yield change


def _change(raw: Any) -> Change | None:
    if not isinstance(raw, dict):
        raise EntryError("an entry of planned_values is no resource")
    if raw.get("mode", "managed") != "managed":
        return None
    values = raw.get("values")
    address, type_, name = (clean_text(raw, part) for part in ("address", "type", "name"))
    suffix = f"{type_}.{name}"
    key = instance_key(raw.get("index"))
    module = address.removesuffix(f"[{key}]" if key else "").removesuffix(suffix).removesuffix(".")
    return Change(
        address=address,
        module=module,
        type=type_,
        name=name,
        key=key,
        provider=short_provider(clean_text(raw, "provider_name", optional=True)),
        actions=("create",),
        importing=False,
        after=Node(_object(values), {}, raw.get("sensitive_values"), LEFT_OUT, absent=True),
        partial=LEFT_OUT,
    )


def _object(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None
