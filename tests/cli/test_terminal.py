"""Colour and width."""

from __future__ import annotations

import io

import pytest

from tagwright_cli.progress import Progress
from tagwright_cli.terminal import wants_colour, width_of


class _Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("choice", "environ", "terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),  # no-color.org: only when not empty
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, False, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, True),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colour(choice, environ, terminal, expected):
    """The option wins over the environment, and that over the terminal."""
    assert wants_colour(choice, _Terminal() if terminal else io.StringIO(), environ) is expected


@pytest.mark.parametrize(
    ("environ", "expected"),
    [({}, 80), ({"COLUMNS": "120"}, 120), ({"COLUMNS": "10"}, 60), ({"COLUMNS": "wide"}, 80), ({"COLUMNS": "0"}, 80)],
)
def test_width_of_a_pipe(environ, expected):
    """Without a terminal the width is 80 unless COLUMNS says otherwise."""
    assert width_of(io.StringIO(), environ) == expected


def test_progress_waits_then_tells_rate_and_rest_and_goes():
    """Short work shows nothing; long work shows a rate and what remains, and its line is wiped."""
    now = [0.0]
    stream = _Terminal()
    progress = Progress("folders", stream, lambda: now[0])
    progress(1, 100)
    assert stream.getvalue() == ""
    now[0] = 2.0
    progress(20, 100)
    assert stream.getvalue() == "\rtagwright: 20 of 100 folders, 10 a second, 8 s left"
    progress.close()
    assert stream.getvalue().endswith("\r" + " " * 51 + "\r")
