"""What stands beside the module: its own tests (`terraform test`, 1.6 or newer) and its README."""

from __future__ import annotations

from collections.abc import Sequence

from tagwright_dictionary.judging.text import plain
from tagwright_policies.exports.hcl_writing import attributes, block
from tagwright_policies.exports.quoting import hcl, sentence
from tagwright_policies.exports.rules import Rules, selection
from tagwright_policies.exports.sampling import sample

_WRONG = "not an approved value"


def tests(rules: Rules, names: dict[str, str]) -> str:
    """Runs that need no provider: the sample is accepted, each key that is checked refuses a wrong value."""
    good = sample(rules)
    runs = []
    if good is not None:
        runs.append(_run("accepts_a_compliant_set", [(names[key], value) for key, value in good.items()], []))
    for key, rule in rules.keys.items():
        if rule.check.fault(_WRONG) is not None and (good is not None or not rules.demanded(key)):
            given = {**(good or {}), key: _WRONG}
            pairs = [(names[name], value) for name, value in given.items()]
            if rule.check.constrained and not rule.problem:
                runs.append(_run(f"refuses_{names[key]}", pairs, [f"var.{names[key]}"]))
    return "\n".join(runs) or "# There is nothing to test: no key has a list, a pattern or a format.\n"


def _run(name: str, pairs: Sequence[tuple[str, str]], failures: Sequence[str]) -> str:
    body = attributes([("command", "plan")])
    body += "\n" + block("variables", attributes([(name, hcl(value)) for name, value in pairs]))
    if failures:
        body += f"\nexpect_failures = [{', '.join(failures)}]\n"
    return block(f"run {hcl(name)}", body)


def example(rules: Rules, names: dict[str, str]) -> str:
    """A root module that calls this one with the sample; "" where there is none."""
    good = sample(rules)
    if good is None:
        return ""
    call = attributes([("source", hcl("../.."))])
    if good:
        call += "\n" + attributes([(names[name], hcl(value)) for name, value in good.items()])
    shown = block('output "tags"', attributes([("value", "module.tags.tags")]))
    return block('module "tags"', call) + "\n" + shown


def readme(rules: Rules, names: dict[str, str], top: Sequence[str]) -> str:
    """Usage, the variables, and the header."""
    good = sample(rules) or {}
    width = max((len(names[name]) for name in good), default=6)
    call = "".join(f"  {names[name]:<{width}} = {hcl(value)}\n" for name, value in good.items())
    lines = [
        "# Tags",
        "",
        *(f"> {line}".rstrip() for line in top),
        "",
        "```hcl",
        'module "tags" {',
        '  source = "./tags"',
        "",
        call.rstrip("\n"),
        "}",
        "",
        'resource "aws_sqs_queue" "jobs" {',
        '  name = "jobs"',
        "  tags = module.tags.tags",
        "}",
        "```",
        "",
        *(["`examples/complete` makes this call as a root module of its own.", ""] if good else []),
        "| variable | tag | required for |",
        "|---|---|---|",
    ]
    for key, name in names.items():
        asked = [rule for rule in rules.demanded(key) if rule.blocks]
        who = "; ".join(selection(rule.selector) + (" (on a condition)" if rule.when else "") for rule in asked)
        lines.append(f"| `{name}` | {_cell(key)} | {_cell(who) or 'optional'} |")
    lines += [
        "",
        '`classes` says what the tags are for (all requirements apply by default), `clouds = ["aws", "gcp"]` fills',
        "the output `labels` as well, `extra_tags` takes what the dictionary does not name.",
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return sentence(plain(text, 200)).replace("|", "\\|").replace("`", "'")
