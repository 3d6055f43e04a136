"""Dictionaries and files as they were at a revision of the repository they lie in (`git:REV[:PATH]`)."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import DictionaryError, InputError
from tagwright_dictionary.loading import digest, load
from tagwright_dictionary.loading.documents import MAX_BYTES, Document, Documents, Entry
from tagwright_dictionary.loading.entry import collector_paused
from tagwright_dictionary.loading.reading import read
from tagwright_dictionary.loading.references import Kind, Reference, parse_reference
from tagwright_dictionary.model import Location

PREFIX = "git:"
TIMEOUT_SECONDS = 60
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree. `top` is its absolute root."""

    top: Path

    def commit(self, revision: str) -> str:
        """The full id of the commit that a revision names. Raises InputError when there is none, or when a tag, a
        branch and a remote branch of that name do not agree: git would take the tag, which anybody may push.
        """
        places = [f"refs/{kind}/{revision}" for kind in ("tags", "heads", "remotes")]
        form = "%(refname) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end)"
        listed = _text(_git(self.top, "for-each-ref", f"--format={form}", "--", *places)).splitlines()
        named = dict(line.split(" ", 1) for line in listed if line.split(" ", 1)[0] in places)
        if len(set(named.values())) > 1:
            raise InputError(
                f"{revision!r} names several commits here: {', '.join(sorted(named))}",
                hint="write the whole name of the one that is meant",
            )
        found = _text(_git(self.top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"))
        if not _COMMIT.fullmatch(found):
            raise InputError(
                f"git knows no commit {revision!r} in this repository",
                hint="fetch it first (in CI: fetch-depth: 0), or name another revision",
            )
        return found

    def merge_base(self, revision: str, commit: str = "HEAD") -> str:
        """Where a commit left `revision`. Raises InputError when they have nothing in common here."""
        base = self.commit(revision)
        found = _text(_git(self.top, "merge-base", base, commit))
        if not _COMMIT.fullmatch(found):
            raise InputError(
                f"{revision!r} and the present commit have no common ancestor in this clone",
                hint="a shallow clone hides it: fetch the history first (in CI: fetch-depth: 0)",
            )
        return found

    def parents(self, commit: str) -> tuple[str, ...]:
        """The full ids of a commit's parents, the first one first; () for a root or one that a shallow clone cuts."""
        return tuple(_text(_git(self.top, "rev-list", "--parents", "-n1", "--end-of-options", commit)).split()[1:])

    def log(self, since: str, until: str, paths: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
        """(commit, author, e-mail) of the commits after `since` up to `until` that changed one of `paths`, the oldest
        first; merges, which only join what others wrote, are left out.
        """
        form = "%H%x00%an%x00%ae%x00"
        wanted = ("--reverse", "--topo-order", "--no-merges", f"--format={form}", "--end-of-options")
        found = _git(self.top, "log", *wanted, f"{since}..{until}", "--", *paths)
        if found.returncode:
            raise InputError(f"git cannot list the commits since {since[:12]}", hint="fetch the history first")
        fields = found.stdout.decode("utf-8", "replace").split("\0")
        rows = zip(fields[0::3], fields[1::3], fields[2::3], strict=False)
        return tuple((commit.strip(), name, email) for commit, name, email in rows)

    def has(self, commit: str, path: str) -> bool:
        """Whether `path` is a file in the commit."""
        return self.mode(commit, path) != ""

    def mode(self, commit: str, path: str) -> str:
        """The mode of a file in the commit, as git has it ("120000" is a symbolic link); "" when there is none."""
        listed = _git(self.top, "ls-tree", "-z", commit, "--", path)
        if listed.returncode:
            raise InputError(f"git cannot list {path} at {commit[:12]}", hint="run git fsck, or fetch the commit")
        for entry in listed.stdout.split(b"\0"):
            if b" blob " in entry and entry.endswith(b"\t" + os.fsencode(path)):
                return entry.partition(b" ")[0].decode("ascii", "replace")
        return ""

    def read(self, commit: str, path: str) -> bytes:
        """The bytes of a file in the commit. Raises InputError when it is not there or too large."""
        if not self.has(commit, path):
            raise InputError(
                f"{path} is not a file at {commit[:12]}", hint="check the path, from the repository's root"
            )
        found = _git(self.top, "cat-file", "blob", f"{commit}:{path}")
        if found.returncode or len(found.stdout) > MAX_BYTES:
            raise InputError(f"{path} at {commit[:12]} cannot be read", hint="it is broken, or larger than 16 MiB")
        return found.stdout

    def relative(self, path: str | Path) -> str:
        """A path as git writes it: POSIX, from the root. Raises InputError for one outside the repository."""
        full = Path(os.path.abspath(path))  # noqa: PTH100 - keeps symlinks, which git tracks as such
        try:
            return full.relative_to(self.top).as_posix()
        except ValueError:
            pass
        try:
            return full.resolve().relative_to(self.top.resolve()).as_posix()
        except ValueError:
            raise InputError(f"{path} is not in the repository {self.top.name}", hint="name a file inside it") from None

    def inside(self, path: str | Path) -> str:
        """Like `relative`, but "" for a path outside the repository."""
        try:
            return self.relative(path)
        except InputError:
            return ""


def repository(near: Path) -> Repository:
    """The repository that `near` (a file or folder) lies in. Raises InputError outside of one."""
    folder = near if near.is_dir() else near.parent
    found = _git(folder, "rev-parse", "--show-toplevel")
    if found.returncode:
        reason = found.stderr.decode("utf-8", "replace").strip().splitlines()
        told = reason[0][:200] if reason else "git failed"
        raise InputError(f"{folder} is not in a git repository: {told}", hint="run this inside a clone")
    return Repository(Path(os.fsdecode(found.stdout.rstrip(b"\n"))))


class _Committed(Documents):
    """The files of one commit, read out of the repository itself: fetching it would copy the whole tree."""

    def __init__(self, place: Repository, commit: str, *, cached: bool) -> None:
        super().__init__(cached=cached)
        self._place = place
        self._commit = commit
        self.paths: list[str] = []

    def reference(self, path: str) -> Reference:
        return Reference(Kind.GIT, "file://" + quote(str(self._place.top)), ref=self._commit, path=path)

    def open(self, reference: Reference, named_at: Location | None = None, inside: str = "") -> Document:
        if replace(reference, sha256="") != self.reference(reference.path):
            return super().open(reference, named_at, inside)
        where = named_at or Location(reference.display)
        mode = self._place.mode(self._commit, reference.path)
        if mode in ("", "120000"):
            found = "a symbolic link" if mode else "nothing"
            raise DictionaryError(
                f"{reference.display}: expected a file, found {found}",
                hint="check the path and the ref",
                location=where,
            )
        data = self._place.read(self._commit, reference.path)
        if reference.sha256 and hashlib.sha256(data).hexdigest() != reference.sha256:
            raise DictionaryError(
                f"{reference.display} is not what its digest says", hint="update the digest", location=where
            )
        self.paths.append(reference.path)
        self.entries.append(Entry("remote", str(reference), "", reference.sha256))
        return Document(reference, reference.display, data)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A dictionary in a commit: the files of the repository that it is made of, and the names of those elsewhere."""

    dictionary: Dictionary
    paths: frozenset[str]
    elsewhere: frozenset[str]


def snapshot(place: Repository, commit: str, path: str, *, cache: bool = True) -> Snapshot:
    """The dictionary at `path` in a commit, with everything it pulls in from the same commit. Raises InputError or
    DictionaryError.
    """
    with collector_paused(), _Committed(place, commit, cached=cache) as documents:
        own = documents.reference(path)
        found = read(own, documents)
        names = {entry.name for entry in documents.entries}
    paths = frozenset(documents.paths)
    inside = {str(documents.reference(each)) for each in paths}
    elsewhere = frozenset(name for name in names if name.partition("&sha256=")[0] not in inside)
    return Snapshot(
        replace(found, source=f"{path} at {commit[:12]}", digest=digest(found), _index={}), paths, elsewhere
    )


def present(place: Repository, path: Path) -> Snapshot:
    """The dictionary as it stands in the working tree. Raises DictionaryError."""
    with collector_paused(), Documents(cached=True) as documents:
        found = read(Reference(Kind.LOCAL, str(path)), documents)
    paths: set[str] = set()
    elsewhere: set[str] = set()
    for entry in documents.entries:
        inside = place.inside(entry.name) if entry.kind == "local" else ""
        (paths if inside else elsewhere).add(inside or entry.name)
    found = replace(found, source=str(path), digest=digest(found), _index={})
    return Snapshot(found, frozenset(paths), frozenset(elsewhere))


def at_commit(place: Repository, commit: str, path: str, *, cache: bool = True) -> Dictionary:
    """The dictionary at `path` in a commit, with everything it pulls in from the same commit."""
    return snapshot(place, commit, path, cache=cache).dictionary


def open_dictionary(text: str, *defaults: str, cache: bool = True) -> Dictionary:
    """What a user named: a path, a pinned reference, or `git:REV[:PATH]`, where PATH is from the repository's root
    (`./` from here). A PATH that is left out is that of the first of `defaults` which is a file of this repository.
    Raises InputError or DictionaryError.
    """
    if not text.startswith(PREFIX):
        return load(text, cache=cache)
    revision, _, path = text.removeprefix(PREFIX).partition(":")
    if not revision or revision.startswith("-"):
        raise InputError(f"{text} names no revision", hint="write git:main, or git:v1.2.0:tags/dictionary.yaml")
    place = repository(Path.cwd())
    path = _inside(place, path) if path else next(filter(None, (_path_of(place, each) for each in defaults)), "")
    if not path:
        raise InputError(
            f"{text} names no file, and the dictionary in use is none of this repository",
            hint=f"write {text}:PATH, with the path from the repository's root",
        )
    commit = place.commit(revision)
    if not place.has(commit, path):
        raise InputError(f"there is no file {path} at {revision}", hint=f"git ls-tree -r --name-only {revision}")
    return at_commit(place, commit, path, cache=cache)


def _path_of(place: Repository, text: str) -> str:
    """The path in the repository that another name of a dictionary stands for; "" when it stands for none."""
    if text.startswith(PREFIX):
        path = text.removeprefix(PREFIX).partition(":")[2]
        return _inside(place, path) if path else ""
    reference = parse_reference(text)
    try:
        return place.relative(reference.base) if reference.kind is Kind.LOCAL else ""
    except InputError:
        return ""


def _inside(place: Repository, path: str) -> str:
    return posixpath.normpath(place.relative(path) if path.startswith(("./", "../")) else path)


def is_local(text: str) -> bool:
    """Whether a name of a dictionary is a path of this machine."""
    return not text.startswith(PREFIX) and parse_reference(text).kind is Kind.LOCAL


def _text(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    # A hook runs with GIT_DIR and GIT_INDEX_FILE set; they name another place than the one asked for.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "LC_ALL": "C",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }
    try:
        return subprocess.run(  # noqa: S603 - no shell; revisions stand behind --end-of-options
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - git is found on PATH, as everywhere
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise InputError("git is not installed", hint="install git: revisions are read with it") from None
    except subprocess.TimeoutExpired:
        raise InputError(f"git did not finish within {TIMEOUT_SECONDS} s", hint="check the repository") from None
