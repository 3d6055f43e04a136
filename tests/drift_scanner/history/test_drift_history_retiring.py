"""What leaves the plan, what is forgotten, and what a report says of it: on a real SQLite file and a real Postgres."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.drift_scanner.history.kit import CELL, START, WHOLE, run, seen

from tagwright_cli.main import main
from tagwright_dictionary.errors import InputError
from tagwright_drift.cells import Cell, CellState
from tagwright_drift.history.applying import apply
from tagwright_drift.history.records import EventKind, FindingState
from tagwright_drift.history.retiring import Where, retire, where_of
from tagwright_drift.history.store import open_history
from tagwright_drift.report.assembling import assemble

DAY = timedelta(days=1)
OTHER = Cell("444455556666", "eu-west-1", "aws_sqs_queue")
ELSEWHERE = Cell("444455556666", "us-east-1", "aws_sqs_queue")
NOW = START + 10 * DAY


def both(number, *, scope="full", other=("q2",)):
    """A run that looks at both accounts and finds one queue here and some there."""
    there = [seen(name, cell=OTHER) for name in other]
    return run(number, (CELL, WHOLE, [seen("q1")]), (OTHER, WHOLE, there), scope=scope)


def only_here(number, *, scope="full"):
    return run(number, (CELL, WHOLE, [seen("q1")]), scope=scope)


def merged(history, folder, *runs):
    for each in runs:
        apply(history, [each.write(folder)])
    return runs


def report(history, **options):
    return assemble(history, now=NOW, tool_version="0.1.0", **options)


def names(data):
    return sorted(item.record.name for item in data.items)


class TestUnplanned:
    def test_an_account_that_left_the_plan_is_told(self, history, tmp_path):
        """Its findings are not "not seen": nobody looked, and nobody will."""
        merged(history, tmp_path, both(0), only_here(1))
        data = report(history)
        assert [(item.record.name, item.stale, item.planned) for item in data.items] == [
            ("q1", False, True),
            ("q2", True, False),
        ]
        (row,) = data.unplanned
        assert (row.account, row.findings, row.cells, row.last_seen) == (OTHER.account, 1, 1, START)
        assert not data.clean

    def test_a_cell_that_was_planned_and_refused_is_no_such(self, history, tmp_path):
        refused = run(1, (CELL, WHOLE, [seen("q1")]), (OTHER, CellState.DENIED, []))
        merged(history, tmp_path, both(0), refused)
        data = report(history)
        assert [(item.record.name, item.stale, item.planned) for item in data.items] == [
            ("q1", False, True),
            ("q2", True, True),
        ]
        assert data.unplanned == ()


class TestRetire:
    def test_it_closes_what_no_scan_can_close(self, history, tmp_path):
        _, last = merged(history, tmp_path, both(0), only_here(1))
        assert retire(history, Where(OTHER.account), "account closed,\n FIN-812", NOW) == 1
        data = report(history)
        assert (names(data), data.unplanned) == (["q1"], ())
        assert (data.changes.resolved, data.changes.retired) == (0, 1)
        (record,) = history.finding("q2")
        assert (record.state, record.resolved_at) == (FindingState.RESOLVED, NOW)
        assert [(each.run, each.kind, each.reason) for each in history.life(record.identity)][1:] == [
            (last.id, EventKind.RESOLVED, "retired: account closed, FIN-812")
        ]

    def test_the_numbers_of_later_runs_add_up(self, history, tmp_path):
        merged(history, tmp_path, both(0), only_here(1))
        retire(history, Where(OTHER.account), "closed", NOW)
        merged(history, tmp_path, only_here(2))
        assert [each.metric("open") for each in history.runs()] == [2, 1, 1]
        assert report(history).changes.retired == 0  # told once

    def test_what_is_seen_again_goes_on_with_its_clock(self, history, tmp_path):
        """Or leaving the plan for a week would buy a new deadline."""
        merged(history, tmp_path, both(0), only_here(1))
        retire(history, Where(OTHER.account), "closed", NOW)
        merged(history, tmp_path, both(12))
        (record,) = history.finding("q2")
        assert (record.state, record.first_seen, record.regressions) == (FindingState.OPEN, START, 0)
        assert history.life(record.identity)[-1].kind is EventKind.REGRESSED

    def test_twice(self, history, tmp_path):
        """A scan of accelerators may open it again before the next full one."""
        merged(history, tmp_path, both(0), only_here(1))
        retire(history, Where(OTHER.account), "closed", NOW)
        merged(history, tmp_path, both(12, scope="hot"))
        assert retire(history, Where(OTHER.account), "really", NOW + 3 * DAY) == 1
        (record,) = history.finding("q2")
        assert [each.reason for each in history.life(record.identity)] == ["", "", "retired: really"]

    @pytest.mark.parametrize(
        ("where", "reason", "said"),
        [
            (Where(CELL.account), "tired of it", "looks for all of"),
            (Where("999999999999"), "closed", "no open finding"),
            (Where(OTHER.account, "us-east-1"), "closed", "no open finding"),
            (Where(OTHER.account), " \n", "no reason"),
        ],
    )
    def test_it_must_not(self, history, tmp_path, where, reason, said):
        """A finding that a scan can see is never closed by hand."""
        merged(history, tmp_path, both(0), only_here(1))
        before = list(history.findings(open_only=False))
        with pytest.raises(InputError, match=said):
            retire(history, where, reason, NOW)
        assert list(history.findings(open_only=False)) == before

    def test_only_what_is_not_planned(self, history, tmp_path):
        """One region left the plan; the other is still looked at."""
        everything = run(0, (OTHER, WHOLE, [seen("q2", cell=OTHER)]), (ELSEWHERE, WHOLE, [seen("q3", cell=ELSEWHERE)]))
        merged(history, tmp_path, everything, run(1, (OTHER, WHOLE, [seen("q2", cell=OTHER)])))
        assert retire(history, Where(OTHER.account), "region closed", NOW) == 1
        assert names(report(history)) == ["q2"]

    def test_not_by_a_scan_of_a_part(self, history, tmp_path):
        """A narrowed or a hot scan that did not plan an account says nothing of it."""
        merged(history, tmp_path, both(0), only_here(1, scope="narrowed"), only_here(2, scope="hot"))
        with pytest.raises(InputError, match="looks for all of"):
            retire(history, Where(OTHER.account), "closed", NOW)

    @pytest.mark.parametrize("text", ["", "/", "1//x", "a/b/"])
    def test_no_place(self, text):
        with pytest.raises(InputError, match="names no place"):
            where_of(text)

    def test_a_place(self):
        assert where_of("1/eu-west-1/aws_x") == Where("1", "eu-west-1", "aws_x")

    def test_on_the_command_line(self, tmp_path, capsys, monkeypatch):
        monkeypatch.chdir(tmp_path)
        opened = open_history(tmp_path / "h.db", create=True)
        merged(opened, tmp_path / "runs", both(0), only_here(1))
        opened.close()
        call = ["drift", "history", "--history", "h.db", "--retire", OTHER.account]
        assert main(call) == 2
        assert "no reason is given" in capsys.readouterr().err
        assert main([*call, "--reason", "\x1b[31mclosed"]) == 0
        assert capsys.readouterr().out == "1 finding of 444455556666 retired: seen again, they go on as they were.\n"
        assert main(["drift", "history", "--history", "h.db", "q2"]) == 0
        out = capsys.readouterr().out
        assert "retired, for nobody looks for it any more: \\x1b[31mclosed" in out
        assert "\x1b" not in out
        assert main([*call, "--reason", "x", "--keep", "3"]) == 2


class TestForgotten:
    def runs(self):
        """Four full scans a week apart, each with a queue more, and two hot ones after them."""
        full = [run(7 * week, (CELL, WHOLE, [seen(f"q{number}") for number in range(week + 1)])) for week in range(4)]
        hot = [run(22 + day, (CELL, WHOLE, [seen("q0")]), scope="hot") for day in range(2)]
        return (*full, *hot)

    def test_an_earlier_report_is_the_same_with_less_kept(self, history, tmp_path):
        """What was open then does not depend on how far back the details go."""
        runs = merged(history, tmp_path, *self.runs())
        before = report(history, run=runs[3].id)
        assert names(before) == ["q0", "q1", "q2", "q3"]
        history.prune(3)
        assert names(report(history, run=runs[3].id)) == names(before)

    def test_what_was_forgotten_is_no_report(self, history, tmp_path):
        """Never one with fewer findings than there were."""
        runs = merged(history, tmp_path, *self.runs())
        history.prune(3)
        for number in (0, 1):
            with pytest.raises(InputError, match="forgotten") as caught:
                report(history, run=runs[number].id)
            assert caught.value.hint == f"details begin with the run {runs[3].id}"
        with pytest.raises(InputError, match="forgotten"):
            report(history, since=START)

    def test_keeping_few_keeps_what_the_next_report_takes(self, history, tmp_path):
        """Hot scans are many: the newest of them must not push the full one out."""
        runs = merged(history, tmp_path, *self.runs())
        before = report(history)
        assert history.prune(1) == 3
        assert history.prune(1) == 0
        assert list(history.cells(runs[3].id))
        after = report(history)
        assert (after.items, after.changes, after.unseen) == (before.items, before.changes, before.unseen)


def test_narrowed_scans_are_compared_with_nothing(history, tmp_path):
    """Each looks at something else: a trend through them would be one of options."""
    runs = merged(history, tmp_path, only_here(0, scope="narrowed"), run(1, (OTHER, WHOLE, []), scope="narrowed"))
    data = report(history, run=runs[1].id)
    assert (data.previous, data.trend.points, data.clean) == (None, (), False)


def test_the_advice_says_where_the_tag_has_to_be_to_last(history, tmp_path):
    """A member of a group gets its tag from the group: the values alone would mend nothing."""
    from dataclasses import replace

    from tagwright_drift.live import Hop

    one = seen("worker", group="asg:workers")
    way = (
        Hop("ASG workers", "asg", ("owner",), False, "PropagateAtLaunch is not set", "set PropagateAtLaunch"),
        Hop("instance i-1", "i-1", (), True, "", ""),
    )
    plain = seen("alone")
    merged(
        history,
        tmp_path,
        run(0, (CELL, WHOLE, [replace(one, live=replace(one.live, chain=way)), plain])),
    )
    assert {each.name: each.help for each in history.findings()} == {
        "workers": "add it Set PropagateAtLaunch.",
        "alone": "add it",
    }
