"""The merge with dicts for a database."""

from __future__ import annotations

from tagwright_drift.history.folding import fold
from tagwright_drift.history.merge import CellMemory, Guard, RunFacts, merge_cell
from tagwright_drift.history.records import EventKind
from tagwright_drift.history.times import micros, moment_of


class InMemory:
    def __init__(self, guard=None):
        self.guard = guard or Guard()
        self.memories = {}
        self.standings = {}
        self.events = []

    def apply(self, run, order=None, guard=None):
        outcomes = []
        facts = RunFacts(run.id, run.scope, micros(run.started))
        for told in order or run.cells:
            known = self.standings.setdefault(told.cell, {})
            memory = self.memories.get(told.cell, CellMemory())
            outcome = merge_cell(
                memory, known.values(), fold(told.observations), told.result(run), facts, guard or self.guard
            )
            self.memories[told.cell] = outcome.memory
            for change in outcome.changes:
                known[change.after.identity] = change.after
                if change.event is not EventKind.PERSISTING:
                    self.events.append((run.id, change.after.identity, str(change.event)))
            outcomes.append(outcome)
        return outcomes

    def lives(self):
        """(cell, identity) to (state, definite, first_seen, basis, last_seen, resolved_at, regressions)."""
        return {
            (cell, name): (
                str(each.state),
                each.definite,
                moment_of(each.first_seen),
                str(each.age_basis),
                moment_of(each.last_seen),
                None if each.resolved_at is None else moment_of(each.resolved_at),
                each.regressions,
            )
            for cell, standings in self.standings.items()
            for name, each in standings.items()
        }
