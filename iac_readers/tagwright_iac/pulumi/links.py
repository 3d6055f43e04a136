"""From a property of one resource to the resource that it points to.

Pulumi notes for each property which resources its value came from; a value that is known is looked up as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tagwright_dictionary.model import Unknown
from tagwright_iac.plan.links import TARGETS
from tagwright_iac.pulumi.naming import camel, member, terraform_type
from tagwright_iac.pulumi.states import State
from tagwright_iac.pulumi.values import outer, revealed
from tagwright_iac.view import ResourceView

_MORE_TARGETS: dict[str, tuple[str, ...]] = {
    "launchTemplate": ("aws_launch_template",),
    "launchConfiguration": ("aws_launch_configuration",),
    "endpointConfigName": ("aws_sagemaker_endpoint_configuration",),
    "autoscaling_group_name": ("aws_autoscaling_group", "aws_eks_node_group"),
}


@dataclass(slots=True)
class Links:
    """States that others may point to. `view` makes the view of one."""

    view: Callable[[State], ResourceView]
    _by_urn: dict[str, State] = field(default_factory=dict)
    _by_name: dict[tuple[str, str], State] = field(default_factory=dict)

    def add(self, state: State) -> None:
        self._by_urn[state.urn] = state
        for name in state.identity:
            self._by_name.setdefault((terraform_type(state.type), name), state)

    def follow(self, state: State, path: tuple[str, ...]) -> ResourceView | Unknown | None:
        """What the value at `path` points to (see `ResourceView.link`)."""
        found = self.target(state, path)
        return self.view(found) if isinstance(found, State) else found

    def target(self, state: State, path: tuple[str, ...]) -> State | Unknown | None:
        value = revealed(_descend(state.inputs, path))
        if value is None:
            return None
        kinds = _MORE_TARGETS.get(path[-1]) or TARGETS.get(path[-1], ())
        if isinstance(value, str):
            for kind in kinds:
                if (kind, value) in self._by_name:
                    return self._by_name[kind, value]
        found = [each for each in self._sources(state, path[0]) if not kinds or terraform_type(each.type) in kinds]
        if len(found) == 1:
            return found[0]
        if isinstance(value, str):
            return Unknown(f"{value[:100]} is not in this document")
        return Unknown(f"{'.'.join(path)} of {state.address} cannot be followed in the document")

    def _sources(self, state: State, name: str) -> Iterable[State]:
        """Who the property's value came from, and what those came from in turn, where they are no resources."""
        spelled = camel(name)
        for each in (spelled, f"{spelled}s", f"{spelled}es", f"{spelled[:-1]}ies"):
            if each in state.dependencies:
                return [self._by_urn[urn] for urn in state.dependencies[each] if urn in self._by_urn]
        return []


def _descend(value: Any, path: tuple[str, ...]) -> Any:
    """A path's part of digits picks the block of that index; another passes through the first of a list."""
    for name in path:
        given, _ = outer(value)
        if isinstance(given, Unknown):
            return given
        if name.isdigit():
            value = given[int(name)] if isinstance(given, list) and int(name) < len(given) else None
            continue
        if isinstance(given, list):
            given, _ = outer(given[0]) if given else (None, False)
        if isinstance(given, Unknown):
            return given
        value = member(given, name) if isinstance(given, dict) else None
    return value
