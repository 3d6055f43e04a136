"""From a reference in one planned resource to the resource it names.

A known id or name is looked up among the planned values. An unknown one is followed through the configuration's
references: resources of the same module, inputs of the calling module, outputs of called ones. The plan does not
say what a local holds; it is followed only where the module has exactly one resource that it can mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tagwright_dictionary.model import Unknown
from tagwright_iac.plan.change import Change, without_keys
from tagwright_iac.plan.configuration import Configuration, References
from tagwright_iac.plan.node import Node
from tagwright_iac.view import ResourceView

_DEEPEST = 100
_NAMES = ("id", "name", "arn", "self_link", "key_name", "family")

TARGETS: dict[str, tuple[str, ...]] = {
    "autoscaling_group_name": ("aws_autoscaling_group",),
    "cluster": ("google_container_cluster",),
    "endpoint_config_name": ("aws_sagemaker_endpoint_configuration",),
    "id": ("aws_launch_template",),
    "launch_configuration": ("aws_launch_configuration",),
    "launch_template_id": ("aws_launch_template",),
    "launch_template_name": ("aws_launch_template",),
    "name": ("aws_launch_template",),
    "resource_id": ("aws_instance", "aws_spot_instance_request"),
    "task_definition": ("aws_ecs_task_definition",),
    "task_definition_arn": ("aws_ecs_task_definition",),
}
"""Last part of a link's path to the types it points to: what a known value or a local is looked up among."""

_BESIDE = {
    "id": "name",
    "name": "id",
    "launch_template_id": "launch_template_name",
    "launch_template_name": "launch_template_id",
}
"""Arguments of which one is written and the provider computes the other."""


@dataclass(slots=True)
class Links:
    """Planned resources that others may point to. `view` makes the view of one."""

    configuration: Configuration
    view: Callable[[Change], ResourceView]
    _by_block: dict[tuple[str, str], list[Change]] = field(default_factory=dict)
    _by_type: dict[tuple[str, str], list[Change]] = field(default_factory=dict)
    _by_name: dict[tuple[str, str], Change] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        block = f"{change.type}.{change.name}"
        self._by_block.setdefault((change.module, block), []).append(change)
        if "[" in change.module:
            self._by_block.setdefault((f"*{without_keys(change.module)}", block), []).append(change)
        self._by_type.setdefault((change.module, change.type), []).append(change)
        for name in _NAMES:
            value = change.after.child(name)
            if isinstance(value.value, str) and value.value and not value.is_unknown:
                self._by_name.setdefault((change.type, value.value), change)

    def follow(self, change: Change, path: tuple[str, ...]) -> ResourceView | Unknown | None:
        """What the reference at `path` points to (see `ResourceView.link`)."""
        found = self.target(change, path)
        return self.view(found) if isinstance(found, Change) else found

    def target(self, change: Change, path: tuple[str, ...]) -> Change | Unknown | None:
        """The same as a change; None when nothing is set there, or it is computed from what stands beside it."""
        node, kinds = _descend(change.after, path), TARGETS.get(path[-1], ())
        references = self._references(change, path)
        if not node.is_set:
            return None
        if not node.is_unknown:
            for kind in kinds:
                if isinstance(node.value, str) and (kind, node.value) in self._by_name:
                    return self._by_name[kind, node.value]
            if not references:
                return Unknown(f"{str(node.value)[:100]} is not in this plan")
        elif not references:
            return None if self._stands_beside(change, path) else self._only_one(".".join(path), change.module, kinds)
        return self._first(references, change.module, change, kinds, 0) or Unknown(
            f"{'.'.join(path)} of {change.address} cannot be followed in the plan"
        )

    def _stands_beside(self, change: Change, path: tuple[str, ...]) -> bool:
        other = _BESIDE.get(path[-1])
        if other is None:
            return False
        node = _descend(change.after, (*path[:-1], other))
        written = bool(self._references(change, (*path[:-1], other))) or (node.is_set and not node.is_unknown)
        # With neither in the configuration (a dynamic block) the id speaks for both.
        return written or path[-1].endswith("name")

    def _references(self, change: Change, path: tuple[str, ...]) -> tuple[str, ...]:
        block = self.configuration.block(without_keys(change.module), f"{change.type}.{change.name}")
        if block is None:
            return ()
        return _at(block.references, path)

    def _resolve(
        self, name: str, module: str, user: Change, kinds: tuple[str, ...], depth: int
    ) -> Change | Unknown | None:
        if depth > _DEEPEST:
            return None
        parts = _parts(name)
        first = without_keys(parts[0])
        if first in {"each", "count", "path", "terraform", "self"}:
            return None
        if first == "data":
            return Unknown(f"{'.'.join(parts[:3])} is a data source; what it returns is not in the plan")
        if first == "local":
            return self._only_one(name, module, kinds)
        if first == "var" and len(parts) > 1:
            parent = module_parent(module)
            called = self.configuration.modules.get(without_keys(module))
            inputs = called.inputs.get(parts[1], ()) if called and module else ()
            return self._first(inputs, parent, user, kinds, depth)
        if first == "module" and len(parts) > 2:
            child = f"{module}.module.{parts[1]}" if module else f"module.{parts[1]}"
            called = self.configuration.modules.get(without_keys(child))
            outputs = called.outputs.get(without_keys(parts[2]), ()) if called else ()
            return self._first(outputs, child, user, kinds, depth)
        return self._instance(parts, module, user) if len(parts) > 1 else None

    def _first(
        self, names: Iterable[str], module: str, user: Change, kinds: tuple[str, ...], depth: int
    ) -> Change | Unknown | None:
        for name in names:
            found = self._resolve(name, module, user, kinds, depth + 1)
            if found is not None:
                return found
        return None

    def _instance(self, parts: list[str], module: str, user: Change) -> Change | Unknown | None:
        """The instance that "type.name[key]" of a module instance means to its user. A reference into a module with
        instances may lack their keys; then any of them may be meant.
        """
        name = without_keys(parts[1])
        block = f"{parts[0]}.{name}"
        inside = self._by_block.get((module, block)) or self._by_block.get((f"*{without_keys(module)}", block), [])
        key = parts[1][len(name) :].strip("[]")
        for choice in (
            [item for item in inside if item.key == key],
            [item for item in inside if not key and item.key and item.key == user.key],
            inside,
        ):
            if len(choice) == 1:
                return choice[0]
        return Unknown(f"which instance of {block} is meant is not in the plan") if inside else None

    def _only_one(self, name: str, module: str, kinds: tuple[str, ...]) -> Change | Unknown:
        found = [item for kind in kinds for item in self._by_type.get((module, kind), ())]
        return found[0] if len(found) == 1 else Unknown(f"the plan does not say what {name} holds")


def module_parent(module: str) -> str:
    """The address of the module instance that calls this one."""
    steps = _parts(module)
    return ".".join(steps[:-2])


def _parts(name: str) -> list[str]:
    """An address or reference split at dots outside of brackets and quotes."""
    parts, start, inside, quoted, escaped = [], 0, False, False, False
    for position, character in enumerate(name):
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif inside:
            quoted, inside = character == '"', character != "]"
        elif character == "[":
            inside = True
        elif character == ".":
            parts.append(name[start:position])
            start = position + 1
    return [*parts, name[start:]]


def _descend(node: Node, path: tuple[str, ...]) -> Node:
    """The value at a path; a part of digits picks the block of that index, else the first is meant."""
    for part in path:
        if part.isdecimal():
            items = list(node.items())
            index = int(part) if len(part) < 6 else len(items)
            node = items[index] if index < len(items) else Node(None)
        else:
            if isinstance(node.value, list) and not node.is_unknown:
                node = next(node.items(), Node(None))
            node = node.child(part)
    return node


def _at(references: References, path: tuple[str, ...]) -> tuple[str, ...]:
    """The references at a path of which indexes may be left out (then the first block is meant)."""
    wanted: tuple[str, ...] = ()
    for part in path:
        if part.isdecimal():
            wanted = (*wanted[:-1], part) if wanted and wanted[-1] == "0" else (*wanted, part)
        else:
            wanted = (*wanted, part, "0")
    return references.get(wanted[:-1], ()) or references.get(path, ())
