"""Reports on their way out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tagwright_cli.output import write_file
from tagwright_dictionary.errors import OutputError


def test_file_is_written(tmp_path):
    """The text is there as UTF-8, with ordinary permissions, and nothing else is left in the folder."""
    target = tmp_path / "report.txt"
    write_file(str(target), "grün\n")
    assert target.read_bytes() == "grün\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]
    plain = tmp_path / "plain"
    plain.touch()
    assert target.stat().st_mode == plain.stat().st_mode


def test_file_is_replaced_as_a_whole_and_keeps_its_permissions(tmp_path):
    """An older report is replaced; its permissions stay; a link to it stays a link."""
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old, and longer than the new one")
    real.chmod(0o640)
    link.symlink_to(real)
    write_file(str(link), "new")
    assert (real.read_text(), real.stat().st_mode & 0o777, link.is_symlink()) == ("new", 0o640, True)


@pytest.mark.parametrize("name", ["missing/report.txt", "", ".", "a\0b"])
def test_unwritable_is_an_expected_error(tmp_path, monkeypatch, name):
    """A path that cannot be written is exit 2 with the next step."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError) as caught:
        write_file(name, "x")
    assert caught.value.exit_code == 2
    assert caught.value.hint


def test_device_is_written_in_place():
    """/dev/null is written, not replaced by a file."""
    write_file("/dev/null", "x")
    assert not Path("/dev/null").is_file()


WRITE = "from tagwright_cli.output import write_stdout; write_stdout({!r}); print('after')"


def _python(code, **options):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=30, **options)


def test_ascii_terminal_gets_escapes():
    """A terminal without the character gets its escape, not a crash."""
    done = _python(WRITE.format("grün 🚀\n"), env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stdout) == (0, b"gr\\xfcn \\U0001f680\nafter\n")


def test_full_disk_is_an_error():
    """A report that stdout does not take is never taken for written."""
    code = "from tagwright_cli.output import write_stdout; write_stdout('x' * 100_000)"
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, check=False, timeout=30
        )
    assert done.returncode == 1
    assert b"OutputError: the report cannot be written to stdout: No space left on device" in done.stderr


def test_closed_pipe_is_quiet():
    """`| head` is no error and prints no traceback."""
    code = "import sys; from tagwright_cli.output import write_stdout; write_stdout('x\\n' * 500_000); sys.exit(7)"
    done = _python(
        f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {code!r}], stdout=subprocess.PIPE); "
        "p.stdout.readline(); p.stdout.close(); sys.exit(p.wait())",
    )
    assert (done.returncode, done.stderr) == (7, b"")
