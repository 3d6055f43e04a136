"""The output folder: what is written to, what is refused, what is left alone, what is removed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, Value
from tagwright_dictionary.errors import InputError, OutputError
from tagwright_dictionary.publishing import Options, Release, publish
from tagwright_dictionary.publishing.site import plan

OPTIONS = Options(date(2026, 11, 23))


def dictionary(*values, version="1.0.0"):
    return Dictionary("d", version, (Key("team", values=tuple(map(Value, values))),))


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_is_made(tmp_path):
    """Also where its parents are missing."""
    made = publish(dictionary("a"), tmp_path / "x" / "y", OPTIONS)
    assert made.files == len(files(tmp_path / "x" / "y"))
    assert (made.pages, made.removed) == (8, 0)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """The message says what cannot be written, also where it is the folder itself."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"cannot be written: .*/file/site: Not a directory"):
        publish(dictionary("a"), tmp_path / "file" / "site", OPTIONS)


def test_an_earlier_site_is_replaced_and_nothing_stale_stays(tmp_path):
    """After a build the folder is as if it had been empty before, empty folders included."""
    publish(dictionary("a", "b", *(f"v{number}" for number in range(300))), tmp_path / "one", OPTIONS)
    made = publish(dictionary("b", "c", version="2.0.0"), tmp_path / "one", OPTIONS)
    publish(dictionary("b", "c", version="2.0.0"), tmp_path / "two", OPTIONS)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert not (tmp_path / "one" / "pages").exists()
    assert made.removed == 303  # 301 values, one page of the list, one shard of the index


@pytest.mark.parametrize("name", ["index.html", ".git", "manifest.json"])
def test_a_folder_that_is_not_ours_is_refused(tmp_path, name):
    """Nothing in it is touched, not even with a manifest of somebody else."""
    (tmp_path / name).write_text('{"name": "an app", "files": {"a": "b"}}')
    before = files(tmp_path)
    with pytest.raises(InputError, match="is not empty and was not made by"):
        publish(dictionary("a"), tmp_path, OPTIONS)
    assert files(tmp_path) == before


def test_force_writes_between_foreign_files_and_never_removes_them(tmp_path):
    """Neither at once nor with later builds."""
    (tmp_path / "values" / "team").mkdir(parents=True)
    (tmp_path / "values" / "team" / "mine.html").write_text("mine")
    (tmp_path / "CNAME").write_text("tags.example")
    publish(dictionary("a", "b"), tmp_path, replace(OPTIONS, force=True))
    publish(dictionary("b"), tmp_path, OPTIONS)
    assert (tmp_path / "CNAME").read_text() == "tags.example"
    assert (tmp_path / "values" / "team" / "mine.html").read_text() == "mine"
    assert not (tmp_path / "values" / "team" / "a.html").exists()


def test_a_build_that_is_cut_off_leaves_nothing_behind(tmp_path, monkeypatch):
    """What it has written is known to the next build, which removes what is stale of it."""
    large = dictionary(*(f"v{number}" for number in range(50)))

    def stop(done, _total):
        if done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(large, tmp_path / "one", OPTIONS, progress=stop)
    assert (tmp_path / "one" / "values" / "team" / "v3.html").exists()
    publish(dictionary("a"), tmp_path / "one", OPTIONS)
    publish(dictionary("a"), tmp_path / "two", OPTIONS)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_manifest_that_lies_removes_nothing_outside(tmp_path):
    """Paths that lead out of the folder, or through a link out of it, are not followed."""
    site, outside = tmp_path / "site", tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    (tmp_path / "precious").write_text("x")
    publish(dictionary("a"), site, OPTIONS)
    (site / "link").symlink_to(outside)
    manifest = json.loads((site / "manifest.json").read_text())
    manifest["files"] |= dict.fromkeys(
        ("../precious", "/etc/passwd", "link/precious", "a/../../precious", "values/../../precious", "..", ""), ""
    )
    (site / "manifest.json").write_text(json.dumps(manifest))
    publish(dictionary("a"), site, OPTIONS)
    assert (tmp_path / "precious").read_text() == "x"
    assert (outside / "precious").read_text() == "x"


def test_a_link_in_the_way_is_not_written_through(tmp_path):
    """A folder or file of the site that is a symbolic link leads elsewhere: refused, and nothing written there."""
    site, outside = tmp_path / "site", tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_text("x")
    publish(dictionary("a"), site, OPTIONS)
    (site / "index.html").unlink()
    (site / "index.html").symlink_to(outside / "index.html")
    with pytest.raises(OutputError):
        publish(dictionary("a"), site, OPTIONS)
    (site / "index.html").unlink()
    (site / "keys" / "team.html").unlink()
    (site / "keys").rmdir()
    (site / "keys").symlink_to(outside)
    with pytest.raises(OutputError, match="symbolic link"):
        publish(dictionary("a"), site, OPTIONS)
    assert files(outside) == {"index.html": b"x"}


def test_a_file_in_the_place_of_the_folder(tmp_path):
    """One line, no traceback."""
    (tmp_path / "site").write_text("x")
    with pytest.raises(InputError, match="is not a folder"):
        publish(dictionary("a"), tmp_path / "site", OPTIONS)


def test_two_versions_of_one_number_are_refused(tmp_path):
    """A changelog with two chapters of one name would mislead; the hint says what to do."""
    with pytest.raises(InputError, match=r"two dictionaries have version 1\.0\.0"):
        publish(dictionary("a"), tmp_path / "site", OPTIONS, [Release(dictionary("b"))])
    assert not (tmp_path / "site").exists()


def test_the_plan_names_every_file_once():
    """No page takes the place of another, also where keys and values are called like pages."""
    names = ("index", "index.html", "2", "pages", "team.html", "Team", "TEAM", "manifest.json")
    keys = tuple(Key(name, values=tuple(map(Value, names))) for name in (*names, "team"))
    paths = [path for path, _ in plan(Dictionary("d", "1.0.0", keys), OPTIONS)]
    assert len(paths) == len({path.casefold() for path in paths})
    folders = {path.rpartition("/")[0].casefold() for path in paths}
    assert not folders & {path.casefold() for path in paths}
