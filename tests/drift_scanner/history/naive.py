"""The merge once more, naively, as the oracle of the real one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tests.drift_scanner.history.kit import WHOLE, Run

from tagwright_dictionary.model import Certainty, Unknown, Verdict
from tagwright_drift.identity import identity, subject


@dataclass
class Naive:
    """The merge once more, told as a story: for every finding the evidence of all runs is written down in order, and
    its life read from that. Nothing is shared with the real one but the model.
    """

    guard_share: float = 0.5
    guard_least: int = 20
    looks: dict = field(default_factory=lambda: defaultdict(list))  # cell -> [(scope, until)]
    sizes: dict = field(default_factory=dict)  # cell -> (believed, doubted)
    evidence: dict = field(default_factory=dict)  # (cell, identity) -> [(run, at, what, first)]
    about: dict = field(default_factory=dict)  # (cell, identity) -> (subject, rule, grouped)

    def tell(self, run: Run):
        for told in run.cells:
            self._cell(run, told)

    def _cell(self, run, told):
        result = told.result(run)
        at = result.started or run.started
        until = max(at, result.ended or at)
        subjects = defaultdict(list)
        for each in told.observations:
            subjects[subject(each.live)].append(each)
        looked = result.state is WHOLE or bool(subjects)
        mine = [when for scope, when in self.looks[told.cell] if (scope == "full") == (run.scope == "full")]
        if looked and mine and until < max(mine):
            return
        believed = result.state is WHOLE and (run.scope != "full" or self._believe(told.cell, len(subjects)))
        shown = defaultdict(lambda: defaultdict(list))
        for name, those in subjects.items():
            for each in those:
                for one in each.judgement.findings:
                    shown[identity(name, one.rule, one.key)][one.certainty].append((each, one))
                    self.about[told.cell, identity(name, one.rule, one.key)] = (name, one.rule)
        for identity_, by in shown.items():
            sure = Certainty.DEFINITE in by
            witness = by[Certainty.DEFINITE if sure else Certainty.UNDECIDED]
            live = witness[0][0].live
            first = self._began(told.cell, live, at, run.scope)
            self.evidence.setdefault((told.cell, identity_), []).append(
                (run.id, at, "definite" if sure else "undecided", first, bool(live.group))
            )
        for (cell, identity_), story in self.evidence.items():
            if cell != told.cell or identity_ in shown or not believed:
                continue
            name, rule = self.about[cell, identity_]
            those = subjects.get(name, [])
            if any(_hidden(each, rule) for each in those):
                continue
            if any(each.judgement.verdict is Verdict.EXEMPT for each in those):
                story.append((run.id, at, "exempt", None, None))
            elif those:
                story.append((run.id, at, "compliant", None, None))
            elif run.scope == "full":
                story.append((run.id, at, "gone", None, None))
        if looked:
            self.looks[told.cell].append((run.scope, until))

    def _believe(self, cell, size):
        believed, doubted = self.sizes.get(cell, (None, None))
        if believed is not None and doubted is None:
            lost = believed - size
            if lost >= self.guard_least and lost / believed > self.guard_share:
                self.sizes[cell] = (believed, size)
                return False
        self.sizes[cell] = (size, None)
        return True

    def _began(self, cell, live, at, scope):
        if live.created is None or live.group:
            return at, "first_observed"
        fast = "gpu" in live.resource.classes.certain or scope != "full"
        before = [until for looked, until in self.looks[cell] if looked == "full" or fast]
        if any(until >= live.created for until in before):
            return at, "first_observed"
        return min(at, live.created), "created"

    def lives(self):
        """(cell, identity) to (state, definite, first_seen, basis, last_seen, resolved_at, regressions)."""
        return {name: _life(story) for name, story in self.evidence.items()}

    def events(self, run_id):
        return sorted(
            (identity_, kind)
            for (cell, identity_), story in self.evidence.items()
            for which, kind in _events(story)
            if which == run_id
        )


def _hidden(observation, rule):
    tags = observation.live.resource.tags
    if not tags.complete or any(isinstance(each.value, Unknown) for each in tags.items):
        return True
    return rule == "unreached" and any(
        not bill.tags.complete or any(isinstance(each.value, Unknown) for each in bill.tags.items)
        for bill in observation.live.resource.bills
    )


def _walk(story):
    life = None
    how = ""
    for run_id, at, what, first, grouped in story:
        if what in ("definite", "undecided"):
            sure = what == "definite"
            if life is None:
                life = ["open", sure, first[0], first[1], at, None, 0]
                event = "new"
            elif life[0] == "open":
                event = None
                stale = at < life[4]
                if (life[1] and not sure) or stale:
                    yield run_id, event, life
                    continue
                if sure and not life[1] and life[5] is not None:
                    life[6] += 1
                life[1], life[4] = sure, at
            else:
                if at < life[5]:
                    continue
                keeps = grouped and how == "gone"
                if not keeps:
                    life[2], life[3] = at, "first_observed"
                life[0], life[1], life[4] = "open", sure, at
                life[6] += sure
                event = "regressed" if sure else "new"
        else:
            if life[0] != "open" or life[4] > at:
                continue
            life[0], life[5], how = "resolved", at, what
            event = "resolved"
        yield run_id, event, life


def _life(story):
    life = None
    for _, _, current in _walk(story):
        life = tuple(current)
    return life


def _events(story):
    return [(run_id, event) for run_id, event, _ in _walk(story) if event]
