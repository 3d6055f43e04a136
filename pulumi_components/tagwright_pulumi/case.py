"""One resource on its way through the gate: read, judged on what is known, and judged again when the rest is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import pulumi
from pulumi.runtime import settings

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.model import Finding
from tagwright_pulumi import judging
from tagwright_pulumi.collecting import collector
from tagwright_pulumi.errors import Problem, TagPolicyError, from_finding, report
from tagwright_pulumi.gated import GatedTags
from tagwright_pulumi.judging import Moment, Subject, Value
from tagwright_pulumi.reading import Given, not_a_map, settled_values
from tagwright_pulumi.waiting import Settled, is_pending, is_unknown, settle

Check = Callable[[Mapping[str, Any]], Problem | None]
"""Looks at a component's arguments, where what is not known is an output or Pulumi's unknown."""


class Policy(Protocol):
    """What a case asks of its gate."""

    @property
    def dictionary(self) -> Dictionary: ...
    @property
    def today(self) -> date: ...
    def layers(self) -> list[tuple[str, Any]]: ...
    def refuses_unknown(self) -> bool: ...
    def says_unknown(self) -> bool: ...
    def refuse(self, refusal: TagPolicyError) -> None: ...


@dataclass(slots=True)
class Case:
    """`subjects` are all the types that get these tags, under one name."""

    gate: Policy
    subjects: tuple[Subject, ...]
    label: str
    arguments: dict[str, Any]
    checks: tuple[Check, ...]
    given: Given
    places: dict[str, Given]
    verdict: pulumi.Output[None] | None = None

    @classmethod
    def read(
        cls,
        gate: Policy,
        subjects: tuple[Subject, ...],
        label: str,
        arguments: dict[str, Any],
        checks: tuple[Check, ...],
        tags: Any,
        places: Mapping[str, Any],
    ) -> Case:
        """Put the layers of tags together; nothing is judged yet."""
        given = Given()
        for origin, layer in gate.layers():
            given.add(layer, origin)
        given.add(tags)
        if tags is None:
            given.problems.append(not_a_map(None))
        found = {}
        for what, more in places.items():
            found[what] = over = Given()
            if is_pending(more):
                over.problems.append(_later_place(what))
            else:
                over.add(more, what)
        return cls(gate, subjects, label, arguments, checks, given, found)

    def begin(self, more: Sequence[Problem]) -> None:
        """Judge what is known now; arrange for the rest."""
        problems = [*more, *self.given.problems]
        problems += (one for each in self.places.values() for one in each.problems)
        tags = self.given.now()
        moment = Moment(
            tags,
            {what: {**tags, **each.now()} for what, each in self.places.items()},
            self.arguments,
            complete=self.given.whole is None,
        )
        pending = self._is_pending()
        # A refusal that the gate lets pass (a migration, a collecting preview) is not repeated later.
        if not self._conclude(moment, problems, final=not pending) and pending:
            self.verdict = pulumi.Output.from_input(self._later())
            collecting = collector()
            if collecting is not None:
                collecting.waiting.append(self.verdict)

    def result(self) -> GatedTags:
        places = {what: each.usable() for what, each in self.places.items()}
        return GatedTags.of(self.given.usable(), self.given.whole, places, self.verdict)

    def _is_pending(self) -> bool:
        if self.given.pending or any(each.pending for each in self.places.values()):
            return True
        if not any(is_pending(value) for value in self.arguments.values()):
            return False
        return bool(self.checks) or any(judging.find_classes(each, self.arguments).possible for each in self.subjects)

    async def _later(self) -> None:
        """Wait for every value, then judge the resource as a whole: only so do rules between tags see both."""
        tags, problems, complete = await _settled(self.given)
        places = {}
        for what, each in self.places.items():
            found, more, _ = await _settled(each)
            places[what] = {**tags, **found}
            problems += more
        arguments = {key: await _argument(value) for key, value in self.arguments.items()}
        self._conclude(Moment(tags, places, arguments, complete), problems, final=True)

    def _conclude(self, moment: Moment, problems: list[Problem], *, final: bool) -> bool:
        """Refuse, or say what there is to say. Whether it was refused."""
        gate, dictionary = self.gate, self.gate.dictionary
        found = self._findings(dictionary, moment)
        certain = judging.blocking(found)
        missing = {each.key for each in certain}
        everything = [wrong for check in self.checks if (wrong := check(moment.arguments)) is not None]
        # A None where the key is required is a missing tag, and said once.
        everything += (each for each in problems if not (each.is_none and each.key in missing))
        everything += map(from_finding, certain)
        waiting = judging.undecided(found) if final else ()
        if waiting and gate.refuses_unknown():
            everything += map(from_finding, waiting)
            waiting = ()
        if everything:
            gate.refuse(TagPolicyError(self.label, self._name, everything, dictionary))
            return True
        if final:
            self._say(dictionary, moment, judging.warnings(found), waiting)
        return False

    @property
    def _name(self) -> str:
        return self.subjects[0].name

    def _findings(self, dictionary: Dictionary, moment: Moment) -> tuple[Finding, ...]:
        """Of all the types, each rule and key once: the first type's, unless another is more certain or severe."""
        best: dict[tuple[str, str], Finding] = {}
        for subject in self.subjects:
            for finding in judging.findings(dictionary, subject, moment, self.gate.today):
                known = best.get((finding.rule, finding.key))
                if known is None or judging.weight(finding) < judging.weight(known):
                    best[finding.rule, finding.key] = finding
        return tuple(sorted(best.values(), key=lambda each: each.sort_key))

    def _say(
        self, dictionary: Dictionary, moment: Moment, warned: tuple[Finding, ...], waiting: tuple[Finding, ...]
    ) -> None:
        if warned:
            pulumi.log.warn(self._report("tag policy on", warned, dictionary))
        if waiting and self.gate.says_unknown():
            preview = settings.is_dry_run()
            opening = "to be checked in the update, before it is created: tags of" if preview else "not known: tags of"
            pulumi.log.info(self._report(opening, waiting, dictionary))
        places = (moment.tags, *moment.places.values())
        secret = sorted({key for place in places for key, value in place.items() if value.secret})
        if secret:
            pulumi.log.warn(
                f"{plain(self.label, 200)} '{plain(self._name, 200)}': {', '.join(plain(key) for key in secret)} comes "
                "from a secret, but tags are not secret: everybody who may describe the resource reads them"
            )

    def _report(self, opening: str, found: tuple[Finding, ...], dictionary: Dictionary) -> str:
        return report(opening, self.label, self._name, [from_finding(each) for each in found], dictionary)


async def _settled(given: Given) -> tuple[dict[str, Value], list[Problem], bool]:
    """The values of a map, what is wrong with them, and whether all keys are known."""
    values: dict[str, Any] = dict(given.values)
    problems: list[Problem] = []
    complete = True
    if given.whole is not None:
        whole = await settle(given.whole)
        if isinstance(whole.value, Mapping):
            # One secret makes all of a pending map secret: none of its values may be shown.
            values |= {
                str(key): Settled(value, not is_unknown(value), whole.secret) for key, value in whole.value.items()
            }
        elif not whole.known:
            complete = False
        elif whole.value is not None:
            problems.append(not_a_map(whole.value))
    keys = [key for key, value in values.items() if is_pending(value)]
    for key, found in zip(keys, await asyncio.gather(*(settle(values[key]) for key in keys)), strict=True):
        values[key] = found
    found_values, more = settled_values(values, given.origins)
    return found_values, problems + more, complete


async def _argument(value: Any) -> Any:
    return (await settle(value)).value if is_pending(value) else value


def _later_place(what: str) -> Problem:
    message = f"the tags of the {plain(what)} are an output"
    return Problem("argument", message, "", "tags", "write a mapping; its values may be outputs.")
