"""Observations and billing exports made by hand, and a second way to join them: plain Python over the same rows."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging import judge_for
from tagwright_dictionary.loading import load
from tagwright_dictionary.model import Bill, Classes, Resource, Tag, Tags, Unknown
from tagwright_drift.cells import Cell, CellResult, CellState
from tagwright_drift.inventories.contract import Planned
from tagwright_drift.live import LiveResource, Observation
from tagwright_drift.runs.model import RunEnd, RunHeader
from tagwright_drift.runs.writing import RunWriter

DICTIONARY = """\
schema: 1
name: acme
version: 1.0.0
keys:
  owner: {format: email}
  cost-center: {pattern: "cc-[0-9]{4}"}
  workload: {values: {training: {}, inference: {}}}
requirements:
  - {id: accountable, for: [gpu, bucket, function], require: [owner, cost-center, workload], severity: error}
"""
ACCOUNT = "111122223333"
GOOD = {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training"}
DAY = datetime(2026, 10, 1, tzinfo=UTC)


def dictionary(folder: Path) -> Dictionary:
    path = folder / "dictionary.yaml"
    path.write_text(DICTIONARY)
    return load(path)


def live(
    arn: str,
    tags: Mapping[str, str] | None,
    *,
    type_: str = "aws_instance",
    classes: Sequence[str] = ("gpu",),
    account: str = ACCOUNT,
    region: str = "us-east-1",
    name: str = "",
    group: str = "",
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = (),
    taggable: bool = True,
) -> LiveResource:
    """`tags` None: they could not be read."""
    found = (
        Tags((), complete=False, cause=Unknown("AccessDenied"))
        if tags is None
        else Tags(tuple(Tag(key, tags[key]) for key in sorted(tags)))
    )
    resource = Resource(
        arn,
        type_,
        provider="aws",
        framework="live",
        taggable=taggable,
        classes=Classes(frozenset(classes)),
        tags=found,
        bills=(Bill("instance", found, own=True),),
        attributes=attributes,
        account=account,
    )
    return LiveResource(resource, Cell(account, region, type_), name or arn.rpartition("/")[2], region, group=group)


def judged(which: Dictionary, resources: Iterable[LiveResource]) -> list[Observation]:
    judge = judge_for(which)
    return [Observation(each, judge.judge(each.resource, date(2026, 11, 1))) for each in resources]


def instance(number: int, account: str = ACCOUNT) -> str:
    return f"arn:aws:ec2:us-east-1:{account}:instance/i-{number:017x}"


FOCUS_TYPES = {
    "EffectiveCost": pa.float64(),
    "ChargePeriodStart": pa.timestamp("ms"),
    "ChargePeriodEnd": pa.timestamp("ms"),
    "Tags": pa.map_(pa.string(), pa.string()),
}
"""As in AWS's FOCUS 1.2: docs.aws.amazon.com/cur/latest/userguide/table-dictionary-focus-1-2-aws-columns.html."""


def focus(
    resource: str | None,
    cost: float | str | Decimal | None,
    *,
    account: str | None = ACCOUNT,
    start: datetime = DAY,
    end: datetime | None = None,
    category: str = "Usage",
    currency: str | None = "USD",
    service: str = "Amazon Elastic Compute Cloud",
    tags: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "ResourceId": resource,
        "SubAccountId": account,
        "ChargeCategory": category,
        "BillingCurrency": currency,
        "ChargePeriodStart": start,
        "ChargePeriodEnd": end or start.replace(day=start.day + 1),
        "ServiceName": service,
        "EffectiveCost": cost,
        "BilledCost": cost,
        "Tags": tags,
    }


def cur2(
    resource: str | None,
    kind: str = "Usage",
    unblended: float | str | None = 0.0,
    *,
    start: datetime = DAY,
    end: datetime | None = None,
    tags: Mapping[str, str] | None = None,
    **costs: float | str,
) -> dict[str, Any]:
    return {
        "line_item_resource_id": resource,
        "line_item_usage_account_id": ACCOUNT,
        "line_item_line_item_type": kind,
        "line_item_currency_code": "USD",
        "line_item_usage_start_date": start,
        "line_item_usage_end_date": end or start.replace(day=start.day + 1),
        "line_item_product_code": "AmazonEC2",
        "line_item_unblended_cost": unblended,
        "reservation_effective_cost": costs.get("reservation_effective_cost"),
        "reservation_reservation_a_r_n": costs.get("reservation_reservation_a_r_n", ""),
        "reservation_unused_amortized_upfront_fee_for_billing_period": costs.get("unused_upfront"),
        "reservation_unused_recurring_fee": costs.get("unused_recurring"),
        "savings_plan_savings_plan_effective_cost": costs.get("savings_plan_effective_cost"),
        "savings_plan_total_commitment_to_date": costs.get("commitment"),
        "savings_plan_used_commitment": costs.get("used"),
        "resource_tags": tags,
    }


def parquet(path: Path, rows: Sequence[Mapping[str, Any]], types: Mapping[str, Any] | None = None) -> tuple[Path, str]:
    names = list(rows[0])
    types = {**FOCUS_TYPES, "resource_tags": pa.map_(pa.string(), pa.string())} if types is None else types
    arrays = {}
    for name in names:
        values = [_plain(row[name]) if isinstance(row[name], datetime) else row[name] for row in rows]
        kind = types.get(name)
        if kind is not None and pa.types.is_map(kind):
            values = [None if value is None else list(value.items()) for value in values]
        arrays[name] = pa.array(values, type=kind)
    pq.write_table(pa.table(arrays), path)
    return path, path.name


def written_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> tuple[Path, str]:
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        for row in rows:
            writer.writerow([_cell(value) for value in row.values()])
    return path, path.name


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps(value) if isinstance(value, Mapping) else str(value)


RUN = "20261101T060000Z-0a1b2c3d"


def write_run(
    runs: Path,
    which: Dictionary,
    seen: Sequence[Observation],
    *,
    run: str = RUN,
    extra: Sequence[CellResult] = (),
    scope: str = "full",
    shard: tuple[int, int] = (1, 1),
) -> Path:
    """A run folder as a scan writes it; every cell that has a resource is complete."""
    header = RunHeader(
        run, datetime(2026, 11, 1, 6, tzinfo=UTC), scope, "aws", "test", which.name, which.version, which.digest, shard
    )
    cells: dict[Cell, list[Observation]] = {result.cell: [] for result in extra}
    for each in seen:
        cells.setdefault(each.live.cell, []).append(each)
    given = {result.cell: result for result in extra}
    with RunWriter(runs, header, [Planned(cell) for cell in sorted(cells)]) as writer:
        for cell, inside in sorted(cells.items(), key=lambda pair: pair[0]):
            if inside:
                writer.add(cell, inside)
            writer.finish(given.get(cell) or CellResult(cell, CellState.COMPLETE, resources=len(inside), pages=1))
        writer.end(RunEnd(datetime(2026, 11, 1, 7, tzinfo=UTC)))
        return writer.path
