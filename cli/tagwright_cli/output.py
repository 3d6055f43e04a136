"""Reports on their way out: stdout as bytes, files atomically and late."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tagwright_dictionary.errors import OutputError


def write_stdout(text: str, *, utf8: bool = False) -> None:
    """Write a report to stdout at once.

    Text follows the terminal's encoding and never fails on a character that it lacks; documents (`utf8`) are always
    UTF-8. A reader that has gone (`| head`) is no error: the exit code stands for the verdict. A full disk is one.
    """
    stream = sys.stdout
    encoding = "utf-8" if utf8 else (stream.encoding or "utf-8")
    data = text.encode(encoding, errors="backslashreplace")
    try:
        buffer = getattr(stream, "buffer", None)
        if buffer is None:
            stream.write(data.decode(encoding))
        else:
            stream.flush()
            buffer.write(data)
            buffer.flush()
        stream.flush()
    except BrokenPipeError:
        drop_stdout()
    except OSError as error:
        drop_stdout()
        raise OutputError(
            f"the report cannot be written to stdout: {error.strerror}",
            hint="check the pipe or the disk that stdout goes to",
        ) from error


def drop_stdout() -> None:
    """Point stdout at nothing, so that Python's flush at exit cannot fail a second time."""
    try:
        target = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, target)
    os.close(nothing)


def write_file(path: str, text: str) -> None:
    """Write a whole file or nothing: a half-written report never stands under the final name.

    Raises OutputError where the path cannot be written. Devices and pipes (`/dev/stderr`) are written in place.
    """
    import tempfile  # noqa: PLC0415 - the hook writes to stdout and starts sooner without

    data = text.encode("utf-8", errors="backslashreplace")
    target = Path(path)
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
            return
        final = Path(os.path.realpath(target))
        mode = final.stat().st_mode & 0o777 if final.exists() else 0o666 & ~_umask()
        handle, name = tempfile.mkstemp(prefix=f".{final.name}.", dir=final.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(mode)
            Path(name).replace(final)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise OutputError(
            f"the report cannot be written to {path}: {reason}",
            hint="name a file in a folder that exists and that you may write to",
        ) from error


def _umask() -> int:
    # There is no way to read it without setting it; single-threaded here.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
