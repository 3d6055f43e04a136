"""A component's `args`: which are there, which are missing, which are none of its own."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from tagwright_dictionary.judging.text import plain
from tagwright_pulumi.errors import Problem
from tagwright_pulumi.waiting import is_pending

ARGUMENT = "argument"

TAG_ARGUMENTS = frozenset({"tags", "tags_all", "volume_tags", "tag_specifications"})
"""Arguments of AWS resources that would put tags beside the gate, or over it."""


@dataclass(slots=True)
class Arguments:
    """The arguments of one component, and every problem with them."""

    component: str
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, component: str, given: object, form: type) -> Arguments:
        """`form` is the component's TypedDict. None counts as not given; tags have their own judge."""
        found = cls(component, {})
        if not isinstance(given, Mapping):
            message = f"the arguments of {component} are {type(given).__name__}, not a mapping"
            found.problems.append(Problem(ARGUMENT, message, help=f"write {form.__name__}(...) or a dictionary."))
            given = {}
        required: frozenset[str] = getattr(form, "__required_keys__", frozenset())
        optional: frozenset[str] = getattr(form, "__optional_keys__", frozenset())
        known = required | optional
        for name in given:
            if name not in known:
                found.problems.append(unknown_argument(component, str(name), known))
        found.values = {name: value for name, value in given.items() if name in known and value is not None}
        for name in sorted(required - {"tags"}):
            if name not in found.values:
                message = f"{component} needs {name}"
                found.problems.append(
                    Problem(ARGUMENT, message, path=camel(name), help=f"add {name} to its arguments.")
                )
        return found

    def get(self, name: str) -> Any:
        """The argument, None when it was not given."""
        return self.values.get(name)

    def refuse(self, name: str, message: str, help_text: str) -> None:
        self.problems.append(Problem(ARGUMENT, message, path=camel(name), help=help_text))

    def pick(self, *names: str) -> dict[str, Any]:
        """The given ones among these, for a resource that calls them the same."""
        return {name: self.values[name] for name in names if name in self.values}

    def beyond(self, hatch: str, given: Mapping[str, Any] | None, resource: type, own: Iterable[str]) -> dict[str, Any]:
        """The escape hatch: further arguments of the resource below. Refuses tags, what the component itself decides
        (`own`), and what the resource does not know.
        """
        known = arguments_of(resource)
        allowed: dict[str, Any] = {}
        for name, value in (given or {}).items():
            path = camel(hatch)
            if name in TAG_ARGUMENTS or _spelled(name) in TAG_ARGUMENTS:
                help_text = (
                    "give the tags to the component's own tags: there they are judged and reach all that is billed."
                )
                self.problems.append(
                    Problem(ARGUMENT, f"{plain(name)} in {hatch} would go past the gate", path=path, help=help_text)
                )
            elif name in own:
                message = f"{plain(name)} in {hatch} is decided by {self.component}"
                self.problems.append(Problem(ARGUMENT, message, path=path, help="use the component's own argument."))
            elif known and name not in known:
                self.problems.append(unknown_argument(f"{resource.__name__} (in {hatch})", name, known))
            else:
                allowed[name] = value
        return allowed


def arguments_of(resource: type) -> frozenset[str]:
    """The names that a pulumi_aws resource's constructor takes; empty when it does not say."""
    maker = getattr(resource, "_internal_init", None)
    if maker is None:
        return frozenset()
    names = inspect.signature(maker).parameters
    return frozenset(name for name in names if not name.startswith("__")) - {"resource_name", "opts"}


def unknown_argument(component: str, name: str, known: Iterable[str]) -> Problem:
    near = difflib.get_close_matches(name[:80], sorted(known), 1)
    help_text = f"did you mean {near[0]}?" if near else f"it has {', '.join(sorted(known)[:12])}."
    return Problem(ARGUMENT, f"{component} has no argument {plain(name)}", help=help_text)


def plain_mapping(value: Any) -> dict[str, Any] | None:
    """A nested block as a dictionary, whether it was written as one or as a class of pulumi_aws; None for an output,
    inside which tags could not be seen.
    """
    if is_pending(value):
        return None
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "__dict__") and not isinstance(value, pulumi.Resource):
        return {key: inner for key, inner in vars(value).items() if inner is not None}
    return None


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _spelled(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
