"""`rego`: a policy for conftest (Rego v1) on `terraform show -json`, and the data document it reads.

The policy is the same for every dictionary; all that a dictionary says is data, so nothing of it is ever read as code.
"""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tagwright_dictionary.catalogue.entries import Entry, Rule, entries
from tagwright_dictionary.catalogue.files import read_data
from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.data import LIMITS
from tagwright_dictionary.judging.label_form import to_label
from tagwright_dictionary.judging.text import listed, plain
from tagwright_policies.exports import gaps, patterns
from tagwright_policies.exports.contract import CARRIED, DEFERRED, LATE_DEFAULTS, Export, File, Gap, Maker
from tagwright_policies.exports.header import commented, header
from tagwright_policies.exports.pretending import SEPARATORS, nobodys, pretending
from tagwright_policies.exports.rules import KeyRule, RequirementRule, Rules, forbidden_ascii
from tagwright_policies.exports.terraform_variables import says

_TABLES = {"aws": "aws", "awscc": "aws", "google": "gcp", "azurerm": "azure"}
_KINDS = frozenset({"aws-instance", "google-machine", "azure-size", "gpu-word", "present"})
_SHAPES = frozenset({"map", "labels", "list", "tag_block"})
_POLICY = ("tags.rego", "plan.rego", "values.rego", "classes.rego")
GPU = "gpu"


@dataclass(frozen=True, slots=True)
class Rego:
    """See the module's docstring."""

    name: str = "rego"
    summary: str = "A Rego policy with its data, for conftest on Terraform plans (terraform show -json)."

    def export(self, dictionary: Dictionary, today: date, maker: Maker) -> Export:
        rules = Rules(dictionary, today)
        found = tuple(_gaps(rules))
        notes = ("conftest test --policy policy --data data plan.json",)
        lines = header(dictionary, maker, found, notes)
        top = commented(lines, "#")
        document = {"tagwright": {"about": lines, **_document(rules)}}
        text = json.dumps(document, ensure_ascii=True, indent=1, sort_keys=True) + "\n"
        files = [File(f"policy/{name}", f"{top}{_policy(name)}") for name in _POLICY]
        return Export((*files, File("data/tagwright.json", text)), found, notes)


def _policy(name: str) -> str:
    return (pkgutil.get_data(__package__, f"data/rego/{name}") or b"").decode()


def _gaps(rules: Rules) -> Iterator[Gap]:
    yield from gaps.of_the_whole(rules.dictionary)
    yield from gaps.of_values(rules)
    yield from gaps.of_spelling()
    late = "default_tags with values known only after apply are not in a plan's tags_all"
    yield Gap("undecided", f"{late}: their keys count as missing", only=LATE_DEFAULTS, stricter=True)
    yield Gap("undecided", f"{late}: what depends on such a key is not named", only=LATE_DEFAULTS)
    yield Gap("undecided", "changes that wait for a later run are named, not judged", only=DEFERRED)
    yield Gap("classes", "Kubernetes resources are not judged", clouds=("kubernetes",))
    text = "tags that a resource carries for others (tag_specifications, volume_tags) are not judged by their values"
    yield Gap("carried-tags", text, only=CARRIED)
    if GPU in rules.classes():
        lost = sorted(
            {each.terraform for each in entries() for rule in each.rules if each.terraform and not _followed(rule)}
        )
        yield Gap(
            "classes",
            "gpu: what an accelerator is told by through another resource (a launch template), a document or a "
            f"requirement list is not followed, for {listed(lost, 6)}",
            picked_by=GPU,
            types=tuple(lost),
        )


def _followed(rule: Rule) -> bool:
    return rule.kind in _KINDS and "->" not in f"{rule.path}{rule.unless}{rule.zero}"


def _document(rules: Rules) -> dict[str, Any]:
    lists = pretending(rules.dictionary.placeholders)
    accelerators = read_data("accelerators")
    return {
        "keys": {name: _key(rule) for name, rule in rules.keys.items()},
        "requirements": [_requirement(rule) for rule in rules.requirements],
        "clouds": {cloud: _cloud(rules, cloud) for cloud in sorted(set(_TABLES.values()))},
        "placeholders": {
            "words": list(lists.words),
            "letters": f"^(?:{lists.letters})$",
            "raw": f"^(?:{lists.raw})$",
            "separators": f"{SEPARATORS}+",
            "beyond": f"[^{chr(0)}-{chr(0x7F)}]",
            "mailboxes": list(lists.mailboxes),
        },
        "accelerators": {
            cloud: {part: sorted(accelerators[cloud][part]) for part in ("accelerators", "general", "words")}
            for cloud in ("aws", "azure", "google")
        },
        "types": _types(),
    }


def _key(rule: KeyRule) -> dict[str, Any]:
    plain_key: dict[str, Any] = {
        "says": says(rule),
        "format": rule.key.format,
        "nobodys": f"^(?:{nobodys(rule.key.domains)})$" if rule.key.format == "email" else "",
    }
    if rule.check.closed:
        accepted = {}
        for value in rule.check.values:
            if rule.check.accepts(value.value):
                deprecated = value.status == "deprecated"
                until = value.until.isoformat() if value.until is not None else "9999-12-31"
                accepted[value.value] = {"deprecated": True, "until": until} if deprecated else {"deprecated": False}
        return {**plain_key, "values": accepted}
    return {**plain_key, "shapes": [f"^(?:{shape})$" for shape in rule.shapes]}


def _requirement(rule: RequirementRule) -> dict[str, Any]:
    day = rule.requirement.becomes_error
    return {
        "id": plain(rule.id, 120),
        "severity": rule.requirement.severity.value,
        "from": day.isoformat() if day is not None else "9999-12-31",
        "everything": rule.selector.everything,
        "classes": list(rule.selector.classes),
        "types": [f"^(?:{patterns.glob(glob)})$" for glob in rule.selector.types],
        "require": list(rule.require),
        "when": {name: list(values) for name, values in rule.when},
        "matches": [
            {"key": match.key, "of": match.of, "rows": {of: list(allowed) for of, allowed in match.rows}}
            for match in rule.matches
        ],
        "exclusive": [list(group) for group in rule.exclusive],
    }


def _cloud(rules: Rules, cloud: str) -> dict[str, Any]:
    encoding = rules.dictionary.encoding(cloud)
    labels = encoding is not None and encoding.values == "label"
    table = LIMITS["clouds"][cloud]
    forms: dict[str, dict[str, str]] = {}
    if labels:
        for name, rule in rules.keys.items():
            for value in (*rule.check.approved, *rule.check.aliases):
                forms.setdefault(name, {}).setdefault(to_label(value), value)
    never = f"[^{chr(0)}-{chr(patterns.LAST)}]"
    start = "[0-9_-]" if table["key"].get("shape") else ""
    return {
        "spelled": rules.spelled(cloud),
        "labels": labels,
        "forms": forms,
        "limits": {
            "most": table["max_tags"],
            "not_counted": table["not_counted"],
            "reserved": table["reserved"],
            "allowed_keys": table["allowed_keys"],
            **{
                part: {
                    "least": table[part]["min"],
                    "most": table[part]["max"],
                    "forbidden": _either(forbidden_ascii(cloud, part), f"^{start}" if start and part == "key" else "")
                    or never,
                }
                for part in ("key", "value")
            },
        },
    }


def _either(*choices: str) -> str:
    return "|".join(choice for choice in choices if choice)


def _types() -> dict[str, Any]:
    known: dict[str, Entry] = {}
    for each in entries():
        for name in (each.terraform, *each.aliases):
            if name:
                known.setdefault(name, each)
    found: dict[str, Any] = {}
    for table, cloud in _TABLES.items():
        for group in read_data(f"taggable_{table}")["taggable"]:
            if group["shape"] in _SHAPES:
                for name in group["types"]:
                    found[name] = {"cloud": cloud, "attribute": group["attribute"], "shape": group["shape"]}
                    found[name] |= _classes(known.get(name))
    return found


def _classes(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {"classes": [], "gpu": []}
    rules = [] if GPU in entry.classes else [_gpu(rule) for rule in entry.rules if _followed(rule)]
    return {"classes": sorted(entry.classes), "gpu": rules}


def _gpu(rule: Rule) -> dict[str, Any]:
    return {
        "path": rule.path,
        "kind": rule.kind,
        "unless": rule.unless,
        "zero": rule.zero,
        "known": rule.known_only,
    }
