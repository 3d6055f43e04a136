"""Artefacts that never change, and that load."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import subprocess
import tarfile
from datetime import date
from pathlib import Path

import pytest

from tagwright_dictionary.errors import DictionaryError, InputError
from tagwright_dictionary.lifecycle.release import ReleaseRefusedError, artefacts, release
from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.archive import files, unpacked
from tagwright_dictionary.loading.data import shipped_path

TODAY = date(2026, 11, 1)


def test_same_dictionary_same_bytes(acme, write):
    """Everything it pulls in is inside; where it was read from is not."""
    write("centers.csv", "value,title\ncc-4100,Research\n")
    split = load(
        write(
            "split.yaml",
            """\
            schema: 1
            name: d
            version: 1.0.0
            keys: {cost-center: {values_from: centers.csv}}
            """,
        ),
        cache=False,
    )
    whole = load(
        write(
            "whole.yaml",
            """\
            schema: 1
            name: d
            version: 1.0.0
            keys: {cost-center: {values: {cc-4100: {title: Research}}}}
            """,
        ),
        cache=False,
    )
    assert artefacts(split) == artefacts(whole)
    assert list(artefacts(split)) == ["d-1.0.0.json", "d-1.0.0.tar.gz"]


def test_both_artefacts_load_as_the_dictionary(acme, here):
    """`--dictionary` and `extends:` take either, pinned by the digest; both are the dictionary."""
    whole = load(shipped_path(), cache=False)
    released = release(whole, here / "public", TODAY)
    for name, sha256 in released.files:
        found = load(f"{here}/public/{name}#sha256={sha256}", cache=False)
        assert found.digest == whole.digest
        overlay = here / "mine.yaml"
        overlay.write_text(f"schema: 1\nname: m\nversion: 1.0.0\nextends: public/{name}#sha256={sha256}\n")
        assert load(overlay, cache=False).layers == (f"{whole.name} {whole.version}",)
        with pytest.raises(DictionaryError, match="has the SHA-256"):
            load(f"{here}/public/{name}#sha256={'0' * 64}", cache=False)


def test_json_is_pinned_by_the_digest_of_the_dictionary(acme):
    """What reports print is what pins it."""
    found = acme()
    assert hashlib.sha256(artefacts(found)["acme-1.2.0.json"]).hexdigest() == found.digest


def test_archive_is_plain_for_other_programs(acme, here):
    """tar, gzip and sha256sum read what is written."""
    release(acme(), here, TODAY)
    data = (here / "acme-1.2.0.tar.gz").read_bytes()
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(data))) as archive:
        members = {member.name: (member.mode, member.mtime, member.uid) for member in archive}
        assert members == {
            "acme-1.2.0/dictionary.json": (0o644, 0, 0),
            "acme-1.2.0/manifest.json": (0o644, 0, 0),
        }
        manifest = json.loads(archive.extractfile("acme-1.2.0/manifest.json").read())
    assert manifest == {
        "schema": 1,
        "name": "acme",
        "version": "1.2.0",
        "digest": acme().digest,
        "extends": [],
    }
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=here, check=True, capture_output=True)
    subprocess.run(["tar", "tzf", "acme-1.2.0.tar.gz"], cwd=here, check=True, capture_output=True)


def test_a_release_is_never_changed(acme, here):
    """The same again writes nothing; another dictionary under its version is refused."""
    assert release(acme(), here, TODAY).written == ("acme-1.2.0.json", "acme-1.2.0.tar.gz")
    before = {path.name: path.read_bytes() for path in here.iterdir()}
    assert release(acme(), here, TODAY).written == ()
    with pytest.raises(ReleaseRefusedError, match="released with other content") as caught:
        release(acme(("title: Computer vision", "title: Vision")), here, TODAY)
    assert caught.value.exit_code == 1
    acme()  # writes the first dictionary's file again
    assert {path.name: path.read_bytes() for path in here.iterdir()} == before


def test_a_release_that_was_taken_away_stays_taken(acme, here):
    """A version that SHA256SUMS knows is not released again with other content, even where the file is gone."""
    release(acme(), here, TODAY)
    (here / "acme-1.2.0.json").unlink()
    (here / "acme-1.2.0.tar.gz").unlink()
    with pytest.raises(ReleaseRefusedError, match="released with other content"):
        release(acme(("title: Computer vision", "title: Vision")), here, TODAY)
    assert release(acme(), here, TODAY).written == ("acme-1.2.0.json", "acme-1.2.0.tar.gz")


def test_the_version_must_follow_the_last_release(acme, here):
    """A breaking change under a minor version is refused; the one demanded is written beside the first."""
    release(acme(), here, TODAY)
    tighter = ("[acme.example]", "[b.example]")
    with pytest.raises(ReleaseRefusedError, match=r"demand 2\.0\.0"):
        release(acme(tighter, ("1.2.0", "1.3.0")), here, TODAY)
    found = release(acme(tighter, ("1.2.0", "2.0.0")), here, TODAY)
    assert found.previous is not None
    assert found.previous.old.version == "1.2.0"
    names = [line.split("  ")[1] for line in (here / "SHA256SUMS").read_text().splitlines()]
    assert names == ["acme-1.2.0.json", "acme-1.2.0.tar.gz", "acme-2.0.0.json", "acme-2.0.0.tar.gz"]


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("SHA256SUMS", b"garbage\n", "not what sha256sum writes"),
        ("acme-1.2.0.json", b"{}", "is not what SHA256SUMS says"),
    ],
)
def test_a_damaged_folder_is_told(acme, here, name, content, match):
    """Nothing is released beside files that somebody changed."""
    release(acme(), here, TODAY)
    (here / name).write_bytes(content)
    with pytest.raises(InputError, match=match):
        release(acme(("1.2.0", "1.2.1")), here, TODAY)


def _tar(*entries):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for entry, data in entries:
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def _file(name, data=b"{}"):
    return tarfile.TarInfo(name), data


def _link(name):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return entry, b""


HOSTILE = {
    "no dictionary": gzip.compress(_tar(_file("readme"))),
    "two dictionaries": gzip.compress(_tar(_file("a/dictionary.json"), _file("b/dictionary.json"))),
    "twice the same": gzip.compress(_tar(_file("dictionary.json"), _file("dictionary.json"))),
    "a link": gzip.compress(_tar(_link("dictionary.json"))),
    "outside": gzip.compress(_tar(_file("../dictionary.json"))),
    "absolute": gzip.compress(_tar(_file("/dictionary.json"))),
    "cut short": gzip.compress(_tar(_file("dictionary.json")))[:-20],
    "something after it": gzip.compress(_tar(_file("dictionary.json"))) + b"more",
    "two gzip members": gzip.compress(b"") + gzip.compress(_tar(_file("dictionary.json"))),
    "no tar": gzip.compress(b"not a tar archive at all, but long enough to be looked at" * 20),
    "many files": gzip.compress(_tar(*(_file(f"f{number}") for number in range(40)))),
    "a bomb": gzip.compress(b"\0" * 80_000_000),
    "no gzip": b"\x1f\x8b\x08" + b"\xff" * 100,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_archives_are_refused(data, here):
    """With a message, quickly, and as the loader refuses any broken dictionary."""
    with pytest.raises(DictionaryError, match="not a release archive"):
        unpacked(data, "x.tar.gz")
    (here / "x.tar.gz").write_bytes(data)
    with pytest.raises(DictionaryError, match="not a release archive"):
        load("x.tar.gz", cache=False)


def test_files_of_an_archive(acme):
    """Every file by its name."""
    found = files(artefacts(acme())["acme-1.2.0.tar.gz"], "x")
    assert sorted(found) == ["acme-1.2.0/dictionary.json", "acme-1.2.0/manifest.json"]


def test_nothing_is_left_behind(acme, here):
    """No temporary file stays in the folder."""
    release(acme(), here / "out", TODAY)
    assert sorted(path.name for path in Path(here / "out").iterdir()) == [
        "SHA256SUMS",
        "acme-1.2.0.json",
        "acme-1.2.0.tar.gz",
    ]
