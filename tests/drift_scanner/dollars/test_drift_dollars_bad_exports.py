"""Exports that cannot be trusted: refused with exit 2, the file and the next step; nothing is counted as zero."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.drift_scanner.dollars import making
from tests.drift_scanner.dollars.making import DAY, GOOD, cur2, focus, instance, live

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import EXIT_BAD_INPUT, InputError
from tagwright_drift.dollars.exports import local_files
from tagwright_drift.dollars.joining import join
from tagwright_drift.dollars.model import Ask

Write = Callable[[Path], tuple[Path, str]]


def without(*names: str) -> Write:
    rows = [{name: value for name, value in focus("i-1", 1.0).items() if name not in names}]
    return lambda folder: making.parquet(folder / "x.parquet", rows)


def parquet_of(*rows: dict[str, Any], **types: Any) -> Write:
    return lambda folder: making.parquet(folder / "x.parquet", rows, {**making.FOCUS_TYPES, **types})


def csv_of(*rows: dict[str, Any]) -> Write:
    return lambda folder: making.written_csv(folder / "x.csv", rows)


def bytes_of(name: str, content: bytes) -> Write:
    def write(folder: Path) -> tuple[Path, str]:
        (folder / name).write_bytes(content)
        return folder / name, name

    return write


def cut_off(folder: Path) -> tuple[Path, str]:
    path, shown = making.parquet(folder / "x.parquet", [focus("i-1", float(n)) for n in range(1000)])
    path.write_bytes(path.read_bytes()[:-200])
    return path, shown


def damaged_inside(folder: Path) -> tuple[Path, str]:
    path, shown = making.parquet(folder / "x.parquet", [focus(f"i-{n}", float(n)) for n in range(5000)])
    content = bytearray(path.read_bytes())
    for place in range(100, 3000):
        content[place] = 0xFF
    path.write_bytes(bytes(content))
    return path, shown


def gzipped(folder: Path, change: Callable[[bytearray], bytes]) -> tuple[Path, str]:
    path, shown = making.written_csv(folder / "x.csv.gz", [focus(f"i-{n}", float(n)) for n in range(9000)])
    path.write_bytes(change(bytearray(path.read_bytes())))
    return path, shown


def cut_gzip(folder: Path) -> tuple[Path, str]:
    return gzipped(folder, lambda content: bytes(content[: len(content) // 2]))


def wrong_gzip(folder: Path) -> tuple[Path, str]:
    return gzipped(folder, lambda content: bytes(content[:-8]) + b"12345678")


def without_rows(folder: Path) -> tuple[Path, str]:
    path, shown = making.parquet(folder / "x.parquet", [focus("i-1", 1.0)])
    pq.write_table(pq.read_table(path).slice(0, 0), path)
    return path, shown


def without_savings_plans(folder: Path) -> tuple[Path, str]:
    rows = [cur2("i-1", "Usage", 1.0), cur2("i-2", "SavingsPlanCoveredUsage", 9.0)]
    for row in rows:
        del row["savings_plan_savings_plan_effective_cost"]
    return making.parquet(folder / "x.parquet", rows)


REFUSED: dict[str, tuple[Write, str, str]] = {
    "missing cost": (without("EffectiveCost"), "a FOCUS 1.x export without EffectiveCost", "ResourceId"),
    "missing id and account": (
        without("ResourceId", "SubAccountId"),
        "without ResourceId, SubAccountId",
        "resource ids",
    ),
    "another table": (
        bytes_of("x.csv", b"name,value\na,1\n"),
        "the columns are those of no billing export",
        "found: name, value",
    ),
    "legacy cur": (
        bytes_of("x.csv", b"identity/LineItemId,lineItem/UnblendedCost\na,1\n"),
        "those of the legacy CUR",
        "make a CUR 2.0 or FOCUS export",
    ),
    "kind without its cost": (
        without_savings_plans,
        "1 rows (SavingsPlanCoveredUsage) cost what savings_plan_savings_plan_effective_cost says",
        "select it in the export",
    ),
    "null cost": (
        parquet_of(focus("i-1", 1.0), focus("i-2", None)),
        "1 rows (Usage) have no amount",
        "export the period",
    ),
    "nan cost": (parquet_of(focus("i-1", float("nan"))), "1 rows (Usage) have no amount in EffectiveCost", "export"),
    "infinite cost": (parquet_of(focus("i-1", float("-inf"))), "1 rows (Usage) have no amount", "export"),
    "text cost": (csv_of(focus("i-1", "12,50")), "1 rows (Usage) have no amount", "export"),
    "empty cost": (csv_of(focus("i-1", None), focus("i-2", "NaN")), "2 rows (Usage) have no amount", "export"),
    "no time": (csv_of({**focus("i-1", 1), "ChargePeriodStart": "October"}), "no time that can be read", "ISO 8601"),
    "backwards": (parquet_of(focus("i-1", 1.0, end=DAY - timedelta(days=1))), "end before they start", "ISO 8601"),
    "no currency": (csv_of(focus("i-1", 1, currency=None)), "1 rows (Usage) have no currency", "export"),
    "no rows": (without_rows, "the export has no rows", "another billing period"),
    "empty file": (bytes_of("x.csv", b""), "the file is empty", "export"),
    "empty parquet": (bytes_of("x.parquet", b""), "cannot be read as an export", "download it again"),
    "no parquet": (
        bytes_of("x.parquet", b"PK\x03\x04 something else" * 100),
        "cannot be read as an export",
        "download",
    ),
    "cut parquet": (cut_off, "cannot be read as an export", "download it again"),
    "damaged parquet": (damaged_inside, "cannot be read as an export", "download it again"),
    "no gzip": (bytes_of("x.csv.gz", b"ResourceId,EffectiveCost\n"), "cannot be read as an export", "download"),
    "cut gzip": (cut_gzip, "cannot be read as an export", "download"),
    "gzip with a wrong checksum": (wrong_gzip, "cannot be read as an export", "download"),
    "not utf-8": (bytes_of("x.csv", b"\xff\xfe\xfa,b\n1,2\n"), "cannot be read as an export", "download"),
    "ragged": (
        bytes_of("x.csv", b",".join(map(str.encode, focus("", 1))) + b"\n1,2\n"),
        "cannot be read as an export",
        "download",
    ),
    "column twice": (bytes_of("x.csv", b"ResourceId,resourceid\n1,2\n"), "a column twice", "one column of each name"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str, acme: Dictionary, tmp_path: Path) -> None:
    write, message, hint = REFUSED[what]
    good = making.parquet(tmp_path / "good.parquet", [focus("i-1", 1.0)])
    bad = write(tmp_path)
    with pytest.raises(InputError) as caught:
        join(making.judged(acme, [live(instance(1), GOOD)]), [good, bad])
    error = caught.value
    assert message in error.message
    assert hint in error.hint
    assert error.location is not None
    assert error.location.path == bad[1]
    assert error.exit_code == EXIT_BAD_INPUT
    assert str(tmp_path) not in str(error)


NOT_REFUSED = {
    "credits and refunds are negative (FOCUS: any valid decimal value)": [
        focus("i-1", -5.0, category="Credit"),
        focus("i-1", -1.0),
        focus("i-1", 7.0),
    ],
    "zero": [focus("i-1", 0.0)],
    "an exponent": [focus("i-1", "1e-7")],
    "a category nobody knows": [focus("i-1", 1.0, category="Surprise")],
    "no category": [{**focus("i-1", 1.0), "ChargeCategory": None}],
}


@pytest.mark.parametrize("what", NOT_REFUSED)
def test_not_refused(what: str, acme: Dictionary, tmp_path: Path) -> None:
    rows = NOT_REFUSED[what]
    with join(making.judged(acme, [live(instance(1), GOOD)]), [making.written_csv(tmp_path / "x.csv", rows)]) as found:
        assert float(found.spend.total) == sum(float(row["EffectiveCost"]) for row in rows)


def joined(rows: list[dict[str, Any]], ask: Ask, acme: Dictionary, folder: Path) -> None:
    join(making.judged(acme, [live(instance(1), GOOD)]), [making.parquet(folder / "x.parquet", rows)], ask).close()


def test_currencies_that_cannot_be_added(acme: Dictionary, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"several currencies \(EUR, USD\)"):
        joined([focus("i-1", 1.0), focus("i-1", 1.0, currency="EUR")], Ask(), acme, tmp_path)
    with pytest.raises(InputError, match="the exports are in EUR"):
        joined([focus("i-1", 1.0, currency="EUR")], Ask(), acme, tmp_path)
    with pytest.raises(InputError, match=r"no row of the exports is in GBP[\s\S]*found: USD"):
        joined([focus("i-1", 1.0)], Ask(currency="GBP"), acme, tmp_path)


def test_a_period_that_the_exports_do_not_have(acme: Dictionary, tmp_path: Path) -> None:
    later = Ask(start=DAY + timedelta(days=40))
    with pytest.raises(InputError, match=r"no charge in the period[\s\S]*2026-10-01 to 2026-10-02"):
        joined([focus("i-1", 1.0)], later, acme, tmp_path)
    month = [focus("i-1", 30.0, end=DAY + timedelta(days=31))]
    with pytest.raises(InputError, match="1 rows of usage cross the border"):
        joined(month, Ask(end=DAY + timedelta(days=7)), acme, tmp_path)
    with pytest.raises(InputError, match="cover no time"):
        joined([focus("i-1", 1.0, end=DAY)], Ask(), acme, tmp_path)


def test_a_failed_join_leaves_nothing_on_disk(acme: Dictionary, tmp_path: Path) -> None:
    bad = making.parquet(tmp_path / "x.parquet", [focus("i-1", float("nan"))])
    work = tmp_path / "work"
    work.mkdir()
    with pytest.raises(InputError):
        join(making.judged(acme, [live(instance(1), GOOD)]), [bad], Ask(folder=str(work)))
    assert list(work.iterdir()) == []


def test_which_files_an_export_has(tmp_path: Path) -> None:
    for name in ("b.parquet", "a.csv", "sub/c.CSV.GZ", "manifest.json", ".hidden.csv", "_temporary.parquet", "[x].csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    folder = str(tmp_path)
    assert [path.name for path in local_files([folder])] == ["[x].csv", "a.csv", "b.parquet", "c.CSV.GZ"]
    assert [path.name for path in local_files([f"{folder}/*.csv", f"{folder}/a.csv"])] == ["[x].csv", "a.csv"]
    assert [path.name for path in local_files([f"{folder}/[x].csv"])] == ["[x].csv"]
    for source, words in (
        (f"{folder}/nothing", "does not exist"),
        (f"{folder}/manifest.json", "not a file of a billing export"),
        (f"{folder}/*.json", "does not exist"),
    ):
        with pytest.raises(InputError, match=words):
            local_files([source])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no file of an export"):
        local_files([f"{folder}/empty"])


def test_two_deliveries_of_a_month_count_once_or_not_at_all(tmp_path: Path) -> None:
    """Must not fire: several files of one delivery, one delivery of each of two months."""
    base = tmp_path / "data"
    for name in ("BILLING_PERIOD=2026-09/run-1/a.parquet", "BILLING_PERIOD=2026-10/run-1/a.parquet",
                 "BILLING_PERIOD=2026-10/run-1/b.parquet"):  # fmt: skip
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text("x")
    assert len(local_files([str(base)])) == 3
    (base / "BILLING_PERIOD=2026-10/run-2").mkdir()
    (base / "BILLING_PERIOD=2026-10/run-2/a.parquet").write_text("x")
    with pytest.raises(InputError, match=r"2 deliveries of the same billing period[\s\S]*2026-10/run-2"):
        local_files([str(base)])


def test_duckdb_is_closed_to_the_network_and_to_settings(tmp_path: Path) -> None:
    import duckdb

    from tagwright_drift.dollars.reading import connect

    connection = connect(str(tmp_path / "x.duckdb"), str(tmp_path), 128)
    for statement in ("SET memory_limit='100GB'", "SET autoinstall_known_extensions=true"):
        with pytest.raises(duckdb.Error):
            connection.execute(statement)
    with pytest.raises(duckdb.Error):
        connection.execute("SELECT * FROM read_parquet('s3://bucket/x.parquet')")
    connection.close()


def test_columns_of_every_format_are_strings_of_the_data_file() -> None:
    from tagwright_drift.dollars.formats import COLUMNS, formats

    assert [each.name for each in formats()] == ["focus", "cur2"]
    for each in formats():
        assert tuple(role for role, _ in each.columns) == COLUMNS
        assert all("'" not in name for case in each.cases for name in case.categories)
        assert each.usage


@pytest.mark.parametrize("missing", ["duckdb", "pyarrow"])
def test_without_the_extra_its_name_is_told(
    missing: str, acme: Dictionary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from tagwright_dictionary.errors import MissingExtraError

    bill = making.parquet(tmp_path / "x.parquet", [focus("i-1", 1.0)])
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match=r"tagwright\[report\]"):
        join(making.judged(acme, [live(instance(1), GOOD)]), [bill])
