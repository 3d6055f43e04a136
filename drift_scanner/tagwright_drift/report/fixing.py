"""The next step for one finding as a command and as a line of code."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence

from tagwright_dictionary.dictionary import Dictionary
from tagwright_drift.history.records import FindingRecord
from tagwright_drift.report.model import Fix

_VALUE_RULES = frozenset(
    ("missing-tag", "value-not-allowed", "deprecated-value", "placeholder-value", "mismatched-tags")
)
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.:/+@-]+")
_TAGS = " --tags "
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


Examples = frozenset[tuple[str, str]]
"""(key, value) pairs that only show what a value may look like."""


def examples_of(dictionary: Dictionary) -> Examples:
    """The examples of every open key: an example of an owner is nobody's owner."""
    return frozenset((key.name, example) for key in dictionary.keys if key.values is None for example in key.examples)


def fix_for(record: FindingRecord, examples: Examples = frozenset()) -> Fix:
    """A command and a line of code where one tag value mends the finding; else nothing but the finding's own help.

    The value is what the resource's surroundings have, else the only thing the dictionary suggests, unless that is an
    example. A member of a group is not mended by itself (the next one comes without the tag again): the command is for
    the group, where one command can set it, else there is none.
    """
    key = record.suggestions[0] if record.rule == "key-case" and record.suggestions else record.key
    if record.rule == "key-case" and record.value is not None:
        value, basis = record.value, "the tag in the wrong case"
    elif record.rule in _VALUE_RULES:
        value, basis = _value(record, examples)
    else:
        return Fix()
    if not key or not _printable(key, value):
        return Fix()
    command = _command(record, key, value)
    return Fix(command if command.isprintable() else "", _code(key, value), value, basis)


def combined(commands: Sequence[str]) -> str:
    """Commands for one resource as one, where they differ in nothing but the tags that they set; else ""."""
    heads = {command.partition(_TAGS)[0] for command in commands}
    if len(heads) != 1 or not all(_TAGS in command for command in commands):
        return ""
    return heads.pop() + _TAGS + " ".join(dict.fromkeys(command.partition(_TAGS)[2] for command in commands))


def _value(record: FindingRecord, examples: Examples) -> tuple[str, str]:
    for key, value, where in record.probable:
        if key == record.key and value:
            return value, where
    offered = [each for each in record.suggestions if (record.key, each) not in examples]
    if record.rule == "missing-tag" and len(offered) != 1:
        return "", ""
    return (offered[0], "the dictionary") if offered else ("", "")


def _printable(*texts: str) -> bool:
    # What a terminal would not show as it is has no place in a line to paste.
    return all(text.isprintable() for text in texts)


def _code(key: str, value: str) -> str:
    name = key if _IDENTIFIER.fullmatch(key) else json.dumps(key, ensure_ascii=False)
    # `${` and `%{` begin a template in Terraform; doubled they stand for themselves.
    text = json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    return f"{name} = {text}" if value else ""


def _command(record: FindingRecord, key: str, value: str) -> str:
    if not _PLAIN_KEY.fullmatch(key):
        return ""
    kind, colon, name = record.group.partition(":")
    if colon:
        if kind != "asg" or not _PLAIN_KEY.fullmatch(name):
            return ""
        tag = f"ResourceId={name},ResourceType=auto-scaling-group,PropagateAtLaunch=true,Key={key},Value="
        return f"aws autoscaling create-or-update-tags{_region(record)} --tags {_assigned(tag, key, value)}"
    if not record.address.startswith("arn:"):
        return ""
    arn = shlex.quote(record.address)
    return (
        f"aws resourcegroupstaggingapi tag-resources{_region(record)} --resource-arn-list {arn}"
        f" --tags {_assigned(f'{key}=', key, value)}"
    )


def _region(record: FindingRecord) -> str:
    return f" --region {shlex.quote(record.region)}" if record.region and record.region != "global" else ""


def _assigned(head: str, key: str, value: str) -> str:
    """AWS's shorthand `key=value`, quoted for the shell. Commas and quotes would end a bare value in shorthand."""
    if not value:
        variable = f"TAG_{re.sub(r'[^A-Za-z0-9]', '_', key).upper()}"
        return f'{head}"${{{variable}:?choose an approved value of {key}}}"'
    if re.search(r"[\s,'\"=\[\]{}]", value):
        inner = value.replace("\\", "\\\\").replace('"', '\\"')
        return shlex.quote(f'{head}"{inner}"')
    return shlex.quote(head + value)
