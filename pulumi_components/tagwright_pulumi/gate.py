"""`TagGate`: tags are judged before anything is registered, and what cannot be known yet before it is created."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import pulumi
from pulumi.runtime import settings

from tagwright_dictionary.dictionary import Dictionary, UnknownPolicy
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.model import Finding
from tagwright_pulumi import judging
from tagwright_pulumi.collecting import collector
from tagwright_pulumi.errors import Problem, TagPolicyError, from_finding, report
from tagwright_pulumi.gated import GatedTags
from tagwright_pulumi.judging import Moment, Subject, Value
from tagwright_pulumi.reading import Given, not_a_map, settled_values
from tagwright_pulumi.stack import find_dictionary, stack_defaults
from tagwright_pulumi.waiting import Settled, is_pending, is_unknown, settle

T = TypeVar("T")

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
        places: Mapping[str, TagsInput] | None = None,
        problems: Sequence[Problem] = (),
    ) -> GatedTags:
        """Judge the tags of a resource of the type `token` and hand back those to give to it.

        Raises TagPolicyError with every problem at once when what is known now is refused. What is pending is judged
        as soon as it is known, all of it together, and the tags handed back wait for that: a resource that uses them
        is not registered before, and not at all when they are refused.

        `label` is the type to name in messages, if another. `arguments` (of the resource, in either spelling) and
        `classes` decide what kind of resource it is. `places` are further tags of single things billed with it, over
        its own ("root volume"). `problems` are refusals of the caller's, reported together with the tags'.
        """
        case = _Case(self, Subject(token, name, frozenset(classes)), label or token, dict(arguments or {}))
        case.read(self._layers(), tags, places or {})
        case.begin(problems)
        return case.result()

    def _layers(self) -> list[tuple[str, Any]]:
        layers: list[tuple[str, Any]] = [(each.origin, each.tags) for each in stack_defaults()]
        return [*layers, ("the gate's defaults", self._defaults)]

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


@dataclass(slots=True)
class _Case:
    """One resource on its way through the gate."""

    gate: TagGate
    subject: Subject
    label: str
    arguments: dict[str, Any]
    given: Given = None  # type: ignore[assignment] - set by `read`
    places: dict[str, Given] = None  # type: ignore[assignment] - set by `read`
    verdict: pulumi.Output[None] | None = None

    def read(self, layers: list[tuple[str, Any]], tags: Any, places: Mapping[str, Any]) -> None:
        self.given = Given()
        for origin, layer in layers:
            self.given.add(layer, origin)
        self.given.add(tags)
        if tags is None:
            self.given.problems.append(not_a_map(None))
        self.places = {}
        for what, more in places.items():
            over = Given(dict(self.given.values), dict(self.given.origins), self.given.whole)
            over.add(more)
            if self.given.whole is not None and over.whole is self.given.whole:
                # The map of the resource comes later: its keys, then the place's own, are put together then.
                over.values = {} if not isinstance(more, Mapping) else dict(more)
            self.places[what] = over

    def begin(self, more: Sequence[Problem]) -> None:
        """Judge what is known now; arrange for the rest."""
        moment = Moment(
            self.given.now(),
            {what: each.now() for what, each in self.places.items()},
            self.arguments,
            complete=self.given.whole is None,
        )
        problems = [*more, *self.given.problems]
        for what, each in self.places.items():
            problems += (one for one in each.problems if one not in self.given.problems)
        pending = self._is_pending()
        collecting = collector()
        self._conclude(moment, problems, final=not pending)
        if pending:
            self.verdict = pulumi.Output.from_input(self._later())
            if collecting is not None:
                collecting.waiting.append(self.verdict)

    def result(self) -> GatedTags:
        return GatedTags.of(
            self.given.usable(),
            self.given.whole,
            {what: (each.usable(), each.whole) for what, each in self.places.items()},
            self.verdict,
        )

    def _is_pending(self) -> bool:
        groups = (self.given, *self.places.values())
        if any(each.whole is not None or each.pending() for each in groups):
            return True
        classes = judging.find_classes(self.subject, self.arguments)
        return bool(classes.possible) and any(is_pending(value) for value in self.arguments.values())

    async def _later(self) -> None:
        """Wait for every value, then judge the resource as a whole."""
        collecting = collector()
        tags, wrong, complete = await _settled(self.given)
        places = {}
        for what, each in self.places.items():
            found, more, known = await _settled(each, tags if self.given.whole is not None else None)
            places[what] = found
            wrong += (one for one in more if one not in wrong)
            complete &= known
        arguments = {key: await _argument(value) for key, value in self.arguments.items()}
        del collecting
        self._conclude(Moment(tags, places, arguments, complete), wrong, final=True)

    def _conclude(self, moment: Moment, problems: list[Problem], *, final: bool) -> None:
        gate, dictionary = self.gate, self.gate.dictionary
        found = judging.findings(dictionary, self.subject, moment, gate.today)
        missing = {each.key for each in judging.blocking(found)}
        # A None is missing where the key is required; said once.
        everything = [each for each in problems if not (each.key in missing and "is None" in each.message)]
        everything += map(from_finding, judging.blocking(found))
        waiting = judging.undecided(found) if final else ()
        if waiting and gate.refuses_unknown():
            everything += map(from_finding, waiting)
            waiting = ()
        if everything:
            gate.refuse(TagPolicyError(self.label, self.subject.name, everything, dictionary))
        if final:
            self._say(dictionary, moment, judging.warnings(found), waiting)

    def _say(
        self, dictionary: Dictionary, moment: Moment, warned: tuple[Finding, ...], waiting: tuple[Finding, ...]
    ) -> None:
        name = self.subject.name
        if warned:
            pulumi.log.warn(
                report("tag policy on", self.label, name, [from_finding(each) for each in warned], dictionary)
            )
        if waiting and self.gate.says_unknown():
            later = "checked in the update, before it is created" if settings.is_dry_run() else "not known"
            pulumi.log.info(
                report(f"{later}: tags of", self.label, name, [from_finding(each) for each in waiting], dictionary)
            )
        secret = sorted(key for key, value in moment.tags.items() if value.secret)
        if secret:
            pulumi.log.warn(
                f"{self.label} '{plain(name, 200)}': {', '.join(plain(key) for key in secret)} comes from a secret, but "
                "tags are not secret on AWS: everybody who may describe the resource reads them"
            )


async def _settled(
    given: Given, under: Mapping[str, Value] | None = None
) -> tuple[dict[str, Value], list[Problem], bool]:
    """The values of a map, what is wrong with them, and whether all keys are known."""
    values = dict(given.values)
    complete = True
    whole_problems: list[Problem] = []
    if given.whole is not None and under is None:
        whole = await settle(given.whole)
        if isinstance(whole.value, Mapping):
            # One secret makes the whole map secret: nothing of it may be shown.
            top = {
                key: value if isinstance(value, str) and not whole.secret else _inner(value, whole.secret)
                for key, value in whole.value.items()
            }
            values = {**values, **top}
        elif not whole.known or is_unknown(whole.value):
            complete = False
        elif whole.value is not None:
            whole_problems.append(not_a_map(whole.value))
    keys = [key for key, value in values.items() if is_pending(value)]
    for key, found in zip(keys, await asyncio.gather(*(settle(values[key]) for key in keys)), strict=True):
        values[key] = found
    found_values, problems = settled_values(values, given.origins)
    if under is not None:
        found_values = {**under, **found_values}
    return found_values, whole_problems + problems, complete


def _inner(value: Any, secret: bool) -> Settled:
    return Settled(value, not is_unknown(value), secret)


async def _argument(value: Any) -> Any:
    if not is_pending(value):
        return value
    return (await settle(value)).value
