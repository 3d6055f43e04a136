"""`TagGate`: tags are judged before anything is registered, and what cannot be known yet before it is created."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pulumi

from tagwright_dictionary.dictionary import Dictionary, UnknownPolicy
from tagwright_pulumi.case import Case, Check
from tagwright_pulumi.collecting import collector
from tagwright_pulumi.errors import Problem, TagPolicyError
from tagwright_pulumi.gated import GatedTags
from tagwright_pulumi.judging import Subject
from tagwright_pulumi.stack import find_dictionary, stack_defaults

TagsInput = pulumi.Input[Mapping[str, pulumi.Input[str]]]
"""A map of tags, values of which (or all of which) may be outputs."""


class TagGate:
    """The tag policy of a program.

    dictionary    a loaded one, or where it is; None finds it (`stack.find_dictionary`), at the first resource
    unknown       what a preview does about a value that only the update will know: "defer" lets it pass, says so, and
                  checks it in the update before the resource is registered; "refuse" fails the preview. None: as the
                  dictionary's `unknown:` says (fail is "refuse", warn and ignore are "defer")
    defaults      tags for every resource of this gate. A resource's own win over them, they win over the stack's
                  `tagwright:defaults`, and those over `aws:defaultTags`
    on_violation  "warn" reports and lets the resource pass, for the time of a migration
    today         the day to judge by (deadlines, deprecations); None is today
    """

    def __init__(
        self,
        dictionary: Dictionary | str | Path | None = None,
        *,
        unknown: Literal["defer", "refuse"] | None = None,
        defaults: Mapping[str, pulumi.Input[str]] | None = None,
        on_violation: Literal["raise", "warn"] = "raise",
        today: date | None = None,
    ) -> None:
        if unknown not in ("defer", "refuse", None):
            raise ValueError(f'unknown is "defer", "refuse" or None, not {unknown!r}')
        if on_violation not in ("raise", "warn"):
            raise ValueError(f'on_violation is "raise" or "warn", not {on_violation!r}')
        if defaults is not None and not isinstance(defaults, Mapping):
            raise ValueError(f"defaults is a mapping of keys to values, not '{type(defaults).__name__}'")
        self._dictionary = dictionary
        self._unknown = unknown
        self._defaults = defaults
        self._warns = on_violation == "warn"
        self._today = today

    @property
    def dictionary(self) -> Dictionary:
        """The dictionary, found and loaded when first asked for. Raises SetupError."""
        return find_dictionary(self._dictionary)

    @property
    def today(self) -> date:
        return self._today or date.today()  # noqa: DTZ011 - a deadline ends at the user's midnight

    def apply(
        self,
        token: str,
        name: str,
        tags: TagsInput | None,
        *,
        label: str = "",
        arguments: Mapping[str, Any] | None = None,
        classes: Iterable[str] = (),
        siblings: Iterable[str] = (),
        places: Mapping[str, Mapping[str, pulumi.Input[str]]] | None = None,
        checks: Sequence[Check] = (),
        problems: Sequence[Problem] = (),
    ) -> GatedTags:
        """Judge the tags of a resource of the type `token` and hand back those to give to it.

        Raises TagPolicyError with every problem at once when what is known now is refused. What is pending is judged
        as soon as it is known, all of it together, and the tags handed back wait for that: a resource that uses them
        is not registered before, and not at all when they are refused.

        `label` is the type to name in messages, if another. `arguments` (of the resource, in either spelling) and
        `classes` decide what kind of resource it is. `siblings` are further types that get the same tags. `places`
        are further tags of single things billed with it, over its own ("root volume"). `problems` are refusals of
        the caller's, reported together with the tags'; `checks` find such in the arguments, now and once more when
        all of them are known.
        """
        subjects = tuple(Subject(each, name, frozenset(classes)) for each in (token, *siblings))
        case = Case.read(self, subjects, label or token, dict(arguments or {}), tuple(checks), tags, places or {})
        case.begin(problems)
        return case.result()

    def layers(self) -> list[tuple[str, Any]]:
        """The tags that lie under a resource's own, the weakest first, each with its origin in words."""
        stack = [(each.origin, each.tags) for each in stack_defaults()]
        return [*stack, ("the gate's defaults", self._defaults)]

    def refuses_unknown(self) -> bool:
        if self._unknown is None:
            return self.dictionary.unknown is UnknownPolicy.FAIL
        return self._unknown == "refuse"

    def says_unknown(self) -> bool:
        return self._unknown is not None or self.dictionary.unknown is not UnknownPolicy.IGNORE

    def refuse(self, refusal: TagPolicyError) -> None:
        """Raise it, or do what this gate (or `collect_violations`) does in its place."""
        collecting = collector()
        if self._warns:
            pulumi.log.warn(str(refusal))
        elif collecting is not None:
            collecting.take(refusal)
        else:
            raise refusal
