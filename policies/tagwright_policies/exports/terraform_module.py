"""`terraform-module`: a module that takes each key as a variable, refuses what is not approved and returns `tags`.

Works with Terraform and OpenTofu from 1.3 on: a validation there can only look at its own variable, so everything
that needs two of them is a precondition of the output. Both stop `terraform plan`, and wait where a value is unknown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.data import LIMITS
from tagwright_dictionary.judging.text import listed, plain
from tagwright_policies.exports import gaps, patterns, terraform_module_texts
from tagwright_policies.exports.contract import NON_ASCII, Export, File, Gap, Maker
from tagwright_policies.exports.hcl_writing import attributes, block, items, mapping, nested
from tagwright_policies.exports.header import commented, header
from tagwright_policies.exports.pretending import SEPARATORS, nobodys, pretending
from tagwright_policies.exports.quoting import hcl
from tagwright_policies.exports.rules import RequirementRule, Rules, forbidden_ascii, selection
from tagwright_policies.exports.terraform_variables import check, says, variable_names, variables

_NAME = "terraform-module"
_BEYOND = f"[^{chr(0)}-{chr(0x7F)}]"
"""A character outside ASCII."""


@dataclass(frozen=True, slots=True)
class TerraformModule:
    """See the module's docstring."""

    name: str = _NAME
    summary: str = "A Terraform module: a validated variable for each key, tags and labels as outputs."

    def export(self, dictionary: Dictionary, today: date, maker: Maker) -> Export:
        rules = Rules(dictionary, today)
        names = variable_names(rules)
        found = tuple(_gaps(rules))
        notes = ("Terraform or OpenTofu 1.3 or newer. Needs no provider.",)
        top = commented(header(dictionary, maker, found, notes), "#")
        parts = {
            "variables.tf": variables(rules, names),
            "main.tf": _main(rules, names),
            "outputs.tf": _outputs(rules, names),
            "versions.tf": block("terraform", attributes([("required_version", hcl(">= 1.3"))])),
            "tests/tags.tftest.hcl": terraform_module_texts.tests(rules, names),
            "examples/complete/main.tf": terraform_module_texts.example(rules, names),
        }
        files = [File(path, f"{top}\n{text}") for path, text in parts.items() if text]
        files.append(
            File("README.md", terraform_module_texts.readme(rules, names, header(dictionary, maker, found, notes)))
        )
        return Export(tuple(files), found, notes)


def _gaps(rules: Rules) -> Iterator[Gap]:
    yield from gaps.of_the_whole(rules.dictionary)
    yield from gaps.of_values(rules)
    yield from gaps.of_severity(rules)
    yield from gaps.of_case_warnings(rules)
    yield from gaps.of_deprecated(rules)
    yield from gaps.of_days(rules)
    yield from gaps.of_spelling()
    yield from gaps.of_clouds(rules, as_on="aws", known=("gcp",))
    encoding = rules.dictionary.encoding("gcp")
    if encoding is not None and encoding.values == "label":
        lossy = [name for name, rule in rules.keys.items() if rule.open and rule.key.format != "email"]
        if lossy:
            text = f"labels: of {listed(lossy, 12)} the label form cannot be read back: it is refused where it differs"
            yield Gap("spelling", text, clouds=("gcp",))
    for rule in rules.keys.values():
        apart = [value for value in (rule.accepted or ()) if not unicodedata.is_normalized("NFC", value)]
        if apart:
            text = f"{plain(rule.name)}: Terraform composes characters (NFC), so {listed(apart)} come out as other text"
            yield Gap("value-not-allowed", text, rule.name, only=NON_ASCII)


def _main(rules: Rules, names: dict[str, str]) -> str:
    values = [(hcl(key), f'var.{name} == null ? "" : var.{name}') for key, name in names.items()]
    merged = '{ for key, value in local.value : local.%s[key] => %s if value != "" }'
    labels = f"tomap(merge(var.extra_tags, {merged % ('gcp', _label(rules))}))"
    lines = [
        "# Each key's value; empty where there is none.\n" + mapping("value", values),
        "# Which requirements apply.\n"
        + mapping("applies", [(hcl(rule.id), _applies(rule)) for rule in rules.blocking]),
        (
            "# Keys that must be there, in lower case, as AWS spells them.\n"
            f"demanded = toset(flatten({_demanded(rules)}))\n"
        ),
        "# How the clouds spell the keys.\n" + mapping("aws", _spelling(rules, "aws")),
        mapping("gcp", _spelling(rules, "gcp")),
        f"tags = tomap(merge(var.extra_tags, {merged % ('aws', 'value')}))\n",
        f"labels = contains(var.clouds, {hcl('gcp')}) ? {labels} : tomap({{}})\n",
    ]
    lines += _pretends(rules)
    rows = _rows(rules)
    if rows:
        lines.append("# Which values belong together.\n" + nested("rows", rows))
    return block("locals", "\n".join(lines))


def _pretends(rules: Rules) -> Iterator[str]:
    """Placeholders, as `pretending` describes them; the word lists stand here once for all open keys."""
    keys = [rule for rule in rules.keys.values() if rule.open]
    if not keys:
        return
    further = rules.dictionary.placeholders
    lists = pretending(further)
    separators = hcl(f"/{SEPARATORS}+/")
    letters = f'replace(lower(local.value[key]), {separators}, "")'
    tests = [
        f"contains(local.placeholders, {letters})",
        f"can(regex({hcl(f'^(?:{lists.letters})$')}, {letters})) && !can(regex({hcl(_BEYOND)}, local.value[key]))",
        f"can(regex({hcl(f'^(?:{lists.raw})$')}, lower(local.value[key])))",
    ]
    numbers = [rule.name for rule in keys if rule.key.format == "integer"]
    excuse = 'local.value[key] != ""'
    if numbers:
        digits = f"can(regex({hcl('^[0-9]+$')}, local.value[key]))"
        excuse += f" && !(contains({items(numbers)}, key) && {digits})"
    yield "# Values that only pretend.\n" + f"placeholders = {items(lists.words)}\n"
    pretends = f"key => {excuse} && ({' || '.join(tests)})"
    yield f"pretends = {{ for key in {items([rule.name for rule in keys])} : {pretends} }}\n"
    addresses = [rule for rule in keys if rule.key.format == "email"]
    if addresses:
        local = f'replace(split("@", lower(local.value[key]))[0], {separators}, "")'
        domains = [(hcl(rule.name), hcl(f"^(?:{nobodys(rule.key.domains)})$")) for rule in addresses]
        yield mapping("nobodys_domains", domains)
        at = 'can(regex("@", local.value[key]))'
        test = f"{at} && (contains({items(lists.mailboxes)}, {local}) || can(regex(domain, local.value[key])))"
        yield f"nobodys = {{ for key, domain in local.nobodys_domains : key => {test} }}\n"


def _label(rules: Rules) -> str:
    """The label form of a value (`judging.label_form`)."""
    encoding = rules.dictionary.encoding("gcp")
    if encoding is None or encoding.values != "label":
        return "value"
    other = hcl("/[^\\pL\\pN_-]/")
    return f'replace(replace(lower(value), "@", "_at_"), {other}, "_")'


def _spelling(rules: Rules, cloud: str) -> list[tuple[str, str]]:
    return [(hcl(key), hcl(written)) for key, written in rules.spelled(cloud).items()]


def _demanded(rules: Rules) -> str:
    spelled = rules.spelled("aws")
    lists = [
        f"local.applies[{hcl(rule.id)}] ? {items([spelled[name].lower() for name in rule.require])} : []"
        for rule in rules.blocking
        if rule.require
    ]
    return f"[{', '.join(lists)}]"


def _applies(rule: RequirementRule) -> str:
    terms = [f"contains({items(list(values))}, local.value[{hcl(key)}])" for key, values in rule.when]
    selector = rule.selector
    if not selector.everything:
        chosen = [f"contains(var.classes, {hcl('*')})"]
        if selector.classes:
            chosen.append(f"length(setintersection(var.classes, {items(list(selector.classes))})) > 0")
        for glob in selector.types:
            test = f"can(regex({hcl(f'^(?:{patterns.glob(glob)})$')}, type))"
            chosen.append(f"anytrue([for type in var.resource_types : {test}])")
        terms.insert(0, f"({' || '.join(chosen)})" if terms else " || ".join(chosen))
    return " && ".join(terms) or "true"


def _rows(rules: Rules) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (hcl(_row_name(rule, number)), [(hcl(of), items(allowed)) for of, allowed in match.rows])
        for rule in rules.blocking
        for number, match in enumerate(rule.matches)
    ]


def _row_name(rule: RequirementRule, number: int) -> str:
    return f"{rule.id}/{number}"


def _outputs(rules: Rules, names: dict[str, str]) -> str:
    tags = attributes([("description", hcl("The tags, as AWS and Azure take them.")), ("value", "local.tags")])
    for condition, message in (*_requirements(rules, names), *_aws_limits()):
        tags += "\n" + block("precondition", check(condition, message))
    labels = attributes(
        [("description", hcl("The labels, as Google Cloud takes them (clouds names gcp).")), ("value", "local.labels")]
    )
    for condition, message in (*_gcp_keys(rules), *_gcp_limits()):
        labels += "\n" + block("precondition", check(condition, message))
    return block('output "tags"', tags) + "\n" + block('output "labels"', labels)


def _requirements(rules: Rules, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for rule in rules.blocking:
        applies = f"!local.applies[{hcl(rule.id)}]"
        whose = f"({plain(rule.id)})"
        for key in rule.require:
            target = f" for {selection(rule.selector)}"
            yield (
                f'{applies} || local.value[{hcl(key)}] != ""',
                f"{plain(key)} is required{target} {whose}. {says(rules.keys[key])} Set {names[key]}.",
            )
        for number, match in enumerate(rule.matches):
            value, of = f"local.value[{hcl(match.key)}]", f"local.value[{hcl(match.of)}]"
            row = f"try(local.rows[{hcl(_row_name(rule, number))}][{of}], [{value}])"
            yield (
                f'{applies} || {value} == "" || contains({row}, {value})',
                f"{plain(match.key)} does not belong to {plain(match.of)} {whose}.",
            )
        for group in rule.exclusive:
            count = f'length([for key in {items(list(group))} : key if local.value[key] != ""])'
            yield f"{applies} || {count} < 2", f"Only one of {listed(list(group))} may be set {whose}."
    for open_key in (each for each in rules.keys.values() if each.open):
        yield (
            f"!local.pretends[{hcl(open_key.name)}]",
            f"{plain(open_key.name)} is a placeholder, not a value. {says(open_key)}",
        )
        if open_key.key.format == "email":
            yield (
                f"!local.nobodys[{hcl(open_key.name)}]",
                f"{plain(open_key.name)} is nobody's address. {says(open_key)}",
            )
    yield (
        "length([for key in keys(var.extra_tags) : key if contains(local.demanded, lower(key))]) == 0",
        "extra_tags has a key of the dictionary in another case: tag keys are case-sensitive.",
    )


def _aws_limits() -> Iterator[tuple[str, str]]:
    table = LIMITS["clouds"]["aws"]
    unless = f"!contains(var.clouds, {hcl('aws')})"
    for part, source in (("key", "keys(local.tags)"), ("value", "values(local.tags)")):
        bad = hcl(forbidden_ascii("aws", part))
        yield (
            f"{unless} || alltrue([for text in {source} : !can(regex({bad}, text))])",
            f"AWS allows in a tag's {part} only {table[part]['says']}.",
        )
        size = hcl(f"^(?s:.{{{table[part]['min']},{table[part]['max']}}})$")
        yield (
            f"{unless} || alltrue([for text in {source} : can(regex({size}, text))])",
            f"AWS allows {table[part]['min']} to {table[part]['max']} characters in a tag's {part}.",
        )
    own = hcl(f"^{patterns.folded('aws:')}")
    yield (
        f"{unless} || alltrue([for key in keys(local.tags) : !can(regex({own}, key))])",
        "AWS keeps keys that begin with aws: for itself.",
    )
    yield (
        f"{unless} || length(local.tags) <= {table['max_tags']}",
        f"AWS allows {table['max_tags']} tags on a resource.",
    )


def _gcp_keys(rules: Rules) -> Iterator[tuple[str, str]]:
    written = items(sorted(rules.spelled("gcp").values()))
    yield (
        f"!contains(var.clouds, {hcl('gcp')}) || length(setintersection(keys(var.extra_tags), {written})) == 0",
        "A key of the dictionary has a variable of its own: set that instead of the label in extra_tags.",
    )


def _gcp_limits() -> Iterator[tuple[str, str]]:
    table = LIMITS["clouds"]["gcp"]
    key = hcl(f"^\\pL[\\pL\\pN_-]{{0,{table['key']['max'] - 1}}}$")
    yield (
        f"alltrue([for key in keys(local.labels) : key == lower(key) && can(regex({key}, key))])",
        "Google Cloud allows in a label's key a lower-case letter, then up to 62 lower-case letters, digits, _ and -.",
    )
    value = hcl(f"^[\\pL\\pN_-]{{0,{table['value']['max']}}}$")
    yield (
        f"alltrue([for text in values(local.labels) : text == lower(text) && can(regex({value}, text))])",
        "Google Cloud allows in a label's value up to 63 lower-case letters, digits, _ and -.",
    )
    own = hcl("^goog")
    spared = items(table["allowed_keys"])
    yield (
        f"alltrue([for key in keys(local.labels) : contains({spared}, key) || !can(regex({own}, key))])",
        "Google Cloud keeps keys that begin with goog for itself.",
    )
    yield (
        f"length(local.labels) <= {table['max_tags']}",
        f"Google Cloud allows {table['max_tags']} labels on a resource.",
    )
