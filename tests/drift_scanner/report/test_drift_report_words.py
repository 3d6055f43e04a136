"""Figures in words never say more than the figures."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.dictionary import Target
from tagwright_drift.cells import Cell, CellResult, CellState, coverage
from tagwright_drift.levels import Standing
from tagwright_drift.report import words
from tagwright_drift.report.lights import DEFAULTS, light, measured, share_of
from tagwright_drift.report.model import Clock, Light

STATES = st.lists(st.tuples(st.sampled_from(CellState), st.sampled_from(["", "scp", "iam"])), max_size=60)
_ORDER = [Light.RED, Light.YELLOW, Light.GREEN]


@given(STATES)
def test_coverage_adds_up(states):
    """The numbers of the sentence are those of the ledger, and its causes add up to what is missing."""
    found = coverage(
        CellResult(Cell("1", "r", f"t{number}"), state, "", by if state is CellState.DENIED else "")
        for number, (state, by) in enumerate(states)
    )
    text = words.coverage_words(found)
    holding = [state for state, _ in states if not state.cannot_hold]
    seen = sum(state.seen for state in holding)
    match = re.fullmatch(r"([\d,]+) of ([\d,]+) cells seen; ([\d,]+) not: (.+)\.", text)
    if not holding:
        assert text.startswith("Nothing was seen")
    elif seen == len(holding):
        assert text in (f"All {seen:,} cells seen.", "The one cell seen.")
    else:
        assert match is not None
        assert [int(match[at].replace(",", "")) for at in (1, 2, 3)] == [seen, len(holding), len(holding) - seen]
        assert sum(int(part.split()[0]) for part in match[4].split(", ")) == len(holding) - seen


@given(st.floats(0, 100))
def test_a_share_is_never_rounded_to_all_or_nothing(share):
    """100% means all, 0% means none; else the words are within half a tenth of a point."""
    text = words.share_words(share)
    if text in ("100%", "0%"):
        assert share in (0, 100)
    elif text[0].isdigit():
        assert abs(float(text.removesuffix("%")) - share) <= 0.0501
    else:
        assert text in ("over 99.9%", "under 0.1%")


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_a_share_is_a_share(part, whole):
    share = share_of(part, whole)
    assert share is None if whole == 0 else 0 <= share <= 100


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_more_is_never_a_worse_light(one, other, bound, more):
    """Monotone in the share; and a lower target never makes a report look worse."""
    yellow, green = sorted((bound, more))
    low, high = sorted((one, other))
    target = Target("spend_compliance", green, yellow)
    assert _ORDER.index(light(low, target)) <= _ORDER.index(light(high, target))
    easier = Target("spend_compliance", green / 2, yellow / 2)
    assert _ORDER.index(light(one, target)) <= _ORDER.index(light(one, easier))


def test_no_figure_is_no_light():
    """Neither green nor red, and no words of a gap."""
    nothing = measured("spend_compliance", None, None, DEFAULTS["spend_compliance"])
    assert (nothing.light, nothing.share, words.gap_words(nothing)) == (Light.NONE, None, "")
    assert words.light_word(nothing.light) == ""


def test_a_gap_is_never_nothing():
    """Below the target there is always something to go."""
    close = measured("spend_compliance", 979_999.0, 1_000_000.0, DEFAULTS["spend_compliance"])
    assert (close.light, words.gap_words(close)) == (Light.YELLOW, "0.1 points to go")


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (0, "$0.00"), (0.00004, "under $0.0001"), (0.0042, "$0.0042"), (9.8, "$9.80"), (99.99, "$99.99"),
        (214.4, "$214"), (48_210, "$48,210"), (-3.5, "-$3.50"),
    ],
)  # fmt: skip
def test_money(usd, text):
    assert words.money(usd) == text


@pytest.mark.parametrize(
    ("change", "text"), [(2.14, "up 2.1 points"), (-0.4, "down 0.4 points"), (0.04, "unchanged"), (None, "")]
)
def test_points(change, text):
    assert words.points_words(change) == text


def test_what_is_left():
    """Left, over, and what it hangs on."""
    now = datetime(2026, 11, 26, 12, tzinfo=UTC)
    left = Clock(Standing.DUE_SOON, now + timedelta(hours=17, minutes=59), 48)
    over = Clock(Standing.BREACHED, now - timedelta(days=9, hours=1), 48)
    hangs = Clock(
        Standing.OPEN, now + timedelta(hours=31), 48, "critical", certain=False, provided="if environment is prod"
    )
    taken = Clock(
        Standing.OPEN, now + timedelta(hours=31), 48, certain=False, provided="environment = prod, from node group ng-1"
    )
    assert [words.due_words(each, now) for each in (left, over, hangs, taken, Clock())] == [
        "17 hours left",
        "9 days over",
        "31 hours left if environment is prod",
        "31 hours left (environment = prod, from node group ng-1)",
        "",
    ]


def test_a_moment_is_local_and_english(monkeypatch):
    """With its offset, whatever the locale of the machine."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    zones = [timezone(timedelta(hours=1)), timezone(timedelta(hours=-3, minutes=-30)), UTC]
    when = datetime(2026, 3, 5, 23, 4, tzinfo=UTC)
    assert [words.moment(when.astimezone(zone)) for zone in zones] == [
        "Fri 6 Mar 2026, 00:04 +01:00",
        "Thu 5 Mar 2026, 19:34 -03:30",
        "Thu 5 Mar 2026, 23:04 +00:00",
    ]
