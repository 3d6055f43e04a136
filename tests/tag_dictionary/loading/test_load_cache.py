"""The compiled dictionary: quick, never stale, never trusted beyond its checksum."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.tag_dictionary.loading.strategies import dictionaries

from tagwright_dictionary.loading import cache as cache_module
from tagwright_dictionary.loading import compiled, load
from tagwright_dictionary.loading.documents import Entry
from tagwright_dictionary.loading.references import Kind, Reference

ROOT = Path(__file__).parents[3]
FILES = {
    "d.yaml": "schema: 1\nname: a\nversion: 1.0.0\nextends: base.yaml\nexemptions: e.yaml\nkeys: {b: {}}\n",
    "base.yaml": "schema: 1\nname: base\nversion: 1.0.0\nkeys: {a: {values_from: v.csv}}\n",
    "v.csv": "value\nx\n",
    "e.yaml": "[]\n",
}


@pytest.fixture
def files(write):
    for name, text in FILES.items():
        write(name, text)


def modules_after(code: str) -> set[str]:
    """The modules that a fresh interpreter has imported after running `code`."""
    program = f"import sys\n{code}\nprint(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tag_dictionary")}
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    return set(done.stdout.split())


def test_a_cached_load_is_light(files):
    """The second load imports neither YAML nor JSON Schema nor anything for reading; the first one did."""
    code = "from tagwright_dictionary.loading import load; load('d.yaml')"
    heavy = {
        "yaml",
        "jsonschema",
        "csv",
        "urllib.request",
        "subprocess",
        "difflib",
        "tagwright_dictionary.loading.reading",
    }
    assert {"yaml", "jsonschema"} <= modules_after(code)
    assert heavy & modules_after(code) == set()


@pytest.mark.parametrize("name", FILES)
def test_every_file_counts(name, files, write):
    """A change of any file that was pulled in is seen, also when its size stays."""
    load("d.yaml")
    changed = {
        "d.yaml": FILES["d.yaml"].replace("1.0.0", "1.0.1"),
        "base.yaml": FILES["base.yaml"].replace("1.0.0", "1.0.1"),
        "v.csv": "value\ny\n",
        "e.yaml": "[{id: q}]\n",
    }
    write(name, changed[name])
    assert load("d.yaml") == load("d.yaml", cache=False)


@pytest.mark.parametrize("name", ["base.yaml", "v.csv", "e.yaml"])
def test_a_file_that_goes_away_is_missed(name, files, here):
    """The cache never hides that a file is gone."""
    load("d.yaml")
    (here / name).unlink()
    with pytest.raises(Exception, match="does not exist"):
        load("d.yaml")


def test_a_link_that_moves_is_seen(here, write):
    """Equal bytes behind another link may name other files: the link's target counts."""
    for folder, value in (("one", "x"), ("two", "y")):
        write(f"{folder}/d.yaml", FILES["base.yaml"])
        write(f"{folder}/v.csv", f"value\n{value}\n")
    (here / "link.yaml").symlink_to("one/d.yaml")
    load("link.yaml")
    (here / "link.yaml").unlink()
    (here / "link.yaml").symlink_to("two/d.yaml")
    assert [value.value for value in load("link.yaml").keys[0].values or ()] == ["y"]


def test_places_follow_the_working_directory(files, here, monkeypatch):
    """Locations from the cache are relative to where one is now."""
    load("d.yaml")
    monkeypatch.chdir(here.parent)
    assert str(load("work/d.yaml").keys[1].location) == "work/d.yaml:6:8"


def test_another_loader_ignores_it(files, monkeypatch):
    """A record of another version of the code is not used."""
    load("d.yaml")
    reference = Reference(Kind.LOCAL, "d.yaml")
    assert compiled.recall(reference) is not None
    monkeypatch.setattr(compiled, "_loader", lambda: "another version")
    assert compiled.recall(reference) is None


DAMAGE = {
    "empty": lambda _: b"",
    "cut": lambda data: data[: len(data) // 2],
    "one bit": lambda data: data[:-20] + bytes([data[-20] ^ 1]) + data[-19:],
    "no JSON": lambda _: checked(b"hello"),
    "another shape": lambda _: checked(b'{"entries": [], "dictionary": []}'),
    "wrong types": lambda _: checked(b'{"entries": [[1]], "dictionary": {}, "paths": []}'),
    "a list": lambda _: checked(b"[]"),
}


def checked(data: bytes) -> bytes:
    return cache_module._checksum(data) + data


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_record_is_ignored(case, files, tmp_path):
    """Whatever happened to the record: the load reads the files again and mends it."""
    before = load("d.yaml")
    (entry,) = (tmp_path / "cache" / "dictionaries").iterdir()
    entry.write_bytes(DAMAGE[case](entry.read_bytes()))
    assert load("d.yaml") == before
    assert compiled.recall(Reference(Kind.LOCAL, "d.yaml")) is not None


def test_a_record_others_may_write_is_ignored(files, tmp_path):
    load("d.yaml")
    (entry,) = (tmp_path / "cache" / "dictionaries").iterdir()
    entry.chmod(0o666)
    assert compiled.recall(Reference(Kind.LOCAL, "d.yaml")) is None


@pytest.mark.parametrize("place", ["file", "missing/deep", ""])
def test_an_unusable_cache_is_no_error(place, files, tmp_path, monkeypatch):
    """A cache that cannot be written only costs time."""
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / place / "x") if place == "file" else "")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    monkeypatch.setenv("HOME", "" if place == "" else str(tmp_path / "missing"))
    assert load("d.yaml") == load("d.yaml")


def test_where_the_cache_is(monkeypatch, tmp_path):
    """TAGWRIGHT_CACHE_DIR, else XDG_CACHE_HOME/tagwright, else ~/.cache/tagwright."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    monkeypatch.setenv("HOME", "/home/me")
    assert cache_module.directory() == tmp_path / "cache"
    monkeypatch.delenv("TAGWRIGHT_CACHE_DIR")
    assert cache_module.directory() == Path("/xdg/tagwright")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_module.directory() == Path("/home/me/.cache/tagwright")


def test_it_does_not_grow_without_end(tmp_path):
    """Old entries go."""
    for number in range(cache_module._KEPT + 20):
        cache_module.put("dictionaries", f"n{number}", b"x")
    assert len(list((tmp_path / "cache" / "dictionaries").iterdir())) == cache_module._KEPT


def test_no_cache_leaves_nothing(files, tmp_path):
    load("d.yaml", cache=False)
    assert not (tmp_path / "cache").exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dictionaries())
def test_a_record_holds_every_field(here, dictionary):
    """What is recalled is what was remembered, field by field."""
    (here / "d.yaml").write_text("x")
    reference = Reference(Kind.LOCAL, "d.yaml")
    entry = Entry("remote", "x", "", "")
    compiled.remember(reference, dictionary, [entry])
    recalled = compiled.recall(reference)
    assert recalled is not None
    assert {f.name: getattr(recalled, f.name) for f in fields(recalled) if f.compare} == {
        f.name: getattr(dictionary, f.name) for f in fields(dictionary) if f.compare
    }


def test_records_are_json(files, tmp_path):
    """Never pickle."""
    load("d.yaml")
    (entry,) = (tmp_path / "cache" / "dictionaries").iterdir()
    assert json.loads(entry.read_bytes().split(b"\n", 1)[1])["dictionary"]["name"] == "a"
