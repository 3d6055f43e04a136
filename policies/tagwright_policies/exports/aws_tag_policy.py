"""`aws-tag-policy`: an AWS Organizations tag policy, or several where one would be larger than AWS takes.

Syntax: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html.
Sizes: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from re import _parser  # type: ignore[attr-defined]  # the only parser that reads what `re` reads
from typing import Any, Final

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.text import listed, plain
from tagwright_policies.exports import gaps
from tagwright_policies.exports.contract import EMPTY, NON_ASCII, Export, File, Gap, Maker
from tagwright_policies.exports.header import header
from tagwright_policies.exports.rules import KeyRule, RequirementRule, Rules, selection
from tagwright_policies.exports.tag_policy_types import ALL_SUPPORTED, enforceable, selected

LARGEST: Final = 10_000
"""Bytes of one policy, white space included."""

MOST: Final = 10
"""Tag policies that one account, unit or root can have attached."""

ASSIGN: Final = "@@assign"
Statement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AwsTagPolicy:
    """See the module's docstring."""

    name: str = "aws-tag-policy"
    summary: str = "AWS Organizations tag policies: case of keys, values, and types that must carry a key."

    def export(self, dictionary: Dictionary, today: date, maker: Maker) -> Export:
        rules = Rules(dictionary, today)
        statements, lost = _statements(rules)
        texts = _split(statements)
        found = (*lost, *_gaps(rules, statements), *_too_many(texts))
        notes = ("A key that is nowhere in the policy is not judged, and neither is a resource without tags.",)
        single = len(texts) == 1
        files = [
            File("tag-policy.json" if single else f"tag-policy-{number}.json", text)
            for number, text in enumerate(texts, 1)
        ]
        lines = ["# Tag policy", "", *header(dictionary, maker, found, notes), "", *_how(files)]
        files.append(File("README.md", "\n".join(lines) + "\n"))
        return Export(tuple(files), found, notes)


def _how(files: list[File]) -> Iterator[str]:
    yield "Attach to a root, a unit or an account (management account, tag policies switched on):"
    yield ""
    for file in files:
        name = file.path.removesuffix(".json")
        yield f"    aws organizations create-policy --type TAG_POLICY --name {name} --description tags \\"
        yield f"        --content file://{file.path}"


def _statements(rules: Rules) -> tuple[dict[str, Statement], list[Gap]]:
    found: dict[str, Statement] = {}
    lost: list[Gap] = []
    spelled, folded = rules.spelled("aws"), set()
    for name, rule in rules.keys.items():
        key = spelled[name]
        if key.lower() in folded:
            text = f"{plain(key)} is in the policy in another case, and a policy can have it once"
            lost += [Gap(subject, text, name) for subject in ("value-not-allowed", "missing-tag", "key-case")]
            continue
        folded.add(key.lower())
        statement: Statement = {"tag_key": {ASSIGN: key}}
        values, short = _values(rule)
        lost += short
        if values is not None:
            statement["tag_value"] = {ASSIGN: values}
            services = _services(rules, name)
            if services:
                statement["enforced_for"] = {ASSIGN: services}
        types = _types(rules, name)
        if types:
            statement["report_required_tag_for"] = {ASSIGN: types}
        if len(_text({key: statement}).encode()) > LARGEST and "tag_value" in statement:
            lost.append(
                Gap(
                    "value-not-allowed",
                    f"{plain(name)}: its {len(values or ())} values do not fit into a policy of {LARGEST:,} bytes: any "
                    "value is taken",
                    name,
                )
            )
            del statement["tag_value"]
            statement.pop("enforced_for", None)
        found[key] = statement
    return found, lost


def _values(rule: KeyRule) -> tuple[list[str] | None, list[Gap]]:
    """The values as a policy writes them, None for any; `*` stands for any text, once in a value."""
    name = plain(rule.name)
    if rule.accepted is not None:
        starred = [value for value in rule.accepted if "*" in value]
        kept = [value for value in rule.accepted if value.count("*") <= 1]
        lost = []
        if starred:
            text = f"{name}: in {listed(starred)} AWS takes * for any text, or (twice) not at all"
            lost.append(Gap("value-not-allowed", text, rule.name))
        return kept, lost
    placeholder = Gap("placeholder-value", f"{name}: placeholders are values like any other", rule.name)
    if not rule.check.constrained:
        return None, [placeholder]
    wildcards, exact = _wildcards(rule)
    if exact:
        return wildcards, [placeholder]
    form = rule.key.pattern or f"the format {rule.key.format}"
    less = f"only {listed(wildcards)} is said" if wildcards else "any value is taken"
    text = f"{name}: a policy has no patterns but one *: of {plain(form, 200)} {less}"
    return wildcards, [Gap("value-not-allowed", text, rule.name), placeholder]


def _wildcards(rule: KeyRule) -> tuple[list[str] | None, bool]:
    """The nearest a policy comes to an open key's form without refusing more, and whether that is all of it."""
    if rule.key.format == "email" and rule.key.domains and not rule.key.pattern:
        return [f"*@{domain}" for domain in rule.key.domains if "*" not in domain] or None, False
    found, exact = [], not rule.key.format
    for part in _alternatives(rule.key.pattern):
        try:
            tree = list(_parser.parse(part, re.ASCII))
        except (re.error, OverflowError, RecursionError):
            return None, False
        start = _literals(tree)
        end = _literals(tree[len(start) :][::-1])[::-1]
        middle = tree[len(start) : len(tree) - len(end)]
        if not (start or end) or "*" in f"{start}{end}":
            return None, False
        exact = exact and (not middle or _anything(middle))
        found.append(f"{start}*{end}" if middle else start)
    return found or None, exact and bool(found)


def _alternatives(pattern: str) -> list[str]:
    """The pattern cut at its outermost bars (Python's parser would take common beginnings out of them)."""
    parts, depth, index = [""], 0, 0
    while index < len(pattern):
        char = pattern[index]
        step = 1
        if char == "\\":
            step = 2
        elif char == "[":
            closing = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL).match(pattern, index)
            step = len(closing.group()) if closing else 1
        elif char in "()":
            depth += 1 if char == "(" else -1
        if char == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += pattern[index : index + step]
        index += step
    return parts if pattern else []


def _literals(tree: list[Any]) -> str:
    text = ""
    for operator, argument in tree:
        if str(operator) != "LITERAL":
            break
        text += chr(argument)
    return text


def _anything(tree: list[Any]) -> bool:
    """Whether it is `.*`, in either spelling."""
    operator, argument = tree[0]
    if len(tree) > 1 or str(operator) not in ("MAX_REPEAT", "MIN_REPEAT"):
        return False
    low, high, body = argument
    unlimited = low == 0 and high >= _parser.MAXREPEAT
    return unlimited and len(body) == 1 and str(body[0]) in ("(ANY, None)", "(NOT_LITERAL, 10)")


def _asking(rules: Rules, name: str) -> Iterator[RequirementRule]:
    return (rule for rule in rules.blocking if name in rule.require)


def _services(rules: Rules, name: str) -> list[str]:
    """Services whose every type must have approved values (that is any service: where it is required, it is known to
    be used).
    """
    asked = {kind.partition(":")[0] for rule in _asking(rules, name) for kind in selected(rule.selector)}
    return [f"{service}:{ALL_SUPPORTED}" for service in enforceable() if service in asked]


def _types(rules: Rules, name: str) -> list[str]:
    return sorted({kind for rule in _asking(rules, name) if not rule.when for kind in selected(rule.selector)})


def _gaps(rules: Rules, statements: dict[str, Statement]) -> Iterator[Gap]:
    yield from gaps.of_the_whole(rules.dictionary)
    yield from gaps.of_severity(rules)
    yield from gaps.of_deprecated(rules)
    yield from gaps.of_days(rules)
    for rule in rules.blocking:
        name = plain(rule.id)
        if rule.when and rule.require:
            yield Gap("missing-tag", f"{name}: a policy has no conditions", requirement=rule.id)
        elif rule.require:
            yield Gap(
                "missing-tag",
                f"{name}: of {selection(rule.selector)} it covers the types that AWS can report, by type alone (no GPU "
                "instances), in CloudFormation, Terraform and Pulumi",
                requirement=rule.id,
            )
        if rule.matches or rule.exclusive:
            text = f"{name}: a policy cannot say which values belong together or exclude each other"
            yield Gap("mismatched-tags", text, requirement=rule.id)
    yield Gap("key-case", "keys in another case are recognised as AWS compares them", only=NON_ASCII)
    text = "only AWS: what runs on Google Cloud, Azure and Kubernetes is not judged"
    yield Gap("classes", text, clouds=("azure", "gcp", "kubernetes"))
    if statements:
        yield Gap("severity", "keys in another case are refused everywhere", rules=("key-case",), stricter=True)
    if any("tag_value" in statement for statement in statements.values()):
        yield Gap("value-not-allowed", "an empty value is none of the approved ones", only=EMPTY, stricter=True)
    yield Gap("invalid-tag", "the providers' own limits are not said: AWS refuses such tags itself")


def _split(statements: dict[str, Statement]) -> list[str]:
    """As few policies as the size allows, keys in their order; indented where that fits."""
    parts: list[dict[str, Statement]] = [{}]
    for key, statement in statements.items():
        more = {**parts[-1], key: statement}
        if parts[-1] and len(_text(more).encode()) > LARGEST:
            parts.append({key: statement})
        else:
            parts[-1] = more
    indented = [_printable(json.dumps({"tags": part}, ensure_ascii=False, indent=2)) + "\n" for part in parts]
    return [wide if len(wide.encode()) <= LARGEST else _text(part) for part, wide in zip(parts, indented, strict=True)]


def _text(tags: dict[str, Statement]) -> str:
    return _printable(json.dumps({"tags": tags}, ensure_ascii=False, separators=(",", ":")))


def _printable(document: str) -> str:
    """JSON with escapes for what does not print; other characters stand for themselves, which is shorter."""
    if document.isprintable():
        return document
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in document)


def _too_many(texts: list[str]) -> Iterator[Gap]:
    if len(texts) > MOST:
        yield Gap("policies", f"{len(texts)} policies are needed, and AWS attaches {MOST} to one target")
    over = [number for number, text in enumerate(texts, 1) if len(text.encode()) > LARGEST]
    if over:
        yield Gap("policies", f"policy {listed([str(number) for number in over])} is larger than {LARGEST:,} bytes")
