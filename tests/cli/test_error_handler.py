"""Exit codes and messages of what a command raises."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tagwright_cli import root
from tagwright_cli.main import main
from tagwright_dictionary.errors import DictionaryError, InputError, TagwrightError
from tagwright_dictionary.model import Location


class IncompleteError(TagwrightError):
    exit_code = 4


@pytest.fixture
def failing(monkeypatch, tmp_path):
    """Makes `tagwright version` raise; crash logs go to a folder of the test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def install(error):
        def callback():
            raise error

        command = click.Command("version", callback=callback, params=[click.Option(["--var"])])
        command.callback = lambda var: callback()
        monkeypatch.setattr(type(root.cli), "get_command", lambda *_: command)

    return install


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (
            DictionaryError("no such key", hint="did you mean owner?", location=Location("d.yaml", 3, 5)),
            2,
            "tagwright: d.yaml:3:5: no such key\n  help: did you mean owner?\n",
        ),
        (
            InputError("first", related=(InputError("second", location=Location("a.tf", 2)),)),
            2,
            "tagwright: first\na.tf:2: second\n",
        ),
        (InputError("\x1b[31m::error::x"), 2, "tagwright: \\x1b[31m::error::x\n"),
        (IncompleteError("not everything was seen"), 4, "tagwright: not everything was seen\n"),
        (KeyboardInterrupt(), 130, "tagwright: interrupted\n"),
        (click.UsageError("no such option"), 2, "tagwright: no such option\n  help: tagwright version --help\n"),
    ],
)
def test_expected_failures(failing, capsys, error, code, message):
    """An expected failure is its message with the next step, on stderr, and its exit code; no traceback."""
    failing(error)
    assert main(["version"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.lstrip("\n") == message


def test_a_crash_is_one_line_and_a_log(failing, capsys, tmp_path):
    """A crash of ours is exit 3, one line, and a log with the traceback but without values of --var."""
    failing(ValueError("boom\nsecond line"))
    assert main(["version", "--var", "password=hunter2"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    found = re.search(r"crashed: ValueError: boom.*\(a log ready to paste: (.*)\)\n$", err, re.DOTALL)
    assert found
    log = Path(found[1])
    assert log.parent == tmp_path / "cache" / "tagwright"
    text = log.read_text()
    assert "ValueError: boom" in text
    assert "Traceback" in text
    assert "arguments  version --var password=..." in text
    assert "hunter2" not in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chekc"], "No such command 'chekc'"),
        (["check", "--no-such-option"], "No such option"),
        (["check", "--jobs", "many"], "'many' is not a valid integer"),
        (["check", "--format", "yaml"], "there is no output format 'yaml'"),
        (["check", "--on-unknown", "maybe"], "'maybe' is not one of"),
        (["explain", "missing-tags"], "did you mean missing-tag?"),
        (["completion", "powershell"], "'powershell' is not one of"),
    ],
)
def test_wrong_usage_is_exit_2(capsys, arguments, message):
    """A wrong command line is exit 2 with the way to help."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert "help: " in err


def test_no_command_shows_help_and_is_not_success(capsys):
    """`tagwright` alone shows the help; it scanned nothing, so it is exit 2."""
    assert main([]) == 2
    assert capsys.readouterr().err.startswith("Keep untagged AI infrastructure from being deployed.\n")
