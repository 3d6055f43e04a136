"""Pinned references: what they look like, and that what is fetched is what was pinned."""

from __future__ import annotations

import hashlib
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import load, validate
from tagwright_dictionary.loading.references import Kind, Reference, parse_reference

SHA = "0123456789abcdef" * 4
COMMIT = "0123456789" * 4
PLAIN = "schema: 1\nname: remote\nversion: 1.0.0\nkeys: {a: {}}\n"

GOOD = {
    "tags/d.yaml": Reference(Kind.LOCAL, "tags/d.yaml"),
    f"d.yaml#sha256={SHA}": Reference(Kind.LOCAL, "d.yaml", SHA),
    f"https://acme.example/d.yaml#sha256={SHA}": Reference(Kind.HTTP, "https://acme.example/d.yaml", SHA),
    f"git+https://acme.example/r.git@{COMMIT}": Reference(
        Kind.GIT, "https://acme.example/r.git", "", COMMIT, "dictionary.yaml"
    ),
    f"git+https://acme.example/r.git@v1.2#sha256={SHA}&path=tags/d.yaml": Reference(
        Kind.GIT, "https://acme.example/r.git", SHA, "v1.2", "tags/d.yaml"
    ),
    f"git+https://acme.example/r.git?ref={COMMIT}&path=d.yaml": Reference(
        Kind.GIT, "https://acme.example/r.git", "", COMMIT, "d.yaml"
    ),
    f"git+ssh://git@acme.example/r.git@release/2#path=d.yaml&sha256={SHA}": Reference(
        Kind.GIT, "ssh://git@acme.example/r.git", SHA, "release/2", "d.yaml"
    ),
    f"git+file:///srv/r.git@{COMMIT}": Reference(Kind.GIT, "file:///srv/r.git", "", COMMIT, "dictionary.yaml"),
}


@pytest.mark.parametrize("text", GOOD)
def test_understood(text):
    """A reference is understood, and its canonical spelling means the same."""
    assert parse_reference(text) == GOOD[text]
    assert parse_reference(str(GOOD[text])) == GOOD[text]


BAD = {
    "https://acme.example/d.yaml": "is not pinned",
    "https://acme.example/d.yaml#sha256=abc": "is not a SHA-256",
    f"https://acme.example/d.yaml#sha256={SHA.upper()}": "is not a SHA-256",
    f"http://acme.example/d.yaml#sha256={SHA}": "is not encrypted",
    f"https://user:secret@acme.example/d.yaml#sha256={SHA}": "holds credentials",
    "https://acme.example/d.yaml#main": "has a fragment",
    "git+https://acme.example/r.git": "is not pinned to a ref",
    "git+https://acme.example/r.git@main": "is a tag or branch, which can move",
    f"git+https://acme.example/r.git@--upload-pack=x#sha256={SHA}": "is not a git ref",
    f"git+https://acme.example/r.git@a..b#sha256={SHA}": "is not a git ref",
    f"git+https://acme.example/r.git@{COMMIT}#path=../x": "is not a file of the repository",
    f"git+https://acme.example/r.git@{COMMIT}#path=/x": "is not a file of the repository",
    f"git+https://acme.example/r.git@{COMMIT}#pth=x": "is not an option",
    f"git+http://acme.example/r.git@{COMMIT}": "is not encrypted",
    f"git+https://user@acme.example/r.git@{COMMIT}": "holds credentials",
    f"git+ssh://-oProxyCommand=x/r.git@{COMMIT}": "has no host",
    "git@acme.example:org/r.git": "is git's short form",
    "git://acme.example/r.git": "cannot be read from git://",
    "s3://bucket/d.yaml": "cannot be read from s3://",
    "file:///d.yaml": "cannot be read from file://",
    "d.yaml#sha256=1": "is not a SHA-256",
}


@pytest.mark.parametrize("text", BAD)
def test_refused(text):
    """What is not pinned, not safe or not understood is refused with the way to write it."""
    with pytest.raises(DictionaryError, match=BAD[text]) as caught:
        parse_reference(text)
    assert caught.value.hint
    assert "secret" not in str(caught.value)


class Server:
    """A loopback web server with files in memory that counts requests."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.requests: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append(self.path)
                data = outer.files.get(self.path)
                self.send_response(404 if data is None else 200)
                self.end_headers()
                self.wfile.write(data or b"")

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def publish(self, path: str, text: str) -> str:
        """The pinned URL of a file with that text."""
        self.files[path] = text.encode()
        return f"{self.url}{path}#sha256={hashlib.sha256(text.encode()).hexdigest()}"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.server.shutdown()
    server.server.server_close()
    thread.join()


class TestHttps:
    """The loopback address stands for https, which needs a certificate."""

    def test_fetched_once(self, server):
        """The second load asks nobody, and works when the server is gone."""
        pin = server.publish("/d.yaml", PLAIN)
        first = load(pin)
        server.files.clear()
        assert load(pin) == first
        assert (first.name, first.source, server.requests) == ("remote", pin, ["/d.yaml"])

    def test_without_cache_it_is_fetched_each_time(self, server):
        pin = server.publish("/d.yaml", PLAIN)
        load(pin, cache=False)
        load(pin, cache=False)
        assert server.requests == ["/d.yaml", "/d.yaml"]

    def test_changed(self, server):
        """Other bytes than pinned are refused, also when they are a fine dictionary."""
        pin = server.publish("/d.yaml", PLAIN)
        server.files["/d.yaml"] = PLAIN.replace("a:", "b:").encode()
        with pytest.raises(DictionaryError, match="not the pinned") as caught:
            load(pin)
        assert caught.value.exit_code == 2

    def test_not_there_and_no_server(self, server):
        """No file, or nobody there, and no copy: an error, never an empty dictionary."""
        with pytest.raises(DictionaryError, match="the server answered 404"):
            load(f"{server.url}/no.yaml#sha256={SHA}")
        with pytest.raises(DictionaryError, match="cannot be fetched"):
            load(f"http://127.0.0.1:1/no.yaml#sha256={SHA}")

    def test_a_poisoned_copy_is_not_used(self, server, tmp_path):
        """A cached copy that no longer has the pinned bytes is fetched again."""
        pin = server.publish("/d.yaml", PLAIN)
        load(pin)
        for folder in ("remote", "dictionaries"):
            for entry in (tmp_path / "cache" / folder).iterdir():
                entry.write_bytes(b"x" * 64 + b"\n" + PLAIN.encode())
        load(pin)
        assert server.requests == ["/d.yaml", "/d.yaml"]

    def test_what_it_names_is_pinned_too(self, server):
        """A file beside a remote dictionary needs a digest of its own."""
        table = server.publish("/tags/v.csv", "value\nx\n")
        digest = table.partition("#")[2]
        text = PLAIN.replace("{a: {}}", "{a: {values_from: v.csv}}")
        errors = validate(server.publish("/tags/d.yaml", text))
        assert [error.message for error in errors] == [
            "v.csv is named by a remote dictionary without a digest, so it could change unseen"
        ]
        loaded = load(server.publish("/tags/d.yaml", text.replace("v.csv", f"'v.csv#{digest}'")))
        assert [value.value for value in loaded.keys[0].values or ()] == ["x"]
        for outside in ("../v.csv", "/etc/passwd"):
            wrong = text.replace("v.csv", f"'{outside}#{digest}'")
            assert [error.message for error in validate(server.publish("/tags/d.yaml", wrong))] == [
                f"{outside} leads outside what {server.url}/tags/d.yaml may name"
            ]

    def test_extends_a_remote_base(self, server, write):
        pin = server.publish("/d.yaml", PLAIN)
        write("d.yaml", f"extends: {pin}\nkeys: {{b: {{}}}}\n", head=True)
        assert [key.name for key in load("d.yaml").keys] == ["a", "b"]
        assert load("d.yaml").layers == ("remote 1.0.0",)
        assert server.requests == ["/d.yaml"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository with one commit and the tag v1."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "origin"
    folder.mkdir()
    (folder / "dictionary.yaml").write_text(PLAIN.replace("{a: {}}", "{a: {values_from: data/v.csv}}"))
    (folder / "data").mkdir()
    (folder / "data" / "v.csv").write_text("value\nx\n")
    (folder / "link.yaml").symlink_to("dictionary.yaml")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    git(folder, "tag", "v1")
    return folder


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@acme.example"]
    done = subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=x")
    return git(folder, "rev-parse", "HEAD")


class TestGit:
    def test_a_commit_pins_everything(self, repository, monkeypatch):
        """The CSV comes from the same commit, the second load needs no repository, and a hook's GIT_DIR is ignored."""
        first_commit = git(repository, "rev-parse", "HEAD")
        (repository / "data" / "v.csv").write_text("value\ny\n")
        commit(repository)
        pin = f"git+file://{repository}@{first_commit}"
        monkeypatch.setenv("GIT_DIR", "/nowhere")
        monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
        first = load(pin)
        repository.rename(repository.parent / "gone")
        assert load(pin) == first
        assert [value.value for value in first.keys[0].values or ()] == ["x"]
        assert str(first.keys[0].location) == f"git+file://{repository}@{first_commit[:12]}:dictionary.yaml:4:8"

    def test_a_tag_needs_a_digest(self, repository):
        """A tag with the digest of the file works; when the tag moves to other bytes it is refused."""
        (repository / "one.yaml").write_text(PLAIN)
        commit(repository)
        git(repository, "tag", "v2")
        pin = f"git+file://{repository}@v2#path=one.yaml&sha256={hashlib.sha256(PLAIN.encode()).hexdigest()}"
        assert load(pin, cache=False).name == "remote"
        (repository / "one.yaml").write_text(PLAIN + "unknown: ignore\n")
        commit(repository)
        git(repository, "tag", "--force", "v2")
        assert ["not the pinned" in error.message for error in validate(pin)] == [True]

    def test_a_tag_does_not_pin_the_files_beside(self, repository):
        digest = hashlib.sha256((repository / "dictionary.yaml").read_bytes()).hexdigest()
        assert [error.message for error in validate(f"git+file://{repository}@v1#sha256={digest}")] == [
            "data/v.csv is named by a remote dictionary without a digest, so it could change unseen"
        ]

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            ("no.yaml", "expected a file, found nothing"),
            ("data", "expected a file, found a folder"),
            ("link.yaml", "expected a file, found a symbolic link"),
            ("*.yaml", "expected a file, found nothing"),
        ],
    )
    def test_paths(self, repository, path, message):
        """Only a regular file of the repository is read."""
        pin = f"git+file://{repository}@{git(repository, 'rev-parse', 'HEAD')}#path={path}"
        assert [error.message.partition(": ")[2] for error in validate(pin)] == [message]

    def test_no_repository_and_no_commit(self, repository):
        """Neither there nor cached: an error with git's own words, never an empty dictionary."""
        for pin in (f"git+file://{repository}@{COMMIT}", f"git+file://{repository}x@{COMMIT}"):
            errors = validate(pin)
            assert [error.hint for error in errors] == [
                "there is no cached copy either; check the address, the ref, the network and git's credentials"
            ]

    def test_nothing_is_left_behind(self, repository, tmp_path, monkeypatch):
        """The temporary clone is removed."""
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(temporary))
        load(f"git+file://{repository}@{git(repository, 'rev-parse', 'HEAD')}")
        assert list(temporary.iterdir()) == []
