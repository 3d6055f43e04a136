"""Versions of launch templates: the default and the newest of all at once, any other when somebody uses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tagwright_dictionary.model import Unknown
from tagwright_drift.inventories.aws.compute.ec2_rows import version
from tagwright_drift.inventories.contract import CellTrouble
from tagwright_drift.reach.facts import Machine, Seen, TemplateRef, Version
from tagwright_drift.reach.makers import TEMPLATE, TEMPLATE_VERSION
from tagwright_drift.reach.once import Once

DEFAULT, LATEST = "$Default", "$Latest"


@dataclass(slots=True)
class _Listed:
    """The default and the newest versions of all templates."""

    versions: dict[tuple[str, int], Version] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)  # (template's id, alias) to its number
    ids: dict[str, str] = field(default_factory=dict)
    trouble: CellTrouble | None = None


class Versions:
    """Finds the version that a reference means. Shared between threads; a version is asked for once."""

    def __init__(self, pages: Callable[..., Seen[Any]], machines: Callable[[], Seen[Machine]]) -> None:
        self._pages = pages
        self._machines = machines
        self._listed = Once(self._list)
        self._used = Once(self._find_used)
        self._older: dict[tuple[str, int, int], Once[Mapping[int, Version] | Unknown]] = {}
        self._lock = Lock()

    def find(self, ref: TemplateRef) -> Version | Unknown:
        listed = self._listed.get()
        id_ = ref.id or listed.ids.get(ref.name, "")
        known = any((id_, alias) in listed.numbers for alias in (DEFAULT, LATEST))
        if not known:
            if listed.trouble is not None:
                return Unknown(f"launch templates could not all be read: {listed.trouble.reason}")
            return Unknown(f"launch template {ref.id or ref.name} does not exist any more")
        number = listed.numbers.get((id_, ref.version))
        if number is None and not ref.version.isdecimal():
            if listed.trouble is not None:
                return Unknown(f"launch templates could not all be read: {listed.trouble.reason}")
            return Unknown(f"{ref.version} is no version of launch template {id_}")
        number = int(ref.version) if number is None else number
        found = listed.versions.get((id_, number))
        return found if found is not None else self._find_older(id_, number)

    def _find_older(self, id_: str, number: int) -> Version | Unknown:
        """With the first of them all versions are asked for that the template's instances were started from."""
        listed = self._listed.get().versions
        started = {each for each in self._used.get().get(id_, ()) if (id_, each) not in listed}
        low, high = (min(started), max(started)) if number in started else (number, number)
        found = self._kept((id_, low, high))
        if isinstance(found, Unknown):
            return found
        return found.get(number, Unknown(f"version {number} of launch template {id_} does not exist any more"))

    def _kept(self, span: tuple[str, int, int]) -> Mapping[int, Version] | Unknown:
        with self._lock:
            once = self._older.setdefault(span, Once(lambda: self._range(*span)))
        return once.get()

    def _range(self, id_: str, low: int, high: int) -> Mapping[int, Version] | Unknown:
        seen = self._pages(_versions_in, LaunchTemplateId=id_, MinVersion=str(low), MaxVersion=str(high))
        found = {each.number: each for each, _, _ in seen.rows}
        missing = seen.cause(f"versions of launch template {id_}")
        return missing if missing is not None else found

    def _list(self) -> _Listed:
        seen = self._pages(_versions_in, Versions=[DEFAULT, LATEST])
        listed = _Listed(trouble=seen.trouble)
        for each, name, default in seen.rows:
            listed.versions[each.template, each.number] = each
            listed.ids[name] = each.template
            if default:
                listed.numbers[each.template, DEFAULT] = each.number
            newest = listed.numbers.get((each.template, LATEST), 0)
            listed.numbers[each.template, LATEST] = max(newest, each.number)
        return listed

    def _find_used(self) -> Mapping[str, frozenset[int]]:
        found: dict[str, set[int]] = {}
        for machine in self._machines().rows:
            number = machine.mark(TEMPLATE_VERSION)
            if number.isdecimal() and machine.mark(TEMPLATE):
                found.setdefault(machine.mark(TEMPLATE), set()).add(int(number))
        return {id_: frozenset(numbers) for id_, numbers in found.items()}


def _versions_in(page: Mapping[str, Any]) -> Iterator[tuple[Version, str, bool]]:
    """(version, name of its template, whether it is the default one)."""
    for row in page.get("LaunchTemplateVersions", ()):
        yield version(row), str(row.get("LaunchTemplateName", "")), bool(row.get("DefaultVersion"))
