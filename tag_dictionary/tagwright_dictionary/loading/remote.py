"""Fetching pinned dictionaries over https and git; every byte is checked against its pin, cached or not.

What is pinned cannot change, so a cached copy is used without asking the network: a gate works offline after its
first run. No network and no copy is an error, never an empty dictionary.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Protocol

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import cache
from tagwright_dictionary.loading.references import Kind, Reference
from tagwright_dictionary.model import Location

MAX_BYTES = 16 * 1024 * 1024
TIMEOUT_SECONDS = 30
DEADLINE_SECONDS = 120
GIT_TIMEOUT_SECONDS = 120
_FOLDER = "remote"


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Fetcher:
    """Fetches for one load; keeps one temporary bare clone per repository and ref until `close`."""

    def __init__(self, *, cached: bool) -> None:
        self._cached = cached
        self._clones: dict[tuple[str, str], Path] = {}

    def close(self) -> None:
        for clone in self._clones.values():
            shutil.rmtree(clone, ignore_errors=True)

    def fetch(self, reference: Reference, named_at: Location | None = None) -> bytes:
        """Raises DictionaryError when it cannot be fetched or is not what the pin says."""
        where = named_at or Location(reference.display)
        name = cache.name_for(str(reference))
        if self._cached:
            data = cache.get(_FOLDER, name)
            if data is not None and self._as_pinned(reference, data):
                return data
        data = self._http(reference, where) if reference.kind is Kind.HTTP else self._git(reference, where)
        if len(data) > MAX_BYTES:
            raise DictionaryError(
                f"{reference.display} is larger than {MAX_BYTES // 1024 // 1024} MiB",
                hint="check the address",
                location=where,
            )
        if not self._as_pinned(reference, data):
            found = hashlib.sha256(data).hexdigest()
            raise DictionaryError(
                f"{reference.display} has the SHA-256 {found}, not the pinned {reference.sha256}",
                hint="somebody changed it: review the change, then update the digest",
                location=where,
            )
        if self._cached:
            cache.put(_FOLDER, name, data)
        return data

    @staticmethod
    def _as_pinned(reference: Reference, data: bytes) -> bool:
        return not reference.sha256 or hashlib.sha256(data).hexdigest() == reference.sha256

    @staticmethod
    def _http(reference: Reference, where: Location) -> bytes:
        import http.client  # noqa: PLC0415 - only when there is no cached copy
        import urllib.error  # noqa: PLC0415
        import urllib.request  # noqa: PLC0415

        request = urllib.request.Request(reference.base, headers={"User-Agent": "tagwright"})  # noqa: S310 - checked
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 - checked
                return _read_bounded(response)
        except urllib.error.HTTPError as error:
            reason = f"the server answered {error.code} {error.reason}"
            error.close()
        except (OSError, http.client.HTTPException, ValueError) as error:
            cause = getattr(error, "reason", None) or error
            reason = str(cause) or type(error).__name__
        raise DictionaryError(
            f"{reference.display} cannot be fetched: {reason}",
            hint="there is no cached copy either; check the address and the network, or keep a copy in the repository",
            location=where,
        )

    def _git(self, reference: Reference, where: Location) -> bytes:
        clone = self._clone(reference, where)
        listed = _run_git(clone, ["ls-tree", "-z", "FETCH_HEAD", "--", reference.path]).stdout
        entries = [entry for entry in listed.split(b"\0") if entry.endswith(b"\t" + reference.path.encode())]
        mode, kind, blob = entries[0].split(b"\t")[0].split(b" ") if entries else (b"", b"", b"")
        if kind != b"blob" or mode == b"120000":
            found = "a symbolic link" if mode == b"120000" else "a folder" if kind == b"tree" else "nothing"
            raise DictionaryError(
                f"{reference.display}: expected a file, found {found}", hint="check path= and the ref", location=where
            )
        size = int(_run_git(clone, ["cat-file", "-s", blob.decode()]).stdout or b"0")
        if size > MAX_BYTES:
            return bytes(MAX_BYTES + 1)  # the caller words the refusal
        result = _run_git(clone, ["cat-file", "blob", blob.decode()])
        if result.returncode:
            raise _git_failed(reference, result.stderr, where)
        return result.stdout

    def _clone(self, reference: Reference, where: Location) -> Path:
        key = (reference.base, reference.ref)
        if key in self._clones:
            return self._clones[key]
        if shutil.which("git") is None:
            raise DictionaryError(f"{reference.display} needs git", hint="install git", location=where)
        clone = Path(tempfile.mkdtemp(prefix="tagwright-"))
        self._clones[key] = clone
        result = _run_git(clone, ["init", "--quiet", "--bare"])
        if result.returncode == 0:
            result = _run_git(clone, ["fetch", "--quiet", "--no-tags", "--depth=1", reference.base, reference.ref])
        if result.returncode and reference.pinned_by_commit:
            # A server may refuse a bare commit id: take every branch and tag, then look for it there.
            everything = ["fetch", "--quiet", reference.base, "+refs/*:refs/remotes/all/*"]
            result = _run_git(clone, everything)
            if result.returncode == 0:
                result = _run_git(clone, ["rev-parse", "--verify", "--quiet", f"{reference.ref}^{{commit}}"])
                (clone / "FETCH_HEAD").write_text(reference.ref + "\n", encoding="ascii")
        if result.returncode:
            raise _git_failed(reference, result.stderr, where)
        got = _run_git(clone, ["rev-parse", "FETCH_HEAD^{commit}"]).stdout.decode("ascii", "replace").strip()
        if reference.pinned_by_commit and got != reference.ref:
            raise _git_failed(reference, f"the server sent {got or 'no commit'}".encode(), where)
        return clone


def _read_bounded(response: Readable) -> bytes:
    # The socket's timeout is per read: a server that drips a byte a second needs a deadline of its own.
    deadline = time.monotonic() + DEADLINE_SECONDS
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read(65536):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BYTES:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(f"not complete after {DEADLINE_SECONDS} s")
    return b"".join(chunks)


def _run_git(clone: Path, arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    # A hook runs with GIT_DIR and GIT_INDEX_FILE of the user's repository set: they must not reach this clone.
    kept = ("GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in kept}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "1"}
    environment.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
    command = ["git", "-C", str(clone), "-c", "protocol.ext.allow=never", "-c", "core.hooksPath=/dev/null", *arguments]
    try:
        return subprocess.run(  # noqa: S603 - no shell; base, ref and path are checked when they are parsed
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        slow = f"git did not finish within {GIT_TIMEOUT_SECONDS} s".encode()
        return subprocess.CompletedProcess(command, 124, b"", slow)
    except OSError as error:
        return subprocess.CompletedProcess(command, 126, b"", str(error).encode())


def _git_failed(reference: Reference, stderr: bytes, where: Location) -> DictionaryError:
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    told = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "not found")
    return DictionaryError(
        f"{reference.display} cannot be fetched: {told.strip()[:300]}",
        hint="there is no cached copy either; check the address, the ref, the network and git's credentials",
        location=where,
    )
