"""`tagwright dictionary verify`: exit 0 only for what is surely the release."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tagwright_cli.main import main

DATA = Path(__file__).parent.parent / "tag_dictionary" / "lifecycle" / "data"
NAME = "acme-1.0.0.json"


@pytest.fixture(autouse=True)
def sha(tmp_path, monkeypatch):
    """The digest of the artefact in the working directory; its signature and key lie beside it."""
    monkeypatch.chdir(tmp_path)
    for name in (NAME, f"{NAME}.minisig", "minisign.pub", "other.pub"):
        shutil.copy(DATA / name, tmp_path / name)
    return hashlib.sha256((tmp_path / NAME).read_bytes()).hexdigest()


def _run(*arguments):
    return main(["dictionary", "verify", *arguments])


def test_text(sha, capsys):
    """What was checked, and what was not."""
    assert _run(NAME, "--sha256", sha, "--public-key", "minisign.pub") == 0
    assert capsys.readouterr().out == (
        "verified: acme 1.0.0, 1 key, 0 requirements\n"
        f"  sha256     {sha}, as --sha256 says\n"
        "  signature  valid: acme 1.0.0 released\n"
    )
    assert _run(f"{NAME}#sha256={sha}") == 0
    assert "  signature  none was asked for\n" in capsys.readouterr().out


def test_json(sha, capsys):
    """For programs."""
    assert _run(NAME, "--sha256", sha, "--public-key", "minisign.pub", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {
        "schema": 1,
        "verified": True,
        "name": "acme",
        "version": "1.0.0",
        "digest": sha,
        "sha256": sha,
        "pinned_by": "--sha256",
        "signed": True,
        "trusted_comment": "acme 1.0.0 released",
    }


REFUSED = {
    "a flipped byte": (lambda: _flip(NAME), ["--public-key", "minisign.pub"], 1),
    "a flipped byte of the signature": (lambda: _flip(f"{NAME}.minisig", 80), ["--public-key", "minisign.pub"], 1),
    "somebody else's key": (lambda: None, ["--public-key", "other.pub"], 1),
    "no signature": (lambda: Path(f"{NAME}.minisig").unlink(), ["--public-key", "minisign.pub"], 2),
    "no key": (lambda: Path("minisign.pub").unlink(), ["--public-key", "minisign.pub"], 2),
    "a signature without a key": (lambda: None, ["--signature", f"{NAME}.minisig"], 2),
    "no file": (lambda: Path(NAME).unlink(), [], 2),
    "no library": (lambda: None, ["--public-key", "minisign.pub"], 2),
}


def _flip(name, at=10):
    data = bytearray(Path(name).read_bytes())
    data[at] ^= 1
    Path(name).write_bytes(data)


@pytest.mark.parametrize(("damage", "arguments", "code"), REFUSED.values(), ids=REFUSED)
def test_refused(sha, capsys, monkeypatch, request, damage, arguments, code):
    """1: it is not what it should be; 2: it cannot be looked at. Nothing on stdout says verified."""
    damage()
    if "no library" in request.node.name:
        monkeypatch.setitem(sys.modules, "minisign", None)
    assert _run(NAME, "--sha256", sha, *arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "help: " in captured.err


def test_no_digest(capsys):
    """A signature alone says who, not which."""
    assert _run(NAME, "--public-key", "minisign.pub") == 2
    assert "no digest to check" in capsys.readouterr().err
    assert _run(NAME, "--sha256", "0" * 64) == 1


def test_a_dictionary_that_is_no_release(sha, capsys):
    """YAML by its digest is a dictionary, but the name of a release promises its bytes."""
    text = "schema: 1\nname: acme\nversion: 1.0.0\nkeys: {owner: {}}\n"
    for name, code in (("mine.yaml", 0), ("mine.json", 1)):
        Path(name).write_text(text)
        assert _run(name, "--sha256", hashlib.sha256(text.encode()).hexdigest()) == code


@pytest.mark.skipif(shutil.which("minisign") is None, reason="minisign is not installed")
def test_hostile_comment(sha, capsys):
    """A trusted comment is signed, not harmless."""
    minisign = ["minisign", "-W", "-p", "k.pub", "-s", "k.key"]
    subprocess.run([*minisign, "-G"], check=True, capture_output=True)
    comment = "ü \x1b[31m ::error::x ##[error]y"
    subprocess.run(["minisign", "-S", "-s", "k.key", "-m", NAME, "-t", comment], check=True, capture_output=True)
    assert _run(NAME, "--sha256", sha, "--public-key", "k.pub") == 0
    out = capsys.readouterr().out
    assert "  signature  valid: ü \\x1b[31m \\x3a:error::x \\x23#[error]y\n" in out
