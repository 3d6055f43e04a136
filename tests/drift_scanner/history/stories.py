"""Random estates over random runs, for hypothesis."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from tests.drift_scanner.history.kit import CELL, HOUR, START, Told, run, seen

from tagwright_drift.cells import Cell, CellState

CELLS = (CELL, Cell("111122223333", "us-east-1", "aws_sqs_queue"), Cell("444455556666", "eu-west-1", "aws_instance"))
DAY = timedelta(days=1)
RESOURCES = (
    {"name": "old", "created": START - 10 * DAY, "incarnation": "i1"},
    {"name": "young", "created": START + 1.5 * DAY, "incarnation": "i2"},
    {"name": "timeless"},
    {"name": "fast", "created": START + 0.5 * DAY, "incarnation": "i3", "classes": ("compute", "gpu")},
    {"name": "member-1", "group": "asg:trainers", "created": START - DAY},
    {"name": "member-2", "group": "asg:trainers", "created": START + DAY},
    {"name": "member-3", "group": "asg:trainers", "created": START + DAY},
    {"name": "carrier", "rule": "unreached"},
)
SHOWS = ("absent", "definite", "definite", "undecided", "compliant", "exempt", "blind")
STATES = (
    CellState.COMPLETE,
    CellState.COMPLETE,
    CellState.COMPLETE,
    CellState.PARTIAL,
    CellState.DENIED,
    CellState.REGION_DISABLED,
    None,  # the scan was killed before it finished the cell
)


@st.composite
def _told(draw, cell, at):
    state = draw(st.sampled_from(STATES))
    observations = []
    if state not in (CellState.DENIED, CellState.REGION_DISABLED):
        few = draw(st.sampled_from((False, False, True)))
        for resource in draw(st.lists(st.sampled_from(RESOURCES), max_size=2, unique_by=str)) if few else RESOURCES:
            shows = draw(st.sampled_from(SHOWS))
            if shows != "absent":
                blind_bill = resource.get("rule") == "unreached" and draw(st.booleans())
                observations.append(seen(shows=shows, cell=cell, blind_bill=blind_bill, **resource))
    started = at + draw(st.integers(-30, 30)) * HOUR / 10
    ended = started + draw(st.integers(0, 30)) * HOUR / 10
    finished = state is not None
    return Told(cell, state or CellState.UNSEEN, tuple(observations), started, ended, finished)


@st.composite
def stories(draw, most=6):
    """Runs in the order in which they are merged; some overlap, some are killed, some see accelerators only."""
    made = []
    for number in range(draw(st.integers(1, most))):
        at = START + number * DAY + draw(st.integers(-20, 20)) * HOUR
        cells = draw(st.lists(st.sampled_from(CELLS), min_size=1, unique=True))
        told = tuple(draw(_told(cell, at)) for cell in sorted(cells))
        scope = draw(st.sampled_from(("full", "full", "hot")))
        killed = any(not each.finished for each in told)
        made.append(run(number, *told, scope=scope, killed=killed, started=at))
    return made
