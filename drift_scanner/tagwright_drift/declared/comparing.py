"""States against what was seen live: streamed over the live side, in the memory of the states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Final

from tagwright_dictionary.model import Tag, Tags, Unknown
from tagwright_drift.cells import GLOBAL, Cell, CellResult
from tagwright_drift.declared.model import (
    HIDDEN,
    Beside,
    Comparison,
    Declared,
    Difference,
    Kind,
    State,
    Undecided,
    count_by_type,
)
from tagwright_drift.dollars.identifiers import keys_of
from tagwright_drift.live import LiveResource

RESERVED: Final = "aws:"
"""Keys that only AWS sets; code cannot."""
_ANYWHERE: Final = "*"


def compare(
    states: Sequence[State],
    live: Callable[[], Iterable[LiveResource]],
    results: Mapping[Cell, CellResult],
    *,
    ignore: Sequence[str] = (),
    unmanaged: bool = True,
) -> Comparison:
    """Where code and reality differ. `live` gives the resources of the runs each time it is called (twice); `results`
    is their ledger. Keys that match a glob of `ignore` are not compared. `unmanaged` False leaves out live resources
    that no state knows.

    Nothing is said to be gone unless a cell seen whole does not have it, and no key to be removed from tags that could
    not be read: both are `undecided`.
    """
    work = _Work(results, ignore)
    for state in states:
        work.take(state)
    for each in live():
        work.meet(each)
    work.miss()
    if unmanaged:
        for each in live():
            work.look_for_code(each)
    return work.result()


@dataclass(slots=True)
class _Work:
    results: Mapping[Cell, CellResult]
    ignore: Sequence[str]
    differences: list[Difference] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    known: dict[str, list[Declared]] = field(default_factory=dict)
    declared: list[Declared] = field(default_factory=list)
    secrets: dict[str, frozenset[str]] = field(default_factory=dict)
    accounts: dict[str, set[str]] = field(default_factory=dict)
    cover: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    found: set[int] = field(default_factory=set)
    matched_live: set[str] = field(default_factory=set)
    live: int = 0
    grouped: int = 0

    listed: dict[str, dict[str, list[Cell]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """`listed`: the planned cells by type and account."""
        for cell in self.results:
            self.listed.setdefault(cell.type, {}).setdefault(cell.account, []).append(cell)

    def take(self, state: State) -> None:
        self.secrets[state.source] = state.secrets
        accounts = self.accounts.setdefault(state.source, set())
        for each in _with_beside(state.declared, state.beside):
            self.declared.append(each)
            if each.account:
                accounts.add(each.account)
            for key in each.keys:
                self.known.setdefault(key, []).append(each)

    def meet(self, live: LiveResource) -> None:
        """Compare one live resource with every state that knows it."""
        for each in self._of(live):
            self.found.add(id(each))
            self.matched_live.add(live.resource.address)
            self._covers(each.type, live.cell.account, each.region)
            self._tags(each, live)

    def _of(self, live: LiveResource) -> list[Declared]:
        found: dict[int, Declared] = {}
        for key in keys_of(live.resource.address):
            for each in self.known.get(key, ()):
                if each.account in ("", live.cell.account):
                    found[id(each)] = each
        return list(found.values())

    def _tags(self, code: Declared, live: LiveResource) -> None:
        actual = live.resource.tags
        if not actual.complete and not actual.items:
            self._open(code, live, _cause(actual))
            return
        if not code.tags.complete and not code.tags.items:
            self._open(code, live, _cause(code.tags), by_state=True)
            return
        if code.secret:
            self._in_silence(code, live, actual)
            return
        for tag in code.tags.items:
            if not self._ignored(tag.key):
                self._key(code, live, tag, actual)
        if not code.tags.complete:
            return
        for tag in actual.items:
            if code.tags.get(tag.key) is None and not self._ignored(tag.key):
                self._differ(Kind.ADDED, code, live, tag.key, None, self._shown(code, tag.value))

    def _in_silence(self, code: Declared, live: LiveResource, actual: Tags) -> None:
        """Tags of which nothing may be shown: whether they differ, in one line."""
        there, here = (
            {tag.key: tag.value for tag in tags.items if not self._ignored(tag.key)} for tags in (actual, code.tags)
        )
        if not actual.complete or any(isinstance(value, Unknown) for value in (*there.values(), *here.values())):
            self._open(code, live, _cause(actual))
        elif there != here:
            self._differ(Kind.CHANGED, code, live, HIDDEN, HIDDEN, HIDDEN)

    def _key(self, code: Declared, live: LiveResource, tag: Tag, actual: Tags) -> None:
        there = actual.get(tag.key)
        value = HIDDEN if tag.sensitive else self._shown(code, tag.value)
        if there is None:
            if not actual.complete:
                self._open(code, live, _cause(actual), tag.key)
            else:
                self._differ(Kind.REMOVED, code, live, tag.key, value, None)
        elif isinstance(tag.value, Unknown) or isinstance(there.value, Unknown):
            by_state = isinstance(tag.value, Unknown)
            unknown = tag.value if by_state else there.value
            self._open(code, live, unknown.cause if isinstance(unknown, Unknown) else "", tag.key, by_state=by_state)
        elif tag.value != there.value:
            now = HIDDEN if value == HIDDEN else self._shown(code, there.value)
            self._differ(Kind.CHANGED, code, live, tag.key, value, now)

    def _shown(self, code: Declared, value: str | Unknown) -> str:
        if isinstance(value, Unknown):
            return f"({value.cause})"
        return HIDDEN if value in self.secrets[code.source] else value

    def miss(self) -> None:
        """What is in code and was not met: gone, or not looked for."""
        for each in self.declared:
            if each.type in self.listed:
                self._covers_own(each)
            if id(each) in self.found or each.type not in self.listed:
                continue
            if not each.keys:
                self._undecide(each, "the state has neither its ARN nor an id that tells it apart", by_state=True)
                continue
            why = self._not_seen(each)
            if why:
                self._undecide(each, why)
            else:
                place = (each.account or min(self.accounts[each.source], default=""), each.region)
                arn = each.arn or each.keys[0]
                self.differences.append(
                    Difference(Kind.DELETED, each.type, arn, "", *place, source=each.source, declared=each.address)
                )

    def _not_seen(self, code: Declared) -> str:
        """Why it cannot be said that it is gone; "" when it can."""
        cells = self._cells(code)
        if not cells:
            return f"no cell was planned for {code.type} in {code.account or 'its account'} {code.region}".rstrip()
        for cell in cells:
            result = self.results[cell]
            if not result.resolves:
                return f"{cell} was not seen whole: {result.state}{f', {result.reason}' if result.reason else ''}"
        return ""

    def _cells(self, code: Declared) -> list[Cell]:
        """Where it would be; in an account that the state does not tell, all of them where the scan looked."""
        accounts = self.listed[code.type]
        wanted = {code.account} if code.account else self.accounts[code.source] or set(accounts)
        cells = [cell for account in sorted(wanted) for cell in accounts.get(account, ())]
        return [cell for cell in cells if not code.region or cell.region in (code.region, GLOBAL)]

    def _covers_own(self, code: Declared) -> None:
        for account in {code.account} if code.account else self.accounts[code.source]:
            self._covers(code.type, account, code.region)

    def _covers(self, type_: str, account: str, region: str) -> None:
        self.cover.setdefault(type_, set()).add((account, region or _ANYWHERE))

    def look_for_code(self, live: LiveResource) -> None:
        places = self.cover.get(live.cell.type, ())
        if not any((live.cell.account, region) in places for region in (live.region, _ANYWHERE)):
            return
        self.live += 1
        if live.resource.address in self.matched_live:
            return
        if live.group:
            self.grouped += 1
            return
        self.differences.append(
            Difference(Kind.UNMANAGED, live.cell.type, live.resource.address, live.name, live.cell.account, live.region)
        )

    def result(self) -> Comparison:
        listed = [each for each in self.declared if each.type in self.listed]
        return Comparison(
            differences=tuple(sorted(dict.fromkeys(self.differences), key=lambda each: each.sort_key)),
            undecided=tuple(
                sorted(set(self.undecided), key=lambda each: (each.source, each.declared, each.key, each.why))
            ),
            cells=tuple(sorted(self._blind(), key=lambda each: each.cell)),
            declared=len(listed),
            matched=sum(id(each) in self.found for each in listed),
            live=self.live,
            grouped=self.grouped,
            unlisted=count_by_type(each for each in self.declared if each.type not in self.listed),
        )

    def _blind(self) -> Iterator[CellResult]:
        """Cells that the states cover and that were not seen whole: code may differ there, or be lacking."""
        blind: dict[Cell, CellResult] = {}
        for type_, places in self.cover.items():
            for account, region in places:
                for cell in self.listed.get(type_, {}).get(account, ()):
                    result = self.results[cell]
                    if not result.resolves and not result.state.cannot_hold and _within(cell, region):
                        blind[cell] = result
        yield from blind.values()

    def _ignored(self, key: str) -> bool:
        return key.startswith(RESERVED) or any(fnmatchcase(key, glob) for glob in self.ignore)

    def _differ(
        self, kind: Kind, code: Declared, live: LiveResource, key: str, before: str | None, now: str | None
    ) -> None:
        place = (code.type, live.resource.address, live.name, live.cell.account, live.region)
        self.differences.append(Difference(kind, *place, code.source, code.address, key, before, now))

    def _open(self, code: Declared, live: LiveResource, why: str, key: str = "", *, by_state: bool = False) -> None:
        self.undecided.append(
            Undecided(code.address, code.source, code.type, live.resource.address, why, key, by_state)
        )

    def _undecide(self, code: Declared, why: str, *, by_state: bool = False) -> None:
        self.undecided.append(Undecided(code.address, code.source, code.type, code.arn, why, by_state=by_state))


def _within(cell: Cell, region: str) -> bool:
    return region == _ANYWHERE or cell.region in (region, GLOBAL)


def _with_beside(declared: Iterable[Declared], beside: Iterable[Beside]) -> Iterator[Declared]:
    """Resources with the tags that other resources of the state put on them."""
    more: dict[str, list[Tag]] = {}
    for other in beside:
        for key in {other.target, *keys_of(other.target), f"name:{other.target}"}:
            more.setdefault(key, []).extend(other.tags.items)
    for each in declared:
        named = f"name:{each.arn.partition('autoScalingGroupName/')[2]}"
        found = {tag.key: tag for key in (*each.keys, named) for tag in more.get(key, ())}
        if not found:
            yield each
            continue
        merged = {tag.key: tag for tag in each.tags.items} | found
        yield replace(each, tags=replace(each.tags, items=tuple(merged[key] for key in sorted(merged))))


def _cause(tags: Tags) -> str:
    return tags.cause.cause if tags.cause is not None else "its tags could not be read"
