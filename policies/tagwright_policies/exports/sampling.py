"""A tag set that satisfies a dictionary, for examples and generated tests: found by asking `judge`."""

from __future__ import annotations

from tagwright_dictionary.judging import judge
from tagwright_dictionary.model import Classes, Resource, Severity, Tag, Tags
from tagwright_policies.exports.rules import KeyRule, Rules

_OF_FORMAT = {
    "email": "platform@acme.example",
    "slug": "platform",
    "date": "2031-01-31",
    "url": "https://acme.example/",
    "arn": "arn:aws:iam::123456789012:role/platform",
    "integer": "42",
}
_ANYWHERE = ("platform", "acme-platform", "platform-1", "1")


def sample(rules: Rules) -> dict[str, str] | None:
    """Tags by dictionary key that a resource of every class may carry; None where none was found."""
    tags: dict[str, str] = {}
    wanted = dict.fromkeys(name for rule in rules.blocking for name in rule.require)
    for _ in range(3):  # a value chosen for one key may make a condition hold that asks for another
        for name in wanted:
            if name not in tags:
                value = next(iter(_candidates(rules, rules.keys[name], tags)), "")
                if value:
                    tags[name] = value
        if passes(rules, tags):
            return tags
    return None


def passes(rules: Rules, tags: dict[str, str]) -> bool:
    """Whether a resource of every class that the requirements name may carry the tags."""
    spelled = rules.spelled("aws")
    items = tuple(Tag(spelled[name], value) for name, value in sorted(tags.items()))
    resource = Resource(
        "sample", "", "aws", classes=Classes(frozenset(rules.classes())), tags=Tags(items), framework="export"
    )
    found = judge(rules.dictionary, resource, rules.today).findings
    return not any(finding.severity is Severity.ERROR for finding in found)


def _candidates(rules: Rules, rule: KeyRule, tags: dict[str, str]) -> list[str]:
    current = [value.value for value in rule.check.current]
    domains = [f"platform@{domain}" for domain in rule.key.domains]
    tried = (
        rule.key.default, *rule.key.examples, *current, *domains, _OF_FORMAT.get(rule.key.format, ""), *_ANYWHERE,
    )  # fmt: skip
    fits = [value for value in dict.fromkeys(tried) if value and rule.check.fault(value) is None]
    for match in (match for each in rules.blocking for match in each.matches if match.key == rule.name):
        allowed = dict(match.rows).get(tags.get(match.of, ""))
        if allowed is not None:
            fits = [value for value in dict.fromkeys((*allowed, *fits)) if value in allowed]
    return [value for value in fits if rule.check.fault(value) is None]
