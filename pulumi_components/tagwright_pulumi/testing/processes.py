"""Starting the processes of a run: they print their port and then serve, on this machine only."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import tagwright_dictionary
import tagwright_pulumi
from tagwright_pulumi.testing.model import LoopbackError

START_SECONDS = 60.0
"""How long a plugin may take to start; the first import of a fresh installation compiles its modules."""


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process, where our packages are found even from a checkout."""
    ours = [str(Path(package.__path__[0]).parent) for package in (tagwright_dictionary, tagwright_pulumi)]
    known = [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*ours, *known]), **extra}


class Plugin:
    """A running plugin; `address` is where it serves. Use as a context manager."""

    def __init__(self, command: Sequence[str], folder: Path, extra: Mapping[str, str]) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `stop`
        self._what = folder
        self._process = subprocess.Popen(  # noqa: S603 - the caller's own program, by the running interpreter
            [sys.executable, "-u", *command],
            cwd=folder,
            env=environment(extra),
            stdout=subprocess.PIPE,
            stderr=self._errors,
            stdin=subprocess.DEVNULL,
        )
        try:
            self.address = f"127.0.0.1:{self._port()}"
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()

    def _port(self) -> int:
        lines: list[bytes] = []
        stream = self._process.stdout
        if stream is None:
            raise LoopbackError(f"{self._what} has no output to read its port from")
        reader = threading.Thread(target=lambda: lines.append(stream.readline()), daemon=True)
        reader.start()
        reader.join(START_SECONDS)
        text = lines[0].decode("utf-8", "replace").strip() if lines else ""
        if text.isdecimal():
            return int(text)
        raise LoopbackError(f"{self._what} did not start: it printed {text!r} instead of a port.\n{self.complaints()}")

    def complaints(self) -> str:
        """The end of what it wrote to its standard error."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(5)
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")[-4000:]
