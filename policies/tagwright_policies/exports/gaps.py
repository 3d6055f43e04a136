"""The gaps that most targets share, and those of one key or requirement."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.text import listed, plain
from tagwright_dictionary.model import Severity
from tagwright_policies.exports.contract import NON_ASCII, Gap
from tagwright_policies.exports.rules import Rules, selection


def of_the_whole(dictionary: Dictionary) -> Iterator[Gap]:
    """What no other engine knows: where tags go, who is exempt, how long a finding may stay open."""
    reaching = sorted(
        {name for each in dictionary.requirements if each.reach is not Severity.INFO for name in each.require}
    )
    if reaching:
        yield Gap(
            "unreached",
            f"whether {listed(reaching, 12)} reach what is billed (volumes, instances behind a template) is not checked",
        )
    if dictionary.exemptions:
        count = len(dictionary.exemptions)
        yield Gap(
            "exemptions", f"the dictionary's {count} exemption{'s' * (count > 1)} are not known: nothing is exempt"
        )
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
    """`casefold` is Unicode's; other engines compare the case of ASCII letters."""
    yield Gap("key-case", "keys in another case are recognised by their ASCII letters only", only=NON_ASCII)
    yield Gap("invalid-tag", "the provider's characters are checked within ASCII only", only=NON_ASCII)


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
    for text in rules.deadlines():
        yield Gap("dates", f"{text}: export again by then")


def of_case_warnings(rules: Rules) -> Iterator[Gap]:
    """A key in another case is a warning where no requirement asks for the key."""
    if rules.keys:
        yield Gap("severity", "keys in another case are refused where the key is required, and pass elsewhere")


def of_certainty() -> Iterator[Gap]:
    """Engines with two values."""
    yield Gap("undecided", "a value that is not known yet is not called undecided")


def with_requirement(rules: Rules, subject: str, text: str) -> Iterator[Gap]:
    """One gap for each blocking requirement."""
    for each in rules.blocking:
        yield Gap(subject, f"{plain(each.id)}: {text}", requirement=each.id)
