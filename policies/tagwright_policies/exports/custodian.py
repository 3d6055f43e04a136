"""`custodian`: Cloud Custodian policies for what runs on AWS, without actions: they find what is not compliant.

One policy a resource type and requirement, and one a resource type for the values. `notify`, `mark-for-op` and the
like are the reader's to add.
"""

from __future__ import annotations

import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

from tagwright_dictionary.catalogue.entries import Entry, find
from tagwright_dictionary.catalogue.files import read_data
from tagwright_dictionary.dictionary import Dictionary, Selector
from tagwright_dictionary.judging.text import listed, plain
from tagwright_policies.exports import gaps, patterns
from tagwright_policies.exports.contract import NON_ASCII, OTHER_TYPES, Export, File, Gap, Maker
from tagwright_policies.exports.header import commented, header
from tagwright_policies.exports.pretending import SEPARATORS, nobodys, one_pattern
from tagwright_policies.exports.rules import KeyRule, RequirementRule, Rules
from tagwright_policies.exports.yaml_writing import Alias, Anchored, written

Node = dict[str, Any]
GPU: Final = "gpu"
_PATTERNS: Final = ("placeholder", "nobody", "no-number")
_INSTANCE_TYPE: Final = {
    "ec2": "InstanceType",
    "ec2-capacity-reservation": "InstanceType",
    "sagemaker-notebook": "InstanceType",
}
"""Where Custodian's own view of a resource holds the instance type that decides whether it is a GPU."""


@dataclass(frozen=True, slots=True)
class Custodian:
    """See the module's docstring."""

    name: str = "custodian"
    summary: str = "Cloud Custodian policies for AWS: one for each resource type and requirement."

    def export(self, dictionary: Dictionary, today: date, maker: Maker) -> Export:
        rules = Rules(dictionary, today)
        found = tuple(_gaps(rules))
        notes = ("custodian run -s out policies/ec2.yml. There are no actions: add your own.",)
        top = commented(header(dictionary, maker, found, notes), "#")
        shared = _shared(rules)
        files = []
        for resource in sorted(resources()):
            policies = list(_policies(rules, resource, shared))
            if policies:
                anchors = set().union(*map(_anchors, policies))
                used = {name: node for name, node in shared.items() if name in anchors or name in _PATTERNS}
                text = written({"vars": used, "policies": policies})
                files.append(File(f"policies/{resource}.yml", f"{top}\n{text}"))
        return Export(tuple(files), found, notes)


@cache
def resources() -> Mapping[str, str]:
    """Custodian's AWS resources that take tags, with their CloudFormation types (`tools/make_custodian.py`)."""
    content = pkgutil.get_data(__package__, "data/custodian.json") or b"{}"
    found: dict[str, str] = json.loads(content)
    return found


def _gaps(rules: Rules) -> Iterator[Gap]:
    yield from gaps.of_the_whole(rules.dictionary)
    yield from gaps.of_values(rules)
    yield from gaps.of_case_warnings(rules)
    yield from gaps.of_deprecated(rules)
    yield from gaps.of_days(rules)
    yield Gap("key-case", "keys in another case are recognised by their ASCII letters only", only=NON_ASCII)
    yield Gap(
        "classes",
        "only AWS: Google Cloud, Azure and Kubernetes have no policies here",
        clouds=("azure", "gcp", "kubernetes"),
    )
    yield Gap("classes", "AWS types to which Custodian adds no tags have no policies here", only=OTHER_TYPES)
    if GPU in rules.classes():
        lost = sorted(name for name, kind in resources().items() if _may_be_gpu(name, find(kind)))
        text = f"gpu: whether {listed(lost, 8)} have an accelerator is not looked at"
        yield Gap("classes", text, picked_by=GPU, types=_terraform(lost))
        text = "gpu: an instance family that is in no table counts as one without an accelerator"
        yield Gap("undecided", text, picked_by=GPU, types=_terraform(sorted(_INSTANCE_TYPE)))
    for each in rules.requirements:
        strange = [name for name in each.selector.types if not any(_chosen(name, kind) for kind in resources())]
        if strange:
            yield Gap(
                "classes",
                f"{plain(each.id)}: {listed(strange)} is no type that Custodian tags",
                requirement=each.id,
            )


def _may_be_gpu(name: str, entry: Entry | None) -> bool:
    return entry is not None and GPU not in entry.classes and bool(entry.rules) and name not in _INSTANCE_TYPE


def _terraform(names: list[str]) -> tuple[str, ...]:
    """Custodian's resources as Terraform's types."""
    found = (find(resources()[name]) for name in names)
    return tuple(dict.fromkeys(name for each in found if each for name in (each.terraform, *each.aliases) if name))


def _chosen(glob: str, resource: str) -> bool:
    return any(fnmatchcase(name, glob) for name in _names(resource))


def _names(resource: str) -> tuple[str, ...]:
    """What a type glob may call the resource: its CloudFormation type, and Terraform's."""
    kind = resources()[resource]
    entry = find(kind)
    return (kind, entry.terraform, *entry.aliases) if entry else (kind,)


def _shared(rules: Rules) -> Node:
    """What every resource is judged by the same way, written once."""
    faults = list(_faults(rules))
    shared: Node = dict(_placeholders(rules))
    if faults:
        shared["values"] = Anchored("values", [_or(faults)])
    for number, rule in enumerate(rules.requirements):
        broken = list(_breaches(rule, rules))
        if broken:
            when = [_tag(rules, name, op="in", value=list(values)) for name, values in rule.when]
            shared[f"requirement-{number}"] = Anchored(f"requirement-{number}", [*when, _or(broken)])
    return shared


def _policies(rules: Rules, resource: str, shared: Node) -> Iterator[Node]:
    taken: set[str] = set()
    if "values" in shared:
        yield _policy(f"{resource}-values", resource, "Tag values that are not approved", "error", "values", taken)
    for number, rule in enumerate(rules.requirements):
        anchor = f"requirement-{number}"
        picked = _selected(rule.selector, resource)
        if picked is None or anchor not in shared:
            continue
        title = plain(rule.requirement.description or rule.id, 200)
        made = _policy(f"{resource}-{rule.id}", resource, title, rule.severity.value, anchor, taken)
        if picked:
            made["filters"] = [*picked, {"and": Alias(anchor)}]
        yield made


def _anchors(policy: Node) -> set[str]:
    filters = policy["filters"]
    nodes = filters if isinstance(filters, list) else [{"and": filters}]
    return {node["and"].name for node in nodes if isinstance(node.get("and"), Alias)}


def _policy(name: str, resource: str, title: str, severity: str, anchor: str, taken: set[str]) -> Node:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", f"tagwright-{name}").strip("-")
    chosen, number = slug, 2
    while chosen in taken:
        chosen, number = f"{slug}-{number}", number + 1
    taken.add(chosen)
    return {
        "name": chosen,
        "resource": f"aws.{resource}",
        "description": title,
        "metadata": {"severity": severity},
        "filters": Alias(anchor),
    }


def _selected(selector: Selector, resource: str) -> list[Node] | None:
    """The filters that pick what the selector picks; None where it never picks this resource."""
    entry = find(resources()[resource])
    certain = frozenset(entry.classes) if entry else frozenset()
    if (
        selector.everything
        or certain & set(selector.classes)
        or any(_chosen(glob, resource) for glob in selector.types)
    ):
        return []
    if GPU in selector.classes and resource in _INSTANCE_TYPE:
        families = sorted(patterns.literal(name) for name in read_data("accelerators")["aws"]["accelerators"])
        accelerated = rf"(?:ml\.)?{patterns.alternatives(families)}\."
        return [{"type": "value", "key": _INSTANCE_TYPE[resource], "op": "regex", "value": accelerated}]
    return None


def _faults(rules: Rules) -> Iterator[Node]:
    """What is wrong with a value that is there: flat filters, because Custodian checks each against its schema."""
    for rule in rules.keys.values():
        if rule.accepted is not None:
            wrong = _tag(rules, rule.name, op="not-in", value=list(rule.accepted))
            yield {"and": [_tag(rules, rule.name, value="not-null"), wrong]}
            continue
        ways = [rf"(?!(?:{shape})\Z)" for shape in rule.shapes]
        domains = nobodys(rule.key.domains)
        if rule.key.format == "email" and domains:
            ways.append(rf"(?={domains}\Z)")
        if ways:
            yield _tag(rules, rule.name, op="regex-case", value=rf"(?:{'|'.join(ways)})[\s\S]")
        yield _tag(rules, rule.name, op="regex-case", value=Alias(_pretends(rule)))


def _pretends(rule: KeyRule) -> str:
    return {"email": "nobody", "integer": "no-number"}.get(rule.key.format, "placeholder")


def _placeholders(rules: Rules) -> Iterator[tuple[str, Anchored]]:
    """The patterns of values that only pretend (not empty), written once. Python's own classes are shorter than the
    portable ones, and see more.
    """
    further = rules.dictionary.placeholders
    for name in dict.fromkeys(_pretends(rule) for rule in rules.keys.values() if rule.open):
        pattern = one_pattern(further, email=name == "nobody").replace(SEPARATORS, r"[\W_]")
        spared = r"(?![0-9]+\Z)" if name == "no-number" else ""
        yield name, Anchored(name, rf"{spared}(?={pattern}\Z)[\s\S]")


def _breaches(rule: RequirementRule, rules: Rules) -> Iterator[Node]:
    for name in rule.require:
        yield _tag(rules, name, value="empty")
        yield _misspelt(rules.spelled("aws")[name])
    for match in rule.matches:
        for of, allowed in match.rows:
            yield {
                "and": [
                    _tag(rules, match.of, op="in", value=[of]),
                    _tag(rules, match.key, value="not-null"),
                    _tag(rules, match.key, op="not-in", value=list(allowed)),
                ]
            }
    for group in rule.exclusive:
        for place, first in enumerate(group):
            for second in group[place + 1 :]:
                yield {"and": [_tag(rules, first, value="not-null"), _tag(rules, second, value="not-null")]}


def _misspelt(key: str) -> Node:
    """A tag of that name in another case. (Custodian's `regex` ignores case.)"""
    return {
        "type": "list-item",
        "key": "Tags",
        "attrs": [
            {"type": "value", "key": "Key", "op": "regex", "value": rf"(?:{patterns.literal(key)})\Z"},
            {"not": [{"type": "value", "key": "Key", "op": "in", "value": [key]}]},
        ],
    }


def _tag(rules: Rules, name: str, **how: Any) -> Node:
    return {"type": "value", "key": f"tag:{rules.spelled('aws')[name]}", **how}


def _or(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else {"or": nodes}
