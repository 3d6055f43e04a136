"""`tagwright dictionary release` and what uses it: `extends:` and `--dictionary`, over real HTTP, HTTPS and git."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import shutil
import ssl
import subprocess
import threading
from pathlib import Path

import pytest

from tagwright_cli.main import main

DICTIONARY = """\
schema: 1
name: acme
version: 1.2.0
keys:
  team: {values: {vision: {}, search: {}}}
  cost-center: {values_from: centers.csv}
requirements:
  - {id: must, for: all, require: [team, cost-center]}
"""
CODE = """\
resource "aws_s3_bucket" "good" {
  tags = { team = "vision", cost-center = "cc-1" }
}
resource "aws_s3_bucket" "bad" {
  tags = { team = "nobody" }
}
"""


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TAGWRIGHT_TODAY", "2026-11-01")
    (folder / "tags.yaml").write_text(DICTIONARY)
    (folder / "centers.csv").write_text("value,title\ncc-1,Research\ncc-2,Production\n")
    (folder / "code").mkdir()
    (folder / "code" / "main.tf").write_text(CODE)
    return folder


def _release(*arguments):
    return main(["dictionary", "release", "-o", "public", "--dictionary", "tags.yaml", *arguments])


@pytest.fixture
def released(here, capsys):
    """(file name, SHA-256) of the JSON and of the archive."""
    assert _release("--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    return [(each["name"], each["sha256"]) for each in found["files"]]


class _Handler(http.server.SimpleHTTPRequestHandler):
    flipped = -1

    def log_message(self, *_):
        pass

    def copyfile(self, source, outputfile):
        data = bytearray(source.read())
        if 0 <= type(self).flipped < len(data):
            data[type(self).flipped] ^= 1
        outputfile.write(data)


@pytest.fixture
def serve(here):
    """serve(context): the folder of releases over HTTP, or HTTPS with a context; the handler flips a byte if told."""
    servers = []

    def starter(context=None):
        class Handler(_Handler):
            pass

        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(here / "public"))
        )
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        scheme = "http" if context is None else "https"
        host = "127.0.0.1" if context is None else "localhost"
        return f"{scheme}://{host}:{server.server_port}", Handler, server

    yield starter
    for server in servers:
        server.shutdown()
        server.server_close()


def _findings(capsys, *arguments):
    capsys.readouterr()
    code = main(["check", "code", "--format", "json", *arguments])
    out = capsys.readouterr().out
    return code, json.loads(out)["findings"] if out else None


def test_text(capsys, here):
    """The digests, and how to use and sign them; the same again writes nothing."""
    assert _release() == 0
    out = capsys.readouterr().out
    name = "acme-1.2.0.json"
    digest = hashlib.sha256((here / "public" / name).read_bytes()).hexdigest()
    assert out.startswith(f"acme 1.2.0\n  {digest}  public/{name}\n")
    assert f"\n  extends: https://HOST/{name}#sha256={digest}\n" in out
    assert out.endswith(f"\n  minisign -S -m public/{name}\n")
    assert _release() == 0
    assert capsys.readouterr().out.startswith("acme 1.2.0: released already, nothing is written\n")


def test_judged_alike(released, serve, here, capsys):
    """Findings with the file, with each artefact by URL, and with a dictionary that extends it: the same."""
    base, _, _ = serve()
    expected = _findings(capsys, "--dictionary", "tags.yaml")
    assert (expected[0], len(expected[1])) == (1, 2)
    for name, sha256 in released:
        url = f"{base}/{name}#sha256={sha256}"
        assert _findings(capsys, "--dictionary", url) == expected
        (here / "mine.yaml").write_text(f"schema: 1\nname: mine\nversion: 0.1.0\nextends: {url}\n")
        assert _findings(capsys, "--dictionary", "mine.yaml") == expected


def test_every_flipped_byte_fails_closed(released, serve, here, capsys, monkeypatch, tmp_path):
    """Exit 2 and no report, as `--dictionary` and behind `extends:`; nothing of it gets into the cache."""
    base, handler, _ = serve()
    for name, sha256 in released:
        size = (here / "public" / name).stat().st_size
        (here / "mine.yaml").write_text(
            f"schema: 1\nname: mine\nversion: 0.1.0\nextends: {base}/{name}#sha256={sha256}\n"
        )
        for handler.flipped in range(0, size, size // 12):
            for source in (f"{base}/{name}#sha256={sha256}", "mine.yaml"):
                assert _findings(capsys, "--dictionary", source) == (2, None)
        handler.flipped = -1
        assert _findings(capsys, "--dictionary", "mine.yaml")[0] == 1


def test_offline(released, serve, capsys, monkeypatch, tmp_path):
    """What was fetched once needs no network; with neither network nor copy: exit 2."""
    base, _, server = serve()
    name, sha256 = released[0]
    url = f"{base}/{name}#sha256={sha256}"
    online = _findings(capsys, "--dictionary", url)
    server.shutdown()
    server.server_close()
    assert _findings(capsys, "--dictionary", url) == online
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / "another"))
    assert main(["check", "code", "--dictionary", url]) == 2
    assert "cannot be fetched" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_https(released, serve, capsys, monkeypatch, tmp_path):
    """With a certificate that is trusted; one that is not is refused."""
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*new, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    base, _, _ = serve(context)
    name, sha256 = released[1]
    url = f"{base}/{name}#sha256={sha256}"
    assert main(["check", "code", "--dictionary", url]) == 2
    assert "CERTIFICATE_VERIFY_FAILED" in capsys.readouterr().err
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert _findings(capsys, "--dictionary", url)[0] == 1


def test_git(released, here, capsys):
    """A release that lies in a repository, by commit, and by tag with its digest; a moved tag fails closed."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@b"]

    def git(*arguments):
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=here / "public", check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "1.2.0")
    git("tag", "v1")
    commit = git("rev-parse", "HEAD")
    expected = _findings(capsys, "--dictionary", "tags.yaml")
    name, sha256 = released[0]
    repository = f"git+file://{here}/public"
    assert _findings(capsys, "--dictionary", f"{repository}@{commit}#path={name}") == expected
    assert _findings(capsys, "--dictionary", f"{repository}@v1#path={name}&sha256={sha256}") == expected
    (here / "public" / name).write_text("{}")
    git("commit", "-qam", "tampered")
    git("tag", "-f", "v1")
    shutil.rmtree(here.parent / "cache")
    assert _findings(capsys, "--dictionary", f"{repository}@v1#path={name}&sha256={sha256}") == (2, None)
    assert _findings(capsys, "--dictionary", f"{repository}@{commit}#path={name}") == expected


def test_a_release_never_changes(here, capsys):
    """Exit 1, with the version that is demanded; what is there stays."""
    assert _release() == 0
    before = {path.name: path.read_bytes() for path in Path("public").iterdir()}
    (here / "centers.csv").write_text("value,title\ncc-1,Research\n")
    assert _release() == 1
    assert "was released with other content" in capsys.readouterr().err
    (here / "tags.yaml").write_text(DICTIONARY.replace("1.2.0", "1.3.0"))
    assert _release() == 1
    assert "demand 2.0.0" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in Path("public").iterdir()} == before
    (here / "tags.yaml").write_text(DICTIONARY.replace("1.2.0", "2.0.0"))
    assert _release("--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["since"], found["bump"]) == ("1.2.0", "major")
    assert found["written"] == ["acme-2.0.0.json", "acme-2.0.0.tar.gz"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-o", "tags.yaml"], "tags.yaml cannot be made"),
        (["-o", "tags.yaml/x"], "cannot be made"),
        (["-o", "out", "--dictionary", "nowhere.yaml"], "nowhere.yaml does not exist"),
        ([], "Missing option"),
    ],
)
def test_errors(capsys, arguments, told):
    """Exit 2 and the next step."""
    dictionary = [] if "--dictionary" in arguments else ["--dictionary", "tags.yaml"]
    assert main(["dictionary", "release", *arguments, *dictionary]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert "help: " in captured.err
