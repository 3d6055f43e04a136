"""How a dictionary, or a file of one, is named: a path, a pinned https URL or a pinned git reference.

dictionary.yaml                                         a path; `#sha256=...` may pin it too
https://host/path/dictionary.yaml#sha256=<64 hex>       a URL changes under one's feet, so the digest is required
git+https://host/repo.git@<ref>#path=dictionary.yaml    <ref> is a full commit id, or a tag or branch with &sha256=
git+https://host/repo.git?ref=<ref>&path=...            the same, for tools that dislike the @
git+ssh://..., git+file://...                           other transports of git
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.model import Location

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]{0,199}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_GIT_SCHEMES = ("git+https", "git+http", "git+ssh", "git+file")
DEFAULT_FILE = "dictionary.yaml"

Refuse = Callable[[str, str], DictionaryError]
"""Builds the error (message, hint) at the place where the reference was written."""


class Kind(StrEnum):
    LOCAL = "local"
    HTTP = "http"
    GIT = "git"


@dataclass(frozen=True, slots=True)
class Reference:
    """A parsed name. `base` is the path, the URL, or the repository's URL; `ref` and `path` are for git."""

    kind: Kind
    base: str
    sha256: str = ""
    ref: str = ""
    path: str = ""

    @property
    def pinned_by_commit(self) -> bool:
        return self.kind is Kind.GIT and _COMMIT.fullmatch(self.ref) is not None

    @property
    def display(self) -> str:
        """For messages: without the digest, which says nothing to a reader."""
        if self.kind is Kind.GIT:
            ref = self.ref[:12] if self.pinned_by_commit else self.ref
            return f"git+{self.base}@{ref}:{self.path}"
        return self.base

    def __str__(self) -> str:
        """The canonical spelling; parses back to the same reference."""
        options = [f"path={self.path}"] if self.kind is Kind.GIT else []
        options += [f"sha256={self.sha256}"] if self.sha256 else []
        name = f"git+{self.base}@{self.ref}" if self.kind is Kind.GIT else self.base
        return name + ("#" + "&".join(options) if options else "")


def parse_reference(text: str, location: Location | None = None) -> Reference:
    """Raises DictionaryError for an unknown scheme, a missing or malformed pin, or credentials in a URL."""

    def refuse(message: str, hint: str) -> DictionaryError:
        return DictionaryError(message, hint=hint, location=location)

    if not text.strip() or any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise refuse(
            "the name of the dictionary is empty or holds control characters", "give a path, URL or git reference"
        )
    scheme_match = _SCHEME.match(text)
    if scheme_match is None:
        if re.match(r"[\w.-]+@[\w.-]+:", text):
            user_host, _, rest = text.partition(":")
            raise refuse(
                f"{text} is git's short form", f"write git+ssh://{user_host}/{rest.split('#')[0]}@REF#path=..."
            )
        path, digest = _split_digest(text, refuse)
        return Reference(Kind.LOCAL, path, sha256=digest)
    scheme = scheme_match.group(1).lower()
    if scheme in ("https", "http"):
        return _http(text, scheme, refuse)
    if scheme in _GIT_SCHEMES:
        return _git(text, scheme, refuse)
    hint = "write the plain path" if scheme == "file" else "use a path, https://...#sha256=... or git+https://...@REF"
    if scheme in ("git", "ssh"):
        hint = "use git+https://host/repo.git@REF or git+ssh://git@host/repo.git@REF"
    raise refuse(f"a dictionary cannot be read from {scheme}://", hint)


def sibling(parent: Reference, text: str, location: Location) -> Reference:
    """The reference `text`, written inside the document `parent`: relative paths are relative to that document.

    A remote document only names remote ones, and every byte stays pinned: by the commit, or by its own digest.
    """
    if _SCHEME.match(text) or parent.kind is Kind.LOCAL:
        named = parse_reference(text, location)
        if named.kind is Kind.LOCAL:
            return replace(named, base=posixpath.join(posixpath.dirname(parent.base), named.base))
        return named
    path, digest = _split_digest(text, lambda message, hint: DictionaryError(message, hint=hint, location=location))
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(parent.path), path))
    if path.startswith("/") or joined.startswith(".."):
        raise DictionaryError(
            f"{path} leads outside what {parent.display} may name",
            hint="name a file beside it or below",
            location=location,
        )
    if not parent.pinned_by_commit and not digest:
        raise DictionaryError(
            f"{path} is named by a remote dictionary without a digest, so it could change unseen",
            hint=f"write {path}#sha256=<64 hex digits> (or publish the dictionary as one file)",
            location=location,
        )
    if parent.kind is Kind.GIT:
        return replace(parent, path=joined, sha256=digest)
    folder = posixpath.dirname(parent.base.partition("?")[0])
    return Reference(Kind.HTTP, f"{folder}/{joined}", sha256=digest)


def _split_digest(text: str, refuse: Refuse) -> tuple[str, str]:
    path, found, digest = text.partition("#sha256=")
    if found and not _SHA256.fullmatch(digest):
        raise refuse(
            f"sha256={digest or '(empty)'} is not a SHA-256", "64 lower-case hex digits, as sha256sum prints them"
        )
    return path, digest


def _http(text: str, scheme: str, refuse: Refuse) -> Reference:
    url, digest = _split_digest(text, refuse)
    host = _host(url, refuse)
    if scheme == "http" and host not in _LOOPBACK:
        raise refuse(f"{url} is not encrypted", "use https:// (http:// is for the loopback address only)")
    if "#" in url:
        raise refuse(f"{url} has a fragment that is not sha256=", "end the URL with #sha256=<64 hex digits>")
    if not digest:
        raise refuse(
            f"{url} is not pinned",
            "add #sha256=<64 hex digits> (curl -fsS URL | sha256sum), or use git+https://host/repo.git@<commit>",
        )
    return Reference(Kind.HTTP, url, sha256=digest)


def _git(text: str, scheme: str, refuse: Refuse) -> Reference:
    address, _, fragment = text.partition("#")
    address, _, query = address.partition("?")
    options: dict[str, str] = {}
    for part in (*query.split("&"), *fragment.split("&")):
        name, _, value = part.partition("=")
        if not part:
            continue
        if name not in ("ref", "path", "sha256") or name in options:
            raise refuse(
                f"{name}= is not an option of a git reference, or is given twice", "options: ref, path, sha256"
            )
        options[name] = value
    repository = address.removeprefix(address[: len("git+")])
    head, at, ref = repository.rpartition("@")
    # In ssh://git@host/repo.git the @ belongs to the user name: a ref comes after the path.
    if at and "/" in head.partition("://")[2]:
        repository = head
        if options.setdefault("ref", ref) != ref:
            raise refuse("the git reference names two refs", "give it once: after @ or as ref=")
    host = _host(repository, refuse, user_allowed=scheme == "git+ssh")
    if scheme == "git+http" and host not in _LOOPBACK:
        raise refuse(f"{repository} is not encrypted", "use git+https:// or git+ssh://")
    ref = options.get("ref", "")
    if not ref:
        raise refuse(f"{repository} is not pinned to a ref", "write git+...repo.git@<commit>, or @<tag>#sha256=...")
    if not _REF.fullmatch(ref) or ".." in ref or ref.endswith((".lock", "/", ".")):
        raise refuse(f"{ref} is not a git ref", "a commit id, a tag or a branch")
    digest = options.get("sha256", "")
    if "sha256" in options:
        _split_digest("#sha256=" + digest, refuse)
    path = options.get("path", DEFAULT_FILE)
    clean = posixpath.normpath(path) if path else ""
    if not clean or clean.startswith(("/", "..", "-")) or clean == ".":
        raise refuse(f"path={path} is not a file of the repository", "give the path from the repository's root")
    reference = Reference(Kind.GIT, repository, sha256=digest, ref=ref, path=clean)
    if not reference.pinned_by_commit and not digest:
        raise refuse(
            f"{ref} is a tag or branch, which can move",
            "pin the full commit id (40 hex digits), or add sha256=<64 hex digits> of the file",
        )
    return reference


def _host(url: str, refuse: Refuse, *, user_allowed: bool = False) -> str:
    scheme, _, rest = url.partition("://")
    user, at, host = rest.partition("/")[0].rpartition("@")
    if at and (":" in user or not user_allowed):
        raise refuse(
            f"the URL of {host} holds credentials", "remove them: use a git credential helper, ssh, or a public address"
        )
    if scheme != "file" and (not host or host.startswith("-")):
        raise refuse(f"{url} has no host", "write scheme://host/path")
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
