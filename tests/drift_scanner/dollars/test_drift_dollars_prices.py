"""Estimates: from a file of the user's, marked as such, and refused where the file is nonsense."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.drift_scanner.dollars import making
from tests.drift_scanner.dollars.making import DAY, GOOD, instance, live

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import InputError
from tagwright_drift.dollars.estimating import estimate
from tagwright_drift.dollars.model import ESTIMATE, Share
from tagwright_drift.dollars.prices import read_prices

YAML = """\
currency: USD
prices:
  - {match: p5.48xlarge, region: us-east-1, usd_per_hour: 98.32}
  - {type: aws_instance, match: p5.48xlarge, usd_per_hour: "110"}
  - {type: aws_instance, usd_per_hour: 0.5}
  - {type: aws_nat_gateway, usd_per_hour: 4.5e-2}
"""
CSV = """\
type,match,region,usd_per_hour
,p5.48xlarge,us-east-1,98.32
aws_instance,p5.48xlarge,,110

aws_instance,,,0.5
aws_nat_gateway,,,0.045
"""


def written(folder: Path, text: str, name: str = "prices.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_both_forms_say_the_same(tmp_path: Path) -> None:
    assert read_prices(written(tmp_path, YAML)) == read_prices(written(tmp_path, CSV, "prices.csv"))


def test_an_estimate_runs_all_day_at_the_most_exact_price(acme: Dictionary, tmp_path: Path) -> None:
    kind = (("instance_type", ("p5.48xlarge",)),)
    either = (("instance_type", ("p5.48xlarge", "x.unpriced")),)
    seen = making.judged(
        acme,
        [
            live(instance(1), GOOD, attributes=kind),
            live(instance(2), {}, attributes=kind, region="eu-west-1"),
            live(instance(3), {}, attributes=(("instance_type", ("t3.micro",)),)),
            live(instance(4), GOOD, attributes=either),
            live("arn:aws:s3:::data", {}, type_="aws_s3_bucket", classes=("bucket",)),
        ],
    )
    with estimate(seen, read_prices(written(tmp_path, YAML)), DAY) as found:
        assert found.spend.basis == ESTIMATE
        assert (found.spend.resources, found.spend.seen, found.spend.period.days) == (4, 5, 1)
        assert {share: amount for share, amount in found.spend.amounts if amount} == {
            Share.COMPLIANT: Decimal("98.32") * 48,
            Share.UNTAGGED: Decimal("110.5") * 24,
        }
        assert {basis for _, _, basis in found.per_identity()} == {ESTIMATE, ""}  # the bucket has no price
        assert dict(found.metrics())["spend_estimated"] == 1.0
        name = next(each.identity for each in found.findings() if each.address == instance(2))
        (since,) = found.since([(name, DAY - timedelta(days=10))], DAY)
        assert since.total == 26400


NONSENSE = {
    "negative": ("prices: [{match: a, usd_per_hour: -1}]", "not an amount", 1),
    "nan": ("prices:\n- {match: a, usd_per_hour: .nan}", "not an amount", 2),
    "text": ("prices:\n- {match: a, usd_per_hour: cheap}", "not an amount", 2),
    "absurd": ("prices:\n- {match: a, usd_per_hour: 1e30}", "not an amount", 2),
    "no price": ("prices:\n- {match: a}", "not an amount", 2),
    "unknown field": ("prices:\n- {mach: a, usd_per_hour: 1}", "unknown field 'mach'", 2),
    "unknown top": ("prises: []", "unknown field 'prises'", 1),
    "euro": ("currency: EUR\nprices: []", "prices are in USD", 1),
    "twice": ("prices:\n- {match: a, usd_per_hour: 1}\n- {match: a, usd_per_hour: 2}", "has two prices", 3),
    "nested": ("prices:\n- {match: [a], usd_per_hour: 1}", "plain values", 2),
    "field twice": ("prices:\n- {match: a, match: b, usd_per_hour: 1}", "there twice", 2),
    "empty": ("", "no list of prices", 0),
    "no list": ("prices: 12", "no list of prices", 0),
    "none": ("prices: []", "has no price", 0),
    "no yaml": ("prices: [\n  }", "not valid YAML", 2),
    "a list": ("- 1", "no list of prices", 0),
}
NONSENSE_CSV = {
    "header": ("a,b\n1,2\n", "unknown field 'a'", 1),
    "no column": ("type,match\nx,y\n", "needs usd_per_hour", 1),
    "ragged": ("type,usd_per_hour\nx,1,2\n", "3 cells where the header has 2", 2),
    "quote": ('type,usd_per_hour\n"x,1\n', "not valid CSV", 2),
    "negative": ("type,usd_per_hour\nx,-1\n", "not an amount", 2),
}


@pytest.mark.parametrize("what", [*NONSENSE, *(f"csv {name}" for name in NONSENSE_CSV)])
def test_nonsense_is_refused_with_its_line(what: str, tmp_path: Path) -> None:
    text, words, line = NONSENSE_CSV[what[4:]] if what.startswith("csv ") else NONSENSE[what]
    path = written(tmp_path, text, "p.csv" if what.startswith("csv ") else "p.yaml")
    with pytest.raises(InputError, match=words) as caught:
        read_prices(path)
    assert caught.value.location is not None
    assert (caught.value.location.path, caught.value.location.line) == (str(path), line)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read_prices(path)
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        read_prices(tmp_path / "x.yaml")
