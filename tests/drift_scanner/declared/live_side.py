"""The live side by hand: resources, and a ledger with one cell a type and account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tagwright_dictionary.model import Resource, Tag, Tags, Unknown
from tagwright_drift.cells import GLOBAL, Cell, CellResult, CellState
from tagwright_drift.live import LiveResource

ACCOUNT = "111122223333"
REGION = "us-east-1"
DENIED = Unknown("AccessDenied for s3:GetBucketTagging")


def seen(
    arn: str,
    type_: str,
    tags: Mapping[str, str | Unknown] | None,
    *,
    account: str = ACCOUNT,
    region: str = REGION,
    group: str = "",
    complete: bool = True,
) -> LiveResource:
    """`tags` None: they could not be read."""
    found = (
        Tags((), complete=False, cause=DENIED)
        if tags is None
        else Tags(tuple(Tag(key, tags[key]) for key in sorted(tags)), complete, None if complete else DENIED)
    )
    cell = Cell(account, GLOBAL if type_ == "aws_s3_bucket" else region, type_)
    name = arn.rpartition(":")[2].rpartition("/")[2]
    return LiveResource(Resource(arn, type_, framework="live", tags=found), cell, name, region, group=group)


def ledger(
    types: Iterable[str],
    *,
    accounts: Iterable[str] = (ACCOUNT,),
    regions: Iterable[str] = (REGION,),
    states: Mapping[str, CellState] | None = None,
) -> dict[Cell, CellResult]:
    """Complete, but for the types that `states` names."""
    cells = [
        Cell(account, GLOBAL if type_ == "aws_s3_bucket" else region, type_)
        for account in accounts
        for region in regions
        for type_ in types
    ]
    return {cell: CellResult(cell, (states or {}).get(cell.type, CellState.COMPLETE), reason="why") for cell in cells}
