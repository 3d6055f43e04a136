"""An artefact is what it should be, or the check fails."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import re
import shutil
import subprocess
import threading
from datetime import date
from pathlib import Path

import pytest

from tagwright_dictionary.errors import DictionaryError, InputError, MissingExtraError
from tagwright_dictionary.lifecycle.given import read_alone
from tagwright_dictionary.lifecycle.release import _archive, artefacts, release
from tagwright_dictionary.lifecycle.signatures import VerificationError
from tagwright_dictionary.lifecycle.verify import verify

TODAY = date(2026, 11, 1)
DATA = Path(__file__).parent / "data"
SHA = hashlib.sha256((DATA / "acme-1.0.0.json").read_bytes()).hexdigest()
SIGNED = {"signature": str(DATA / "acme-1.0.0.json.minisig"), "public_key": str(DATA / "minisign.pub")}


@pytest.fixture
def signed(here):
    """The signed artefact in the working directory, with its signature beside it."""
    for name in ("acme-1.0.0.json", "acme-1.0.0.json.minisig"):
        shutil.copy(DATA / name, here / name)
    return "acme-1.0.0.json"


def test_by_every_pin(signed, acme, here):
    """The digest may stand in the name, in an option, in the list beside the file; all that do must agree."""
    assert verify(signed, sha256=SHA).pinned_by == "--sha256"
    assert verify(f"{signed}#sha256={SHA}").pinned_by == "the reference"
    released = release(acme(), here / "public", TODAY)
    for name, sha256 in released.files:
        found = verify(f"public/{name}")
        assert (found.pinned_by, found.sha256, found.dictionary.digest) == ("SHA256SUMS", sha256, acme().digest)
        assert verify(f"public/{name}#sha256={sha256}", sha256=sha256).pinned_by == (
            "the reference and --sha256 and SHA256SUMS"
        )


def test_no_digest_is_a_failure(signed):
    """There must be something to compare with."""
    with pytest.raises(InputError, match="no digest to check"):
        verify(signed)
    with pytest.raises(InputError, match="no digest to check"):
        verify("https://tags.acme.example/acme-1.0.0.json")


@pytest.mark.parametrize("where", ["option", "name", "list"])
def test_a_wrong_digest_is_a_failure(signed, here, where):
    """Each alone, even where another one is right."""
    wrong = "0" * 64
    if where == "list":
        (here / "SHA256SUMS").write_text(f"{wrong}  {signed}\n")
    name = f"{signed}#sha256={wrong if where == 'name' else SHA}"
    with pytest.raises(VerificationError, match="says 0000") as caught:
        verify(name, sha256=wrong if where == "option" else SHA)
    assert caught.value.exit_code == 1


def test_a_file_that_the_list_does_not_know(signed, here):
    """A list that stands beside it and is silent about it says that it was never released."""
    (here / "SHA256SUMS").write_text(f"{SHA}  other.json\n")
    with pytest.raises(VerificationError, match="not in the SHA256SUMS"):
        verify(signed, sha256=SHA)


def test_signature_of_the_real_minisign(signed):
    """A signature that the C program made; the key as a file or as its line; the signature beside the file."""
    found = verify(signed, sha256=SHA, **SIGNED)
    assert found.comment == "acme 1.0.0 released"
    line = (DATA / "minisign.pub").read_text().splitlines()[1]
    assert verify(signed, sha256=SHA, public_key=line).comment == "acme 1.0.0 released"
    assert verify(signed, sha256=SHA).comment is None


def test_fresh_key_and_signature(signed, here):
    """A key pair made now, and its signature."""
    minisign = pytest.importorskip("minisign")
    pair = minisign.KeyPair.generate()
    (here / "k.pub").write_bytes(bytes(pair.public_key))
    data = (here / signed).read_bytes()
    (here / "s.minisig").write_bytes(bytes(pair.secret_key.sign(data, trusted_comment="now")))
    assert verify(signed, sha256=SHA, signature="s.minisig", public_key="k.pub").comment == "now"


MINISIGN = shutil.which("minisign")


@pytest.fixture
def keys(here):
    """minisign(arguments...): runs the C program; a key pair k.pub, k.key without a password."""

    def minisign(*arguments):
        return subprocess.run(["minisign", *arguments], cwd=here, capture_output=True, text=True, check=False)

    assert minisign("-G", "-W", "-p", "k.pub", "-s", "k.key").returncode == 0
    return minisign


@pytest.mark.skipif(MINISIGN is None, reason="minisign is not installed")
@pytest.mark.parametrize("legacy", [[], ["-l"]], ids=["hashed", "legacy"])
def test_the_program_and_we_agree(signed, here, keys, legacy):
    """What `minisign -S` signs, as `dictionary release` says to, both accept; each flipped bit of the file, of the
    signature or of its comment both refuse.
    """
    data = (here / signed).read_bytes()
    (here / f"{signed}.minisig").unlink()
    assert keys("-S", *legacy, "-s", "k.key", "-m", signed, "-t", "acme 1.0.0").returncode == 0
    signature = (here / f"{signed}.minisig").read_bytes()
    assert verify(signed, sha256=SHA, public_key="k.pub").comment == "acme 1.0.0"
    assert keys("-V", "-p", "k.pub", "-m", signed).returncode == 0

    def both_refuse():
        sha = hashlib.sha256((here / signed).read_bytes()).hexdigest()
        with pytest.raises((VerificationError, InputError)):
            verify(signed, sha256=sha, public_key="k.pub")
        assert keys("-V", "-p", "k.pub", "-m", signed).returncode != 0

    for at in range(0, len(data), 97):
        (here / signed).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        both_refuse()
    (here / signed).write_bytes(data)
    beyond_the_comment = signature.index(b"\n")  # the first line is untrusted: nobody promises anything of it
    spare = {found.start() for found in re.finditer(rb".=+\n", signature)}  # bits that base64 does not use
    for at in set(range(beyond_the_comment, len(signature) - 1, 5)) - spare:
        (here / f"{signed}.minisig").write_bytes(signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :])
        both_refuse()


@pytest.mark.skipif(MINISIGN is None, reason="minisign is not installed")
def test_a_signature_of_ours_satisfies_the_program(signed, here, keys):
    """The library signs what the C program verifies: they mean the same by a signature."""
    minisign = pytest.importorskip("minisign")
    pair = minisign.KeyPair.generate()
    (here / "p.pub").write_bytes(bytes(pair.public_key))
    made = pair.secret_key.sign((here / signed).read_bytes(), trusted_comment="ours")
    (here / f"{signed}.minisig").write_bytes(bytes(made))
    assert keys("-V", "-p", "p.pub", "-m", signed).returncode == 0
    assert verify(signed, sha256=SHA, public_key="p.pub").comment == "ours"


def _edited(edit):
    return edit((DATA / "acme-1.0.0.json.minisig").read_text())


WRONG = {
    "somebody else's key": ({"public_key": str(DATA / "other.pub")}, VerificationError),
    "another trusted comment": (_edited(lambda text: text.replace("1.0.0 released", "9.9.9 released")), None),
    "a bit of the signature": (_edited(lambda text: text.replace("RUTXwJpX", "RUTXwJpY")), None),
    "cut short": (_edited(lambda text: text[:150]), InputError),
    "empty": ("", InputError),
    "garbage": ("\x00\xff" * 50, InputError),
    "a line too many": (_edited(lambda text: text + "more\n"), InputError),
}


@pytest.mark.parametrize(("change", "kind"), WRONG.values(), ids=WRONG)
def test_a_wrong_signature_is_a_failure(signed, here, change, kind):
    """Whatever is odd about it."""
    options = dict(SIGNED)
    if isinstance(change, str):
        (here / "s.minisig").write_text(change)
        options["signature"] = "s.minisig"
    else:
        options |= change
    with pytest.raises(kind or VerificationError):
        verify(signed, sha256=SHA, **options)


def test_a_signature_of_other_bytes(signed, here, acme):
    """It is the file that is signed."""
    release(acme(), here / "public", TODAY)
    with pytest.raises(VerificationError, match="not one of this file"):
        verify("public/acme-1.2.0.json", **SIGNED)


def test_what_is_missing_is_said(signed, here, monkeypatch):
    """A signature without a key, a key without a signature, no library."""
    with pytest.raises(InputError, match="needs --public-key"):
        verify(signed, sha256=SHA, signature=SIGNED["signature"])
    (here / f"{signed}.minisig").unlink()
    with pytest.raises(InputError, match="needs a signature"):
        verify(signed, sha256=SHA, public_key=SIGNED["public_key"])
    with pytest.raises(InputError, match="is not a minisign public key"):
        verify(signed, sha256=SHA, signature=SIGNED["signature"], public_key=signed)
    with pytest.raises(InputError, match="cannot be read"):
        verify(signed, sha256=SHA, signature=SIGNED["signature"], public_key="nowhere.pub")
    monkeypatch.setitem(__import__("sys").modules, "minisign", None)
    with pytest.raises(MissingExtraError, match="tagwright\\[release\\]"):
        verify(signed, sha256=SHA, **SIGNED)


def test_json_that_is_not_canonical(here, acme):
    """The same dictionary in other bytes is not what was released."""
    pretty = json.dumps(json.loads(artefacts(acme())["acme-1.2.0.json"]), indent=1).encode()
    (here / "acme-1.2.0.json").write_bytes(pretty)
    with pytest.raises(VerificationError, match="not the canonical JSON"):
        verify("acme-1.2.0.json", sha256=hashlib.sha256(pretty).hexdigest())


@pytest.mark.parametrize("manifest", [b"{}", b"[", b'{"name": "acme", "version": "1.2.0", "digest": "00"}'])
def test_manifest_that_says_something_else(here, acme, manifest):
    """An archive whose two halves disagree."""
    document = artefacts(acme())["acme-1.2.0.json"]
    data = _archive({"acme/dictionary.json": document, "acme/manifest.json": manifest})
    (here / "a.tar.gz").write_bytes(data)
    with pytest.raises(VerificationError, match="does not describe its dictionary"):
        verify("a.tar.gz", sha256=hashlib.sha256(data).hexdigest())


def test_an_artefact_names_no_other_file(here):
    """It would not be all that was checked."""
    text = b"schema: 1\nname: d\nversion: 1.0.0\nkeys: {a: {values_from: other.csv}}\n"
    (here / "other.csv").write_text("value\nx\n")
    with pytest.raises(DictionaryError, match="an artefact holds everything it needs"):
        read_alone(text, "d.yaml")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def test_over_the_network(signed, here):
    """A URL is fetched and checked like a file; another digest, or nobody there, is a failure."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(here)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/{signed}"
    try:
        assert verify(url, sha256=SHA, **SIGNED).comment == "acme 1.0.0 released"
        assert verify(f"{url}#sha256={SHA}").dictionary.name == "acme"
        with pytest.raises(VerificationError):
            verify(url, sha256="0" * 64)
        with pytest.raises(InputError, match="needs a signature"):
            verify(url, sha256=SHA, public_key=SIGNED["public_key"])
        with pytest.raises(DictionaryError, match="404"):
            verify(f"{url}x", sha256=SHA)
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(DictionaryError, match="not encrypted"):
        verify("http://tags.acme.example/a.json", sha256=SHA)


@pytest.mark.parametrize("digest", ["", "ABC", "0" * 63, "Z" * 64, SHA.upper()])
def test_a_digest_that_is_none(signed, digest):
    """Said, not ignored."""
    with pytest.raises(InputError, match="is no SHA-256"):
        verify(signed, sha256=digest)
