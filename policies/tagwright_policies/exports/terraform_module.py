"""`terraform-module`: a module that takes each key as a variable, refuses what is not approved and returns `tags`.

Works with Terraform and OpenTofu from 1.3 on: a validation there can only look at its own variable, so everything
that needs two of them is a precondition of the output. Both stop `terraform plan`, and wait where a value is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.data import LIMITS
from tagwright_dictionary.judging.formats import describe
from tagwright_dictionary.judging.text import listed, plain
from tagwright_policies.exports import gaps, hcl_module, patterns
from tagwright_policies.exports.contract import Export, File, Gap, Maker
from tagwright_policies.exports.header import commented, header
from tagwright_policies.exports.hcl_writing import attributes, block, items
from tagwright_policies.exports.pretending import SEPARATORS, nobody, pretending
from tagwright_policies.exports.quoting import hcl, sentence
from tagwright_policies.exports.rules import KeyRule, RequirementRule, Rules, forbidden_ascii, selection

_OWN = ("classes", "resource_types", "clouds", "extra_tags")
_RESERVED: Final = frozenset(
    ("source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals", *_OWN)
)
_NAME = "terraform-module"


@dataclass(frozen=True, slots=True)
class TerraformModule:
    """See the module's docstring."""

    name: str = _NAME
    summary: str = "A Terraform module with a validated variable for each key; its outputs are the tags and labels."

    def export(self, dictionary: Dictionary, today: date, maker: Maker) -> Export:
        rules = Rules(dictionary, today)
        names = variable_names(rules)
        found = (*_gaps(rules),)
        notes = ("Terraform or OpenTofu 1.3 or newer. Needs no provider.",)
        top = commented(header(dictionary, maker, found, notes), "#")
        parts = {
            "variables.tf": _variables(rules, names),
            "main.tf": _main(rules, names),
            "outputs.tf": _outputs(rules, names),
            "versions.tf": block("terraform", attributes([("required_version", hcl(">= 1.3"))])),
            "tests/tags.tftest.hcl": hcl_module.tests(rules, names),
        }
        files = [File(path, f"{top}\n{text}") for path, text in parts.items()]
        files.append(File("README.md", hcl_module.readme(rules, names, header(dictionary, maker, found, notes))))
        return Export(tuple(files), found, notes)


def variable_names(rules: Rules) -> dict[str, str]:
    """The variable of each key: letters, digits and `_`, unique, none that Terraform or the module itself needs."""
    names: dict[str, str] = {}
    taken = set(_RESERVED)
    for key in rules.keys:
        name = re.sub(r"[^a-z0-9_]+", "_", key.lower()).strip("_") or "tag"
        if name in _RESERVED or not name[0].isalpha():
            name = f"tag_{name}"
        chosen, number = name, 2
        while chosen in taken:
            chosen, number = f"{name}_{number}", number + 1
        taken.add(chosen)
        names[key] = chosen
    return names


def _gaps(rules: Rules) -> Iterator[Gap]:
    yield from gaps.of_the_whole(rules.dictionary)
    yield from gaps.of_values(rules)
    yield from gaps.of_severity(rules)
    yield from gaps.of_case_warnings(rules)
    yield from gaps.of_days(rules)
    yield from gaps.of_spelling()
    others = sorted({each.provider for each in rules.dictionary.providers} - {"aws", "gcp"})
    if others:
        yield Gap("spelling", f"the spelling of keys on {listed(others)} is not given: tags is written as on AWS")
    for each in rules.blocking:
        if each.selector.types:
            yield Gap(
                "classes",
                f"{plain(each.id)}: the caller says which types the tags are for, in resource_types",
                requirement=each.id,
            )


def required_always(rules: Rules) -> frozenset[str]:
    """Keys that no resource may lack: their variables have no default."""
    return frozenset(
        name for rule in rules.blocking if rule.selector.everything and not rule.when for name in rule.require
    )


def _variables(rules: Rules, names: dict[str, str]) -> str:
    always = required_always(rules)
    blocks = [_variable(rule, names[name], rules, required=name in always) for name, rule in rules.keys.items()]
    return "\n".join([*blocks, *_own_variables(rules)])


def _variable(rule: KeyRule, name: str, rules: Rules, *, required: bool) -> str:
    given = [("description", hcl(_description(rule))), ("type", "string")]
    if not required:
        given.append(("default", "null"))
    body = attributes(given)
    for condition, message in _value_checks(rule, f"var.{name}", rules):
        body += "\n" + block("validation", _check(condition, message))
    return block(f"variable {hcl(name)}", body)


def _description(rule: KeyRule) -> str:
    title = "" if rule.key.title in ("", rule.name) else f"{rule.key.title}: "
    text = sentence(f"{title}{rule.key.description}" or f"The tag {rule.name}.")
    said = _says(rule)
    return f"{text} {said}".strip()


def _says(rule: KeyRule) -> str:
    if rule.accepted is not None:
        return f"One of {listed(list(rule.accepted), 12)}." if rule.accepted else "No value is approved."
    parts = []
    if rule.key.format:
        parts.append(describe(rule.key))
    if rule.key.pattern:
        parts.append(f"matching {plain(rule.key.pattern, 200)}")
    example = f", for example {listed(rule.key.examples, 2)}" if rule.key.examples else ""
    said = f"{' and '.join(parts)}{example}"
    return f"{said[:1].upper()}{said[1:]}." if parts else ""


def _check(condition: str, message: str) -> str:
    return attributes([("condition", condition), ("error_message", hcl(message))])


def _value_checks(rule: KeyRule, variable: str, rules: Rules) -> Iterator[tuple[str, str]]:
    """(condition, message) pairs. Null and empty pass: whether a tag may be missing is for the requirements."""
    value = f'({variable} == null ? "" : {variable})'
    name = plain(rule.name)
    if rule.accepted is not None:
        listing = items(["", *rule.accepted])
        yield f"contains({listing}, {value})", f"{name} is not approved. {_says(rule)}"
        return
    for shape in rule.shapes:
        yield f"can(regex({hcl(f'^(?:{shape})?$')}, {value}))", f"{name} has the wrong form. {_says(rule)}"
    lists = pretending(rules.dictionary.placeholders)
    letters = f'replace(lower({value}), {hcl(f"/{SEPARATORS}+/")}, "")'
    tests = [
        f"!contains({items(list(lists.words))}, {letters})",
        f"!can(regex({hcl(f'^(?:{lists.letters})$')}, {_ascii_only(letters, value)}))",
        f"!can(regex({hcl(f'^(?:{lists.raw})$')}, lower({value})))",
    ]
    excuse = f'{value} == ""'
    if rule.key.format == "integer":
        excuse += f" || can(regex({hcl('^[0-9]+$')}, {value}))"
    for test in tests:
        yield f"{excuse} || {test}", f"{name} is a placeholder, not a value."
    if rule.key.format == "email":
        local = f'replace(split("@", lower({value}))[0], {hcl(f"/{SEPARATORS}+/")}, "")'
        yield f"!contains({items(list(lists.mailboxes))}, {local})", f"{name} is nobody's address."
        domains = nobody(rule.key.domains, rules.dictionary.placeholders)
        yield (
            f'!contains({items(list(domains))}, try(split("@", lower({value}))[1], ""))',
            f"{name} is nobody's address.",
        )


def _ascii_only(letters: str, value: str) -> str:
    """Letters to look at for "nothing there" and "one character repeated": of a value in ASCII, else something."""
    return f"can(regex({hcl(f'[^{chr(0)}-{chr(0x7F)}]')}, {value})) ? \"other\" : {letters}"


def _own_variables(rules: Rules) -> Iterator[str]:
    classes = rules.classes()
    say = "What the tags are for: classes of tagwright's catalogue. With * every requirement applies."
    body = attributes(
        [
            ("description", hcl(f"{say} The dictionary names {listed(list(classes), 40)}." if classes else say)),
            ("type", "set(string)"),
            ("default", items(["*"])),
            ("nullable", "false"),
        ]
    )
    yield block('variable "classes"', body)
    body = attributes(
        [
            ("description", hcl("Terraform resource types the tags are for, for requirements that name types.")),
            ("type", "set(string)"),
            ("default", "[]"),
            ("nullable", "false"),
        ]
    )
    yield block('variable "resource_types"', body)
    body = attributes(
        [
            ("description", hcl("The clouds the tags are for: their own limits apply. aws, gcp.")),
            ("type", "set(string)"),
            ("default", items(["aws"])),
            ("nullable", "false"),
        ]
    )
    check = _check(
        f"length(setsubtract(var.clouds, {items(['aws', 'gcp'])})) == 0", "clouds may name aws and gcp, nothing else."
    )
    yield block('variable "clouds"', f"{body}\n{block('validation', check)}")
    spellings = sorted({*rules.spelled("aws").values(), *rules.spelled("gcp").values()})
    check = _check(
        f"length(setintersection(keys(var.extra_tags), {items(spellings)})) == 0",
        "A key of the dictionary has a variable of its own: set that instead.",
    )
    body = attributes(
        [
            ("description", hcl("Further tags that the dictionary does not name.")),
            ("type", "map(string)"),
            ("default", "{}"),
            ("nullable", "false"),
        ]
    )
    yield block('variable "extra_tags"', f"{body}\n{block('validation', check)}")


def _main(rules: Rules, names: dict[str, str]) -> str:
    value = "".join(
        f"    {hcl(key)} = var.{name} == null ? \"\" : var.{name}\n" for key, name in names.items()
    )
    given = "".join(f"    {hcl(key)} = var.{name}\n" for key, name in names.items())
    lines = [
        "# Each key's value; empty where there is none.",
        hcl_module.mapping("value", value),
        "# Tags that are set. Empty ones are left out.",
        hcl_module.mapping("given", given),
        f"set = {{ for key, value in local.given : key => value if value != null && value != {hcl('')} }}\n",
        "# Which requirements apply.",
        hcl_module.mapping(
            "applies", "".join(f"    {hcl(rule.id)} = {_applies(rule)}\n" for rule in rules.blocking)
        ),
        "# Keys that must be there, in lower case, as AWS spells them.",
        f"demanded = toset(flatten({_demanded(rules)}))\n",
        "# How the clouds spell the keys.",
        hcl_module.mapping("aws", _spelling(rules, "aws")),
        hcl_module.mapping("gcp", _spelling(rules, "gcp")),
        f"tags = merge(var.extra_tags, {{ for key, value in local.set : local.aws[key] => value }})\n",
        f"labels = contains(var.clouds, {hcl('gcp')}) ? merge(var.extra_tags, "
        f"{{ for key, value in local.set : local.gcp[key] => {_label(rules)} }}) : {{}}\n",
    ]
    rows = _rows(rules)
    if rows:
        lines += ["# Which values belong together.", hcl_module.mapping("rows", rows)]
    return block("locals", "\n".join(lines))


def _label(rules: Rules) -> str:
    """The label form of a value (`judging.label_form`)."""
    encoding = rules.dictionary.encoding("gcp")
    if encoding is None or encoding.values != "label":
        return "value"
    other = hcl("/[^\\pL\\pN_-]/")
    return f'replace(replace(lower(value), "@", "_at_"), {other}, "_")'


def _spelling(rules: Rules, cloud: str) -> str:
    return "".join(f"    {hcl(key)} = {hcl(written)}\n" for key, written in rules.spelled(cloud).items())


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


def _rows(rules: Rules) -> str:
    written = []
    for rule in rules.blocking:
        for number, match in enumerate(rule.matches):
            body = "".join(f"      {hcl(of)} = {items(list(allowed))}\n" for of, allowed in match.rows)
            written.append(f"    {hcl(_row_name(rule, number))} = {{\n{body}    }}\n")
    return "".join(written)


def _row_name(rule: RequirementRule, number: int) -> str:
    return f"{rule.id}/{number}"


def _outputs(rules: Rules, names: dict[str, str]) -> str:
    tags = attributes([("description", hcl("The tags, as AWS and Azure take them.")), ("value", "local.tags")])
    for condition, message in (*_requirements(rules, names), *_aws_limits()):
        tags += "\n" + block("precondition", _check(condition, message))
    labels = attributes(
        [("description", hcl("The labels, as Google Cloud takes them (clouds names gcp).")), ("value", "local.labels")]
    )
    for condition, message in _gcp_limits():
        labels += "\n" + block("precondition", _check(condition, message))
    return f"{block('output \"tags\"', tags)}\n{block('output \"labels\"', labels)}"


def _requirements(rules: Rules, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    for rule in rules.blocking:
        applies = f"!local.applies[{hcl(rule.id)}]"
        whose = f"({plain(rule.id)})"
        for key in rule.require:
            target = f" for {selection(rule.selector)}"
            yield (
                f'{applies} || local.value[{hcl(key)}] != ""',
                f"{plain(key)} is required{target} {whose}. {_says(rules.keys[key])} Set {names[key]}.",
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
    yield f"{unless} || length(local.tags) <= {table['max_tags']}", f"AWS allows {table['max_tags']} tags on a resource."


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
    yield f"length(local.labels) <= {table['max_tags']}", f"Google Cloud allows {table['max_tags']} labels on a resource."
