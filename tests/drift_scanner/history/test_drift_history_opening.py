"""Opening a history: what is no history is named, and left as it is."""

from __future__ import annotations

import importlib.util
import sqlite3
import sys
from pathlib import Path

import pytest
from tests.drift_scanner.history.kit import CELL, WHOLE, run, seen

from tagwright_dictionary.errors import InputError, MissingExtraError
from tagwright_drift.history import needs
from tagwright_drift.history.applying import apply
from tagwright_drift.history.store import open_history


@pytest.fixture
def file(tmp_path):
    """A good history with one finding."""
    path = tmp_path / "history.db"
    history = open_history(path, create=True)
    apply(history, [run(0, (CELL, WHOLE, [seen(f"q{n}") for n in range(300)])).write(tmp_path / "runs")])
    history.close()
    return path


def refused(path, match, *, create=True):
    before = path.read_bytes() if isinstance(path, Path) else None
    with pytest.raises(InputError, match=match) as raised:
        list(open_history(path, create=create).findings(open_only=False))
    assert raised.value.exit_code == 2
    assert raised.value.hint
    assert str(path) in raised.value.message
    if before is not None:
        assert path.read_bytes() == before
        assert sorted(path.parent.glob("*.new")) == []
    return raised.value


@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="emptied"),
        pytest.param(lambda data: b"\x00" * len(data), id="zeroed"),
        pytest.param(lambda data: b"hello, this is no database" * 100, id="another file"),
        pytest.param(lambda data: data[:100], id="cut after its header"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut in half"),
        pytest.param(lambda data: data[:4096] + b"\xff" * (len(data) - 4096), id="overwritten"),
    ],
)
def test_a_damaged_file_is_named_and_left_as_it_is(file, damage, create):
    file.write_bytes(damage(file.read_bytes()))
    error = refused(file, "damaged|is no history", create=create)
    assert "replay" in error.hint or "another file" in error.hint


def test_a_damaged_file_is_not_merged_into(file, tmp_path):
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match="damaged"):
        apply(open_history(file), [run(1, (CELL, WHOLE, [])).write(tmp_path)])
    assert file.read_bytes() == data[: len(data) // 2]


def test_rows_that_make_no_sense_are_damage(file):
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE tagwright_findings SET details = '[1' WHERE id = 1")
    connection.close()
    with pytest.raises(InputError, match="damaged: a row of it makes no sense"):
        list(open_history(file).findings())


def test_a_database_of_something_else_is_left_as_it_is(tmp_path):
    path = tmp_path / "photos.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
    connection.close()
    refused(path, "is no history of tagwright")


def test_a_history_of_a_newer_version_is_left_as_it_is(file):
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE tagwright_meta SET value = '99' WHERE key = 'version'")
    connection.close()
    assert "version '99'" in refused(file, "99").message


def test_a_folder_is_no_history(tmp_path):
    with pytest.raises(InputError, match="cannot be used"):
        open_history(tmp_path)


def test_where_there_is_none_reading_says_so_and_makes_none(tmp_path):
    path = tmp_path / "none" / "history.db"
    with pytest.raises(InputError, match="there is no history in") as raised:
        open_history(path)
    assert "drift scan" in raised.value.hint
    assert not path.parent.exists()


def test_the_folder_is_made_with_the_history(tmp_path):
    path = tmp_path / "new" / "state" / "history.db"
    open_history(path, create=True).close()
    assert [each.name for each in path.parent.iterdir()] == ["history.db"]
    assert open_history(f"sqlite:///{path}").runs() == ()


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_the_log_of_a_lost_history_is_not_played_into_a_new_one(file, ending):
    log = file.with_name(f"{file.name}{ending}")
    log.write_bytes(b"what was not yet in the file")
    file.unlink()
    with pytest.raises(InputError, match="left over from a history that is gone"):
        open_history(file, create=True)
    assert log.read_bytes() == b"what was not yet in the file"
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"no history can be written to|cannot be read"):
        open_history(tmp_path / "file" / "history.db", create=True)


@pytest.mark.parametrize("url", ["mysql://db/tags", "sqlite://", "sqlite:///:memory:", "nonsense://", "://x"])
def test_other_databases_are_refused_by_name(url):
    with pytest.raises(InputError) as raised:
        open_history(url, create=True)
    assert raised.value.hint


def test_passwords_are_not_shown():
    with pytest.raises(InputError) as raised:
        open_history("postgresql://tagwright:hunter2@127.0.0.1:1/tags")
    assert "hunter2" not in str(raised.value)
    assert "127.0.0.1:1/tags" in raised.value.message


def test_an_empty_postgres_database_has_no_history_until_one_is_begun(new_postgres):
    url = new_postgres()
    with pytest.raises(InputError, match="there is no history in"):
        open_history(url)
    open_history(url, create=True).close()
    assert open_history(url).runs() == ()
    open_history(url, create=True).close()


@pytest.mark.parametrize("name", ["sqlalchemy", "pyarrow"])
def test_a_missing_package_is_one_clear_line(monkeypatch, name):
    known = importlib.util.find_spec
    monkeypatch.setattr(needs, "find_spec", lambda wanted: None if wanted == name else known(wanted))
    with pytest.raises(MissingExtraError) as raised:
        needs.check_installed()
    assert raised.value.hint == "pip install 'tagwright[aws]'"


def test_a_missing_driver_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError) as raised:
        open_history("postgresql://tagwright@127.0.0.1:1/tags")
    assert raised.value.hint == "pip install 'tagwright[postgres]'"
