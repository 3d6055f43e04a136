"""The lister of every type that a table row can describe (data/listers.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import jmespath
from botocore import xform_name

from tagwright_dictionary.model import Tags, TagValue, Unknown
from tagwright_drift.cells import Cell, CellState
from tagwright_drift.inventories.aws.actions import actions_of
from tagwright_drift.inventories.aws.building import make_resource, name_of, pairs_of, tags_of, unread_tags, when
from tagwright_drift.inventories.aws.contract import Refused, Site
from tagwright_drift.inventories.aws.data_files import read_table
from tagwright_drift.inventories.contract import CellTrouble, Page
from tagwright_drift.live import LiveResource

Row = dict[str, Any]

_NONE = "none"
_HOLE = re.compile(r"\{(\w+)\}")
_NONSENSE = (KeyError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class RowLister:
    """One row of the table as a `Lister`."""

    type: str
    service: str
    kind: str
    actions: tuple[str, ...]
    row: Mapping[str, Any]
    hot: bool | None = None
    swept: str = ""  # the service by which the tagging API knows it, where its tags come with no list

    def read(self, site: Site, cell: Cell, now: datetime) -> Iterator[Page]:
        seen: set[str] = set()
        missed: list[str] = []
        for listing in self.row["list"]:
            arguments = {name: _literal(value, now) for name, value in listing.get("arguments", {}).items()}
            for answer in site.pages(self.service, xform_name(listing["call"]), **arguments):
                rows = _rows(answer, listing["result"], self._asked(listing["call"]))
                wanted = [row for row in rows if "where" not in self.row or search(self.row["where"], row)]
                yield self._page(site, cell, wanted, seen, missed)
        if missed:
            more = f" (and {len(missed) - 1} more)" if len(missed) > 1 else ""
            state = CellState.PARTIAL if seen or self.row.get("look") else CellState.ERROR
            raise CellTrouble(state, f"{missed[0]}{more}")

    def _page(self, site: Site, cell: Cell, rows: Sequence[Row], seen: set[str], missed: list[str]) -> Page:
        looked = site.spread(lambda row: self._look(site, row), rows) if self.row.get("look") else [None] * len(rows)
        known: list[tuple[str, str, Row, Unknown | None]] = []
        for row, trouble in zip(rows, looked, strict=True):
            if trouble is not None and trouble.counts:
                missed.append(trouble.cause)
            if trouble is not None and trouble.needed:
                continue
            name = self._name(row)
            try:
                arn = self._arn(site, row, name)
            except CellTrouble as nameless:  # it costs the cell its state, not the rows beside it
                missed.append(nameless.reason)
                continue
            if arn in seen:
                continue
            seen.add(arn)
            known.append((arn, name, row, Unknown(trouble.cause, "tagwright drift doctor") if trouble else None))
        tags = self._tags(site, [(arn, name, row) for arn, name, row, _ in known])
        unread = [each.cause.cause for each in tags if not each.complete and each.cause]
        resources = tuple(
            self._resource(site, cell, arn, name, row, cause, held)
            for (arn, name, row, cause), held in zip(known, tags, strict=True)
        )
        return Page(resources, calls=site.counted(), unread=len(unread), why=unread[0] if unread else "")

    def _look(self, site: Site, row: Row) -> _Missed | None:
        """Puts the answers of the further calls into the row; says what could not be had."""
        for step in self.row["look"]:
            arguments = {name: search(path, row) for name, path in step["arguments"].items()}
            given = {name: value for name, value in arguments.items() if value is not None}
            try:
                row[step["as"]] = site.call(
                    self.service, xform_name(step["call"]), answers=tuple(step.get("gone", ())), **given
                )
            except Refused as gone:
                return _Missed(f"{self._asked(step['call'])}: {gone}", counts=False, needed=bool(step.get("needed")))
            except CellTrouble as trouble:
                return _Missed(trouble.reason, counts=True, needed=bool(step.get("needed")))
        return None

    def _tags(self, site: Site, known: Sequence[tuple[str, str, Row]]) -> list[Tags]:
        how = self.row["tags"]
        if "inline" in how:
            return [self._inline(search(how["inline"], row)) for _, _, row in known]
        swept = site.swept() if known else {}
        absent = [each for each in known if each[0] not in swept]
        read = dict(zip((arn for arn, _, _ in absent), site.spread(lambda e: self._ask(site, *e), absent), strict=True))
        return [tags_of(swept[arn]) if arn in swept else read[arn] for arn, _, _ in known]

    def _ask(self, site: Site, arn: str, name: str, row: Row) -> Tags:
        """The native read: the only one that may say "untagged"."""
        how = self.row["tags"]
        argument = how["argument"]
        if isinstance(argument, str):
            given = {argument: arn}
        else:
            facts = {**row, "arn": arn, "name": name, "account": site.account}
            given = {each: search(path, facts) for each, path in argument.items()}
        try:
            pairs: list[tuple[str, str]] = []
            for page in site.pages(how.get("service", self.service), xform_name(how["call"]), **given):
                pairs += self._pairs(search(how["result"], page))
                if page.get("HasMoreTags"):
                    raise CellTrouble(CellState.ERROR, f"{self._asked(how['call'])} did not give all tags")
        except CellTrouble as trouble:
            return unread_tags(trouble.reason)
        return tags_of(pairs)

    def _inline(self, value: Any) -> Tags:
        try:
            return tags_of(self._pairs(value))
        except CellTrouble as trouble:
            return unread_tags(trouble.reason)

    def _pairs(self, value: Any) -> tuple[tuple[str, str], ...]:
        try:
            return pairs_of(value)
        except _NONSENSE:
            raise CellTrouble(CellState.ERROR, f"tags of {self.type} in a shape that makes no sense") from None

    def _name(self, row: Row) -> str:
        name = str(search(self.row["name"], row) or "")
        return name.rpartition(self.row["last"])[2] if "last" in self.row else name

    def _arn(self, site: Site, row: Row, name: str) -> str:
        path = self.row["arn"]
        if "{" not in path:
            found = search(path, row)
        else:
            holes = {**row, "name": name, "partition": site.partition, "region": site.region, "account": site.account}
            found = _HOLE.sub(lambda hole: str(holes.get(hole[1]) or ""), path)
            if not all(holes.get(hole) for hole in _HOLE.findall(path)):
                found = None
        if not isinstance(found, str) or not found:
            raise CellTrouble(
                CellState.ERROR, f"a row of {self._asked(self.row['list'][0]['call'])} has no ARN or name"
            )
        return found

    def _resource(
        self, site: Site, cell: Cell, arn: str, name: str, row: Row, cause: Unknown | None, tags: Tags
    ) -> LiveResource:
        created = when(search(self.row["created"], row)) if "created" in self.row else None
        told = self.row.get("incarnation", "")
        unique = search(told, row) if told not in ("", _NONE) else None
        return LiveResource(
            resource=make_resource(
                self.type,
                arn,
                site.account,
                tags=tags,
                attributes=self._attributes(row, cause),
                what=self.row.get("bill", ""),
            ),
            cell=cell,
            name=name_of(arn, tags, name),
            region=site.region,
            created=created,
            incarnation=str(unique) if unique else created.isoformat() if created and told != _NONE else "",
        )

    def _attributes(self, row: Row, cause: Unknown | None) -> dict[str, list[TagValue]]:
        found: dict[str, list[TagValue]] = {}
        for path, expression in self.row.get("attributes", {}).items():
            values: list[TagValue] = [str(value) for value in _flat(search(expression, row))]
            found[path] = values if values or cause is None else [cause]
        return found

    def _asked(self, operation: str) -> str:
        return actions_of(self.service, operation)[0]


@dataclass(frozen=True, slots=True)
class _Missed:
    """A further call that failed. `counts`: the cell was not seen whole; `needed`: the row cannot be named."""

    cause: str
    counts: bool
    needed: bool


def row_listers() -> Iterator[RowLister]:
    """Every row of the table, in its order."""
    for row in read_table("listers"):
        calls = [(row["service"], each["call"]) for each in (*row["list"], *row.get("look", ()))]
        if "call" in row["tags"]:
            calls.append((row["tags"].get("service", row["service"]), row["tags"]["call"]))
        actions = [action for service, operation in calls for action in actions_of(service, operation)]
        reads = actions_of(*calls[-1]) if "call" in row["tags"] else ("",)
        yield RowLister(
            type=row["type"],
            service=row["service"],
            kind=row.get("kind", "regional"),
            actions=tuple(dict.fromkeys(actions)),
            row=row,
            hot=row.get("hot"),
            swept=reads[0].partition(":")[0],
        )


def search(path: str, document: Any) -> Any:
    """The value at a JMESPath."""
    return _compiled(path).search(document)


@lru_cache(maxsize=1024)
def _compiled(path: str) -> Any:
    return jmespath.compile(path)


def _rows(answer: Mapping[str, Any], path: str, asked: str) -> list[Row]:
    found = search(path, answer)
    if found is None:
        return []
    if not isinstance(found, list):
        raise CellTrouble(CellState.ERROR, f"{asked} gave no list")
    return [dict(row) if isinstance(row, Mapping) else {"value": row} for row in found]


def _literal(value: Any, now: datetime) -> Any:
    if isinstance(value, Mapping) and "days_ago" in value:
        return now - timedelta(days=value["days_ago"])
    return value


def _flat(value: Any) -> Iterable[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    elif value is not None:
        yield int(value) if isinstance(value, float) and value.is_integer() else value
