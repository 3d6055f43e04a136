"""Terraform and OpenTofu states: the raw file (version 4), and what `terraform show -json` prints of one.

Formats: https://developer.hashicorp.com/terraform/internals/json-format (values and sensitive_values), and
internal/states/statefile/version4.go of Terraform for the file (sensitive_attributes are paths).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tagwright_dictionary.catalogue import tag_support
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import NO_TAGS, Location, Tags
from tagwright_drift.declared.model import Beside, Declared, State
from tagwright_drift.declared.naming import declared
from tagwright_iac.plan.node import Node, clean

SHOW: Final = "run `terraform show -json > state.json`, or name the terraform.tfstate"
_MERGED: Final = ("tags_all", "effective_labels", "terraform_labels")
_IDENTITY: Final = ("arn", "id", "bucket", "name")
_DEEPEST: Final = 200
_BESIDE: Final[Mapping[str, str]] = {
    "aws_ec2_tag": "resource_id",
    "aws_dynamodb_tag": "resource_arn",
    "aws_ecs_tag": "resource_arn",
    "aws_autoscaling_group_tag": "autoscaling_group_name",
}
"""Types that put one tag on another resource, and the argument that names it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    address: str
    type: str
    node: Node


def state_of(document: Mapping[str, Any], source: str) -> State:
    """Raises InputError: a plan, an encrypted state, an old version, or a form that neither program writes."""
    try:
        entries = list(_entries(document, source))
        return _state(entries, document, source)
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"the state has not the form that Terraform writes ({type(error).__name__}: {error})",
            hint=SHOW,
            location=Location(source),
        ) from None


def _entries(document: Mapping[str, Any], source: str) -> Iterator[_Entry]:
    where = Location(source)
    if "encrypted_data" in document:
        raise InputError("the state is encrypted", hint="run `tofu show -json > state.json`", location=where)
    if "resource_changes" in document or "planned_values" in document:
        raise InputError("this is a plan, not a state", hint=SHOW, location=where)
    if "format_version" in document:
        # A state without resources is printed without `values`.
        values = document.get("values") or {}
        yield from _shown(values.get("root_module") or {}, 0)
        return
    version = document.get("version")
    if not isinstance(version, int) or "lineage" not in document:
        raise InputError("this JSON document is no Terraform state", hint=SHOW, location=where)
    if version != 4:
        raise InputError(f"state files of version 4 are read, this one has {version}", hint=SHOW, location=where)
    yield from _raw(document)


def _shown(module: Mapping[str, Any], depth: int) -> Iterator[_Entry]:
    if depth > _DEEPEST:
        raise RecursionError("modules are nested too deeply")
    for each in module.get("resources") or ():
        if each["mode"] != "managed":
            continue
        deposed = each.get("deposed_key")
        address = f"{each['address']} (deposed {deposed})" if deposed else each["address"]
        node = Node(each.get("values") or {}, sensitive=each.get("sensitive_values") or False)
        yield _Entry(clean(address), each["type"], node)
    for child in module.get("child_modules") or ():
        yield from _shown(child, depth + 1)


def _raw(document: Mapping[str, Any]) -> Iterator[_Entry]:
    for each in document.get("resources") or ():
        if each["mode"] != "managed":
            continue
        prefix = f"{each['module']}." if each.get("module") else ""
        for instance in each.get("instances") or ():
            address = f"{prefix}{each['type']}.{each['name']}{_key(instance.get('index_key'))}"
            if instance.get("deposed"):
                address += f" (deposed {instance['deposed']})"
            marks: dict[str, Any] = {}
            for path in instance.get("sensitive_attributes") or ():
                _mark(marks, path)
            yield _Entry(clean(address), each["type"], Node(instance.get("attributes") or {}, sensitive=marks))


def _key(key: Any) -> str:
    if key is None:
        return ""
    if isinstance(key, str):
        escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
        return f'["{escaped}"]'
    return f"[{key}]"


def _mark(marks: dict[str, Any], path: Any) -> None:
    """Turn a path into the nested form of `sensitive_values`. An index into a list marks the whole list: what is said
    of too much is never printed, what is said of too little is.
    """
    names: list[str] = []
    for step in path:
        value = step.get("value")
        if step.get("type") == "index":
            value = value.get("value") if isinstance(value, Mapping) else value
        if not isinstance(value, str):
            break
        names.append(value)
    at = marks
    for name in names[:-1]:
        inner = at.setdefault(name, {})
        if inner is True:
            return
        at = inner
    if names:
        at[names[-1]] = True


def _state(entries: list[_Entry], document: Mapping[str, Any], source: str) -> State:
    secrets: set[str] = set()
    for entry in entries:
        _collect(entry.node.value, entry.node.sensitive, secrets)
    outputs = document.get("outputs") or (document.get("values") or {}).get("outputs") or {}
    for output in outputs.values():
        if output.get("sensitive"):
            _collect(output.get("value"), True, secrets)
    found: list[Declared] = []
    beside: list[Beside] = []
    for entry in entries:
        if entry.type in _BESIDE:
            beside.append(_beside(entry))
            continue
        identity = [_text(entry.node, name) for name in _IDENTITY]
        tags, secret = _tags(entry)
        found.append(declared(entry.address, entry.type, source, identity, tags, secret=secret))
    return State(source, tuple(found), tuple(beside), frozenset(secrets))


def _tags(entry: _Entry) -> tuple[Tags, bool]:
    """What the provider merged, with the marks of the resource's own argument, which do not travel to `tags_all`; and
    whether the argument is marked as a whole.
    """
    support = tag_support(entry.type)
    node, own = _own(entry, support.attribute, support.shape) if support.attribute else (Node(None), NO_TAGS)
    secret = node.sensitive is True
    for name in _MERGED:
        merged = entry.node.child(name)
        if isinstance(merged.value, dict):
            hidden = dict.fromkeys((tag.key for tag in own.items if tag.sensitive), True)
            return Node(merged.value, sensitive={**_marks(merged.sensitive), **hidden}).tags(), secret
    return own, secret


def _own(entry: _Entry, path: str, shape: str) -> tuple[Node, Tags]:
    node = entry.node
    for name in path.split("."):
        node = next(node.items(), Node(None)) if isinstance(node.value, list) else node
        node = node.child(name)
    listed = isinstance(node.value, list) or shape == "tag_block"
    return node, node.pairs("key", "value") if listed else node.tags()


def _beside(entry: _Entry) -> Beside:
    target = _text(entry.node, _BESIDE[entry.type])
    if entry.type == "aws_autoscaling_group_tag":
        return Beside(entry.address, target, _own(entry, "tag", "tag_block")[1])
    pair = Node([entry.node.value], sensitive=[entry.node.sensitive])
    return Beside(entry.address, target, pair.pairs("key", "value"))


def _text(node: Node, name: str) -> str:
    value = node.child(name).value
    return clean(value) if isinstance(value, str) else ""


def _marks(flags: Any) -> Mapping[str, Any]:
    return flags if isinstance(flags, Mapping) else {}


def _collect(value: Any, flags: Any, into: set[str]) -> None:
    """Every text below a mark."""
    if flags is True:
        if isinstance(value, str) and value:
            into.add(clean(value))
        elif isinstance(value, Mapping):
            for inner in value.values():
                _collect(inner, True, into)
        elif isinstance(value, list):
            for inner in value:
                _collect(inner, True, into)
    elif isinstance(flags, Mapping) and isinstance(value, Mapping):
        for name, flag in flags.items():
            _collect(value.get(name), flag, into)
    elif isinstance(flags, list) and isinstance(value, list):
        for inner, flag in zip(value, flags, strict=False):
            _collect(inner, flag, into)
