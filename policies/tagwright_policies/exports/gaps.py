"""The gaps that most targets share, and those of one key or requirement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.data import LIMITS
from tagwright_dictionary.judging.text import listed, plain
from tagwright_dictionary.model import Severity
from tagwright_policies.exports.contract import EMPTY, FURTHER, NON_ASCII, Gap
from tagwright_policies.exports.rules import Rules, selection

CLOUD_NAMES: Final = {cloud: str(table["name"]) for cloud, table in LIMITS["clouds"].items()}


def of_the_whole(dictionary: Dictionary) -> Iterator[Gap]:
    """What no other engine knows: where tags go, who is exempt, how long a finding may stay open."""
    reaching = sorted(
        {name for each in dictionary.requirements if each.reach is not Severity.INFO for name in each.require}
    )
    if reaching:
        yield Gap(
            "unreached",
            f"whether {listed(reaching, 12)} reach what is billed (volumes, instances of a template) is not checked",
        )
    if dictionary.exemptions:
        count = len(dictionary.exemptions)
        said = "1 exemption of the dictionary is" if count == 1 else f"{count} exemptions of the dictionary are"
        yield Gap("exemptions", f"{said} not known: nothing is exempt", stricter=True)
    if dictionary.service_levels:
        yield Gap("service-levels", "how long a finding may stay open is not said")


def of_values(rules: Rules) -> Iterator[Gap]:
    """Patterns that cannot be carried over, and what only `judge` sees in values outside ASCII."""
    for rule in rules.keys.values():
        if rule.problem:
            yield Gap(
                "value-not-allowed", f"{plain(rule.name)}: its pattern {rule.problem}, so it is not checked", rule.name
            )
        if rule.wide and rule.open:
            yield Gap(
                "placeholder-value",
                f"{plain(rule.name)}: look-alike and invisible characters, and placeholders with characters outside "
                "ASCII, are not recognised",
                rule.name,
                only=NON_ASCII,
            )


def of_spelling() -> Iterator[Gap]:
    """`casefold` is Unicode's, and so are the classes of characters; other engines have other tables or none."""
    yield Gap("key-case", "keys in another case are recognised by their ASCII letters only", only=NON_ASCII)
    yield Gap("invalid-tag", "the provider's characters are checked within ASCII only", only=NON_ASCII)


def of_clouds(rules: Rules, *, as_on: str, known: tuple[str, ...] = ()) -> Iterator[Gap]:
    """Clouds on which keys or values are written otherwise than the target writes them: as on a cloud, or ("") as in
    the dictionary. `known`: further clouds that the target serves.
    """
    home = rules.spelled(as_on) if as_on else {name: name for name in rules.keys}
    others = sorted(
        each.provider
        for each in rules.dictionary.providers
        if each.provider not in (as_on, *known) and (each.values or rules.spelled(each.provider) != home)
    )
    if others:
        own = f"on {CLOUD_NAMES[as_on]}" if as_on else "in the dictionary"
        text = f"keys and values are written as {own}, not as on {listed(others)}"
        yield Gap("spelling", text, clouds=tuple(others))


def of_severity(rules: Rules) -> Iterator[Gap]:
    """Recommendations, for an engine that can only refuse."""
    for each in rules.requirements:
        if not each.blocks:
            yield Gap(
                "severity",
                f"{plain(each.id)} is a {each.severity.value} for {selection(each.selector)}: it is not enforced here",
                requirement=each.id,
            )


def of_days(rules: Rules) -> Iterator[Gap]:
    """What changes by itself on a day to come, for an engine without a calendar."""
    for each in rules.deadlines():
        yield Gap(
            "dates", f"{each.text}: export again by then", key=each.key, requirement=each.requirement, since=each.day
        )


def of_case_warnings(rules: Rules) -> Iterator[Gap]:
    """A key in another case is a warning where no requirement asks for the key."""
    if rules.keys:
        text = "keys in another case are refused where the key is required, and pass elsewhere"
        yield Gap("severity", text, rules=("key-case",))


def of_deprecated(rules: Rules) -> Iterator[Gap]:
    """Values that are accepted with a warning."""
    for rule in rules.keys.values():
        late = [value.value for value in rule.late]
        if late:
            text = f"{plain(rule.name)}: {listed(late)} pass without the warning that they are deprecated"
            yield Gap("severity", text, key=rule.name, rules=("deprecated-value",))


def of_names(rules: Rules) -> Iterator[Gap]:
    """For constants and types: everything beyond the lists."""
    for rule in rules.keys.values():
        if rule.open:
            if rule.check.constrained:
                yield Gap("value-not-allowed", f"{plain(rule.name)} is any text here", rule.name)
            yield Gap("placeholder-value", f"{plain(rule.name)}: a placeholder is text like any other", rule.name)
        elif not rule.accepted:
            every = ("value-not-allowed", "placeholder-value", "deprecated-value")
            text = f"{plain(rule.name)} has no approved value, and is any text here"
            yield Gap("value-not-allowed", text, rule.name, rules=every)
    if any(rule.require for rule in rules.requirements):
        yield Gap("missing-tag", "which resources must carry which keys is not said: every key is optional")
    if any(rule.matches or rule.exclusive for rule in rules.requirements):
        yield Gap("mismatched-tags", "which values belong together, and which keys exclude each other, is not said")
    for each in of_clouds(rules, as_on=""):
        yield replace(each, stricter=True)
    yield Gap("further-keys", "a literal with a key that is none of these is an error", only=FURTHER, stricter=True)
    if any(rule.accepted for rule in rules.keys.values()):
        yield Gap("value-not-allowed", "an empty value is none of the approved ones", only=EMPTY, stricter=True)
    yield Gap("invalid-tag", "the providers' own limits are not said")
    yield from of_the_whole(rules.dictionary)
    yield from of_deprecated(rules)
    for each in of_days(rules):
        if each.key:  # which keys are required is not said at all
            yield each
