"""A scan: every cell ends in one honest state, nothing seen is lost, nothing unseen is called clean."""

from __future__ import annotations

import random
import threading
from datetime import timedelta

import pytest
from tests.drift_scanner.fake import DENIED, NOW, Fake, estate, live, ticking

from tagwright_dictionary.errors import OutputError
from tagwright_drift.cells import Cell, CellResult, CellState, Coverage, coverage
from tagwright_drift.inventories.contract import CellTrouble, Planned
from tagwright_drift.runs.reading import find_runs, open_run

ONE = Cell("000000000001", "eu-west-1", "aws_instance")


def _shown(results):
    return {
        cell: (each.state, each.reason, each.refused_by, each.resources, each.unknown_tags)
        for cell, each in results.items()
    }


def test_everything_is_seen_and_comes_back(scanned):
    """Every resource of every cell is in the run, once, under its own cell."""
    held = estate()
    got, path = scanned(Fake(held))
    folder = open_run(path)
    assert got == Coverage(len(held), len(held), len(held), (), sum(map(len, held.values())))
    assert {result.cell: [each.live for each in seen] for result, seen in folder.cells()} == held
    assert got.whole
    assert folder.end is not None
    assert not folder.end.interrupted
    assert not folder.alive()


@pytest.mark.parametrize(
    ("trouble", "first", "expected"),
    [
        (DENIED, 0, (CellState.DENIED, "AccessDenied for test:List", "iam", 0, 0)),
        (DENIED, 10, (CellState.PARTIAL, "after 10 resources: AccessDenied for test:List", "", 10, 0)),
        (CellTrouble(CellState.THROTTLED, "slow\ndown"), 0, (CellState.THROTTLED, "slow down", "", 0, 0)),
        (
            CellTrouble(CellState.TYPE_UNSUPPORTED, "no endpoint"),
            10,
            (CellState.PARTIAL, "after 10 resources: no endpoint", "", 10, 0),
        ),
        (CellTrouble(CellState.REGION_DISABLED, "off"), 0, (CellState.REGION_DISABLED, "off", "", 0, 0)),
        (ValueError("boom"), 0, (CellState.ERROR, "tagwright crashed here: ValueError: boom", "", 0, 0)),
        (
            ValueError("boom"),
            20,
            (CellState.PARTIAL, "after 20 resources: tagwright crashed here: ValueError: boom", "", 20, 0),
        ),
    ],
)
def test_trouble_is_the_cells_own(scanned, trouble, first, expected):
    """One cell's trouble is its result; all others are complete."""
    held = estate(accounts=1)
    got, path = scanned(Fake(held, {ONE: (first, trouble)}))
    results = open_run(path).results()
    assert _shown(results).pop(ONE) == expected
    assert all(each.state is CellState.COMPLETE for cell, each in results.items() if cell != ONE)
    assert got.whole is (expected[0] in (CellState.TYPE_UNSUPPORTED, CellState.REGION_DISABLED))


def test_unread_tags_leave_the_cell_partial_and_the_resource_undecided(scanned):
    """A tag read that failed is unknown: neither missing nor fine."""
    held = {
        ONE: [live(ONE, "seen", gpu=True), live(ONE, "blind", unread="AccessDenied for ec2:DescribeTags", gpu=True)]
    }
    got, path = scanned(Fake(held))
    folder = open_run(path)
    assert _shown(folder.results())[ONE] == (
        CellState.PARTIAL,
        "the tags of 1 of 2 could not be read: AccessDenied",
        "",
        2,
        1,
    )
    assert [(each.live.name, str(each.judgement.verdict)) for each in folder.observations()] == [
        ("seen", "compliant"),
        ("blind", "undecided"),
    ]
    assert got.lost == (("partial", 1),)
    assert not got.whole


def test_a_cell_decided_beforehand_is_not_read(scanned):
    """A region that is not opted in is skipped, with its reason, and spoils nothing."""
    off = Cell("000000000001", "me-south-1", "aws_instance")
    inventory = Fake(estate(accounts=1), decided={off: Planned(off, CellState.REGION_DISABLED, "not opted in")})
    got, path = scanned(inventory)
    assert off not in inventory.reads
    assert _shown(open_run(path).results())[off] == (CellState.REGION_DISABLED, "not opted in", "", 0, 0)
    assert (got.planned - got.required, got.whole) == (1, True)


def test_nothing_planned_is_not_whole(scanned):
    """A scan that looked at nothing must not say that it saw everything."""
    got, _ = scanned(Fake({}))
    assert got == Coverage(0, 0, 0)
    assert not got.whole


def test_a_cell_without_end_times_out(scanned):
    """A list call that never stops giving pages ends as a timeout, and what it gave is kept."""

    class Endless(Fake):
        def read(self, cell, now):
            yield from super().read(cell, now)
            if cell == ONE:
                while True:
                    yield from super().read(cell, now)

    # One thread: the clock moves on with each look, and another thread's looks would time other cells out.
    got, path = scanned(Endless(estate(accounts=1)), threads=1, patience=0.05)
    assert open_run(path).results()[ONE].state is CellState.PARTIAL
    assert "not through after" in open_run(path).results()[ONE].reason
    assert got.complete == got.required - 1


def test_stopping_leaves_the_rest_unseen(scanned):
    """Ctrl-C: what was finished stands, the rest is unseen, and the run says that it was interrupted."""
    stop = threading.Event()

    class Stopping(Fake):
        def read(self, cell, now):
            yield from super().read(cell, now)
            if len(self.reads) == 3:
                stop.set()

    inventory = Stopping(estate())
    got, path = scanned(inventory, threads=1, stop=stop)
    folder = open_run(path)
    states = [each.state for each in folder.results().values()]
    assert states.count(CellState.COMPLETE) == 3 == got.complete
    assert states.count(CellState.UNSEEN) == len(states) - 3
    assert dict(got.lost) == {"unseen": len(states) - 3}
    assert folder.end.interrupted


def test_each_site_is_let_go_after_its_last_cell(scanned):
    """What the cells of an account and region share must not pile up over the estate."""
    inventory = Fake(estate())
    scanned(inventory)
    assert sorted(inventory.released) == sorted({(cell.account, cell.region) for cell in inventory.held})


def test_a_full_disk_ends_the_scan(scanned, monkeypatch):
    """Not a cell's trouble: nothing more could be written down. The error says what to do."""
    from tagwright_drift.runs import writing

    def full(_rows):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(
        writing, "_settle", lambda waiting, final: waiting.replace(final) if "planned" in final.name else full(0)
    )
    with pytest.raises(OutputError, match="No space left on device"):
        scanned(Fake(estate()))


def test_random_plans_of_faults(scanned):
    """Whatever fails: the rows are exactly those that were given out, and complete means all of them."""
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    for round_ in range(8):
        held = estate(accounts=3, each=chance.randrange(30))
        troubles = {
            cell: (chance.randrange(35), chance.choice([DENIED, CellTrouble(CellState.ERROR, "x"), KeyError("y")]))
            for cell in held
            if chance.random() < 0.4
        }
        got, path = scanned(Fake(held, troubles, page=chance.randrange(1, 12)), run_id=f"run-{round_}", threads=3)
        folder = open_run(path)
        given = {cell: held[cell][: troubles[cell][0]] if cell in troubles else held[cell] for cell in held}
        assert {result.cell: [each.live for each in seen] for result, seen in folder.cells()} == given
        results = folder.results()
        assert {cell for cell, each in results.items() if each.state.seen} == held.keys() - troubles.keys()
        assert {cell: each.resources for cell, each in results.items()} == {cell: len(of) for cell, of in given.items()}
        assert got == coverage(results.values())


def test_a_second_run_of_that_name_is_refused(scanned):
    """Two scans never write into one folder."""
    scanned(Fake(estate(accounts=1)))
    with pytest.raises(OutputError, match="there is a run in"):
        scanned(Fake(estate(accounts=1)))


def test_shards_stand_beside_each_other(scanned, tmp_path):
    """Both halves are found, in order."""
    for shard in ((2, 2), (1, 2)):
        scanned(Fake(estate(accounts=1)), shard=shard)
    assert [each.header.shard for each in find_runs(tmp_path / "runs")] == [(1, 2), (2, 2)]


def test_coverage_counts_by_the_policy_that_refused():
    """The headline needs to say who blocked the view."""
    cells = [Cell("1", "r", f"t{n}") for n in range(5)]
    results = [
        CellResult(cells[0], CellState.COMPLETE, resources=3),
        CellResult(cells[1], CellState.DENIED, refused_by="scp"),
        CellResult(cells[2], CellState.DENIED, refused_by="scp"),
        CellResult(cells[3], CellState.THROTTLED),
        CellResult(cells[4], CellState.COMPLETE, resources=1, suspect=True),
    ]
    assert coverage(results) == Coverage(5, 5, 2, (("denied:scp", 2), ("throttled", 1)), 4, 0, 1)
    assert not coverage(results[:1] + results[4:]).whole
    assert ticking(NOW, timedelta(seconds=1))() == NOW + timedelta(seconds=1)
