"""The history itself: what runs have told, and what is known of every finding since."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Row, Select, func, select

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.judging.missing_tag import RULE as MISSING
from tagwright_drift.cells import Cell, CellResult, CellState, Coverage
from tagwright_drift.history.bulk import bulk_for
from tagwright_drift.history.databases import Database
from tagwright_drift.history.details import Details, read_details
from tagwright_drift.history.merge import FULL
from tagwright_drift.history.records import (
    FORGOTTEN,
    AgeBasis,
    Event,
    EventKind,
    FindingRecord,
    FindingState,
    RunRecord,
)
from tagwright_drift.history.tables import cells, events, findings, ledger, runs
from tagwright_drift.history.times import moment_of, moment_or_none
from tagwright_drift.reach.words import chain_fix, chain_words

_AT_ONCE = 5_000
_Made = TypeVar("_Made")

_RECORD = (
    select(findings, cells.c.account, cells.c.region.label("cell_region"), cells.c.type)
    .join(cells, cells.c.id == findings.c.cell)
    .order_by(
        cells.c.account,
        findings.c.region,
        cells.c.type,
        findings.c.name,
        findings.c.address,
        findings.c.rule,
        findings.c.key,
        findings.c.identity,
        cells.c.region,
    )
)


class History:
    """A history, open. It is a `HistoryReader`; runs are merged into it by `applying.apply`.

    Raises InputError where the database is damaged, locked for too long, or gone.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @property
    def name(self) -> str:
        """The file, or the URL without its password."""
        return self.database.name

    def close(self) -> None:
        self.database.close()

    def runs(self) -> tuple[RunRecord, ...]:
        """All merged runs, oldest first."""
        with self.database.reading() as connection:
            rows = connection.execute(select(runs).order_by(runs.c.started, runs.c.id)).all()
        return tuple(self._made(run_record, rows))

    def findings(self, *, open_only: bool = True) -> Iterator[FindingRecord]:
        """Sorted by account, region, type, name, address, rule, key; streamed."""
        query = _RECORD.where(findings.c.state == str(FindingState.OPEN)) if open_only else _RECORD
        yield from self._made(_record, self._stream(query))

    def finding(self, start: str) -> tuple[FindingRecord, ...]:
        """Those whose identity begins with `start` or whose address or name is `start`, resolved ones included."""
        of_name = (findings.c.address == start) | (findings.c.name == start)
        ends = func.substr(findings.c.identity, 1, len(start)) == start
        query = _RECORD.where(of_name | ends if start else of_name)
        with self.database.reading() as connection:
            return tuple(self._made(_record, connection.execute(query)))

    def life(self, identity: str) -> tuple[Event, ...]:
        """Everything that runs did to a finding, oldest first."""
        query = _EVENTS.where(findings.c.identity == identity).order_by(events.c.at, runs.c.seq)
        with self.database.reading() as connection:
            return tuple(self._made(_event, connection.execute(query)))

    def events(self, run: str) -> Iterator[Event]:
        """New, resolved and regressed of one run, by identity; streamed."""
        query = _EVENTS.where(runs.c.id == run).order_by(findings.c.identity, findings.c.cell)
        yield from self._made(_event, self._stream(query))

    def cells(self, run: str) -> Iterator[CellResult]:
        """The ledger of one run, by cell; streamed."""
        query = (
            select(ledger, cells.c.account, cells.c.region, cells.c.type)
            .join(cells, cells.c.id == ledger.c.cell)
            .join(runs, runs.c.seq == ledger.c.run)
            .where(runs.c.id == run)
            .order_by(cells.c.account, cells.c.region, cells.c.type)
        )
        yield from self._made(_result, self._stream(query))

    def save_costs(
        self, run: str, per_identity: Iterable[tuple[str, float | None, str]], metrics: Mapping[str, float]
    ) -> None:
        """Dollars a day of findings by identity ("billed" or "estimate"; None: not known after all), and numbers for
        the trends, added to those of the run. Findings that are not named keep what they had. In one transaction.

        Raises InputError where the history does not know the run.
        """
        with self.database.writing() as connection:
            known = connection.execute(select(runs.c.metrics).where(runs.c.id == run)).scalar()
            if known is None:
                raise InputError(f"the history in {self.name} knows no run {run}", hint="tagwright drift history")
            bulk = bulk_for(connection)
            batch: list[tuple[float | None, str, str]] = []
            for identity, usd, basis in per_identity:
                batch.append((usd, basis if usd is not None else "", identity))
                if len(batch) == _AT_ONCE:
                    bulk.update(findings, ("identity",), ("usd_per_day", "usd_basis"), batch)
                    batch = []
            bulk.update(findings, ("identity",), ("usd_per_day", "usd_basis"), batch)
            if metrics:
                merged = json.dumps({**json.loads(known), **metrics}, sort_keys=True)
                connection.execute(runs.update().where(runs.c.id == run).values(metrics=merged))

    def prune(self, keep: int) -> int:
        """Forget the ledgers and events of all but the newest `keep` runs; the runs themselves, with their numbers,
        and all findings stay, and so does what a report takes by itself: the newest full run, and all since the full
        one before it. Returns how many runs lost theirs.
        """
        with self.database.writing() as connection:
            newest = select(runs.c.seq, runs.c.scope, runs.c.started, runs.c.metrics)
            rows = connection.execute(newest.order_by(runs.c.started.desc(), runs.c.id.desc())).all()
            full = [row.started for row in rows if row.scope == FULL]
            since = min(full[:2], default=None)
            old = [row for row in rows[keep:] if since is None or (row.started <= since and row.started != full[0])]
            lost = [row for row in old if not json.loads(row.metrics).get(FORGOTTEN)]
            connection.execute(ledger.delete().where(ledger.c.run.in_([row.seq for row in lost])))
            connection.execute(events.delete().where(events.c.run.in_([row.seq for row in lost])))
            for row in lost:
                numbers = json.dumps({**json.loads(row.metrics), FORGOTTEN: 1}, sort_keys=True)
                connection.execute(runs.update().where(runs.c.seq == row.seq).values(metrics=numbers))
        return len(lost)

    def _made(
        self, make: Callable[[Row[*tuple[Any, ...]]], _Made], rows: Iterable[Row[*tuple[Any, ...]]]
    ) -> Iterator[_Made]:
        for row in rows:
            try:
                made = make(row)
            except (KeyError, TypeError, ValueError, OverflowError) as error:
                raise self.database.damaged(f"a row of it makes no sense ({error})") from None
            yield made

    def _stream(self, query: Select[Any]) -> Iterator[Row[*tuple[Any, ...]]]:
        with self.database.reading() as connection:
            streaming = connection.execution_options(yield_per=_AT_ONCE)
            with closing(streaming.execute(query)) as rows:  # also when the reader stops half-way
                yield from rows


def open_history(url: str | Path, *, create: bool = False) -> History:
    """The history in a file or database. `create`: begin one where there is none.

    Raises InputError where there is none, or it is damaged, of another version, or something else;
    MissingExtraError where the database's driver is not installed.
    """
    database = Database(url)
    database.open(create=create)
    return History(database)


_EVENTS = (
    select(runs.c.id.label("run"), findings.c.identity, events.c.kind, events.c.at, events.c.reason)
    .join(runs, runs.c.seq == events.c.run)
    .join(findings, findings.c.id == events.c.finding)
)


def _event(row: Row[*tuple[Any, ...]]) -> Event:
    return Event(row.run, row.identity, EventKind(row.kind), moment_of(row.at), row.reason)


def run_record(row: Row[*tuple[Any, ...]]) -> RunRecord:
    """A row of the table of runs. Raises ValueError, KeyError or TypeError on one that makes no sense."""
    numbers = json.loads(row.coverage)
    lost = tuple((name, count) for name, count in numbers.pop("lost"))
    return RunRecord(
        row.id,
        row.scope,
        moment_of(row.started),
        moment_or_none(row.ended),
        bool(row.killed),
        row.inventory,
        row.tool_version,
        row.dictionary_name,
        row.dictionary_version,
        row.dictionary_digest,
        Coverage(lost=lost, **numbers),
        tuple(sorted(json.loads(row.metrics).items())),
        row.seq,
    )


def _result(row: Row[*tuple[Any, ...]]) -> CellResult:
    return CellResult(
        Cell(row.account, row.region, row.type),
        CellState(row.state),
        row.reason,
        row.refused_by,
        row.resources,
        row.unknown_tags,
        row.pages,
        row.calls,
        moment_or_none(row.started),
        moment_or_none(row.ended),
        bool(row.suspect),
    )


def _record(row: Row[*tuple[Any, ...]]) -> FindingRecord:
    shown = read_details(row.details)
    return FindingRecord(
        row.identity,
        row.rule,
        row.key,
        row.severity,
        "definite" if row.definite else "undecided",
        shown.message,
        _help(shown, row.rule, row.key),
        shown.suggestions,
        shown.value,
        shown.requirement,
        shown.cause,
        row.address,
        row.name,
        row.type,
        row.account,
        row.region,
        row.cell_region,
        shown.classes,
        shown.possible_classes,
        shown.attributes,
        row.in_group,
        row.members,
        shown.tags,
        shown.probable,
        chain_words(shown.hops, row.key),
        moment_or_none(row.created),
        moment_of(row.first_seen),
        AgeBasis(row.age_basis),
        moment_of(row.last_seen),
        FindingState(row.state),
        moment_or_none(row.resolved_at),
        row.regressions,
        row.usd_per_day,
        row.usd_basis,
    )


def _help(shown: Details, rule: str, key: str) -> str:
    """The dictionary knows which values there are; the way of the tags knows where one has to be written to last. A
    live resource has no line of code to be written to "here".
    """
    values = shown.help.removesuffix("Add it here.").rstrip()
    lasting = chain_fix(shown.hops, key) if rule == MISSING else ""
    if not lasting:
        return values or shown.help
    return f"{values} {lasting[0].upper()}{lasting[1:]}.".lstrip()
