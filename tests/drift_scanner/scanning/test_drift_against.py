"""What scans saw, to judge a change of the dictionary against."""

from __future__ import annotations

import pytest
from tests.drift_scanner.fake import DENIED, Fake, estate, live

from tagwright_cli.main import main
from tagwright_dictionary.errors import InputError
from tagwright_drift.against import history, inventory
from tagwright_drift.cells import Cell, CellState
from tagwright_drift.inventories.contract import Planned

ONE = Cell("000000000001", "eu-west-1", "aws_instance")
OFF = Cell("000000000001", "me-south-1", "aws_instance")
FIRST, SECOND = "20261126T120000Z-00000001", "20261126T120000Z-00000002"


def _names(reading):
    return sorted((each.account, each.address) for each in reading.resources)


def _all(held):
    return sorted((each.resource.account, each.resource.address) for some in held.values() for each in some)


def test_the_newest_scan_is_the_inventory(scanned, tmp_path):
    """Everything it saw, with each resource's account; what it did not see is a problem."""
    held = estate(accounts=1)
    scanned(Fake({ONE: [live(ONE, "old")]}), run_id=FIRST)
    scanned(Fake(held, {ONE: (10, DENIED)}, {OFF: Planned(OFF, CellState.REGION_DISABLED, "off")}), run_id=SECOND)
    reading, accounts = inventory(str(tmp_path))
    assert _names(reading) == _all({**held, ONE: held[ONE][:10]})
    assert set(accounts) == {"account 000000000001"}
    assert len(accounts) == len(reading.resources)
    assert [each.reason for each in reading.problems] == [
        f"{ONE} was not seen whole (partial): after 10 resources: AccessDenied for test:List"
    ]


def test_the_history_remembers_what_the_newest_scan_missed(scanned, tmp_path):
    """Of each cell the newest whole look counts; a refused one takes nothing away."""
    held = estate(accounts=1)
    scanned(Fake(held), run_id=FIRST)
    changed = {**held, ONE: held[ONE][:3]}
    other = next(cell for cell in held if cell != ONE)
    scanned(Fake(changed, {other: (0, DENIED)}), run_id=SECOND)
    reading, _ = history(str(tmp_path / "runs"))
    assert _names(reading) == _all({**held, ONE: held[ONE][:3]})
    assert reading.problems == ()


def test_a_cell_that_was_never_seen_whole_is_a_problem(scanned, tmp_path):
    """What was seen of it still counts."""
    held = {ONE: [live(ONE, f"r{n}") for n in range(20)]}
    scanned(Fake(held, {ONE: (10, DENIED)}), run_id=FIRST)
    scanned(Fake(held, {ONE: (0, DENIED)}), run_id=SECOND)
    reading, _ = history(str(tmp_path))
    assert len(reading.resources) == 10
    assert len(reading.problems) == 1


def test_without_a_scan_there_is_nothing_to_judge(tmp_path):
    with pytest.raises(InputError, match="there is no run in"):
        inventory(str(tmp_path))


def test_impact_on_what_is_live(scanned, tmp_path, capsys, monkeypatch):
    """Through the command: a stricter dictionary fails the live resources that lack the new key, by account."""
    scanned(Fake({ONE: [live(ONE, "trainer", gpu=True), live(ONE, "web")]}), run_id=FIRST)
    text = """
schema: 1
name: acme
version: {version}
keys:
  owner: {{description: Who answers.}}
  stage: {{description: New.}}
requirements:
  - {{id: r, for: [gpu], require: [{keys}]}}
"""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(text.format(version="1.0.0", keys="owner"))
    new.write_text(text.format(version="2.0.0", keys="owner, stage"))
    monkeypatch.chdir(tmp_path)
    for source in ("inventory", "history"):
        code = main(
            ["dictionary", "impact", "new.yaml", "--dictionary", "old.yaml", "--against", f"{source}:runs", "-q"]
        )
        out = capsys.readouterr().out
        assert code == 1
        assert "account 000000000001" in out
        assert "trainer" in out
        assert "web" not in out
