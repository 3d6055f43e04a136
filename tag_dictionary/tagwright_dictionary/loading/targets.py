"""Reading `targets:` — from which share of compliant spend, or of compliant resources, a report is green or yellow."""

from __future__ import annotations

import re

from tagwright_dictionary.dictionary import MEASURES, Target
from tagwright_dictionary.loading.context import Context, Fields
from tagwright_dictionary.loading.problems import quoted
from tagwright_dictionary.loading.tree import Node

FIELDS = ("green", "yellow")
_SYNONYMS = {"amber": "yellow", "target": "green", "goal": "green", "warn": "yellow"}
_MEASURE_SYNONYMS = {"spend": "spend_compliance", "cost": "spend_compliance", "count": "count_compliance"}
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?")


def read_targets(context: Context, node: Node) -> tuple[Target, ...]:
    """The targets of one file, by the name of the measure."""
    targets: dict[str, Target] = {}
    for name, key, item in context.mapping(node, "targets"):
        if name not in MEASURES:
            meant = _MEASURE_SYNONYMS.get(name)
            guess = f'did you mean "{meant}"?' if meant else context.problems.did_you_mean(name, MEASURES)
            context.add(key, f"unknown target {quoted(name)}", f"{guess} targets: {', '.join(MEASURES)}".strip())
            continue
        fields = Fields(context, item, f"target {name}", FIELDS, _SYNONYMS)
        if item.kind != "map":
            continue
        green, yellow = _percent(fields, item, "green"), _percent(fields, item, "yellow")
        if green is None or yellow is None:
            continue
        if yellow > green:
            context.add(
                fields.get("yellow") or item,
                f"target {name}: yellow begins at {yellow:g}, above green at {green:g}",
                "green is the target, yellow the share below which it is red",
            )
            continue
        targets[name] = Target(name, green, yellow)
    return tuple(targets[name] for name in sorted(targets))


def _percent(fields: Fields, item: Node, name: str) -> float | None:
    context, node = fields.context, fields.get(name)
    if node is None:
        context.add(item, f"{fields.what}: the field {name} is missing", f"for example {name}: 90")
        return None
    if node.kind not in ("int", "float") or not _PERCENT.fullmatch(node.text) or float(node.text) > 100:
        context.add(
            node,
            f"{fields.label(name)}: expected a percentage, found {node.found()}",
            "a number from 0 to 100 with at most four decimals, for example 95 or 97.5",
        )
        return None
    return float(node.text)
