"""What the history must say after a scan, in plain Python: no code of the scanner's.

The oracle knows the truth of the world and which calls fail for good. From those two follow which cells are whole,
which tags are known, and what becomes of every finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.drift_scanner.end_to_end.world import Thing, World
from tests.drift_scanner.faults import Fault

KEYS = ("owner", "cost-center")
LIST = {
    "aws_s3_bucket": ("s3", "ListBuckets"),
    "aws_sqs_queue": ("sqs", "ListQueues"),
    "aws_dynamodb_table": ("dynamodb", "ListTables"),
    "aws_rds_cluster": ("rds", "DescribeDBClusters"),
}
TAGS = {  # the native read of one resource's tags; RDS has them in its list
    "aws_s3_bucket": ("s3", "GetBucketTagging"),
    "aws_sqs_queue": ("sqs", "ListQueueTags"),
    "aws_dynamodb_table": ("dynamodb", "ListTagsOfResource"),
}
HOME = "us-east-1"
Standing = dict[tuple[str, str], str]
"""(ARN, key) to "open", "undecided" (open, and not certain) or "resolved"."""


def fails(faults: Iterable[Fault], service: str, operation: str, region: str, account: str) -> bool:
    """Whether a call is spoilt by faults that spoil every call they meet."""
    return any(
        (each.service in ("*", service))
        and (each.operation in ("*", operation))
        and (each.region in ("*", region))
        and (each.account in ("*", account))
        for each in faults
    )


def listed(cell: tuple[str, str, str], faults: Iterable[Fault]) -> bool:
    account, region, kind = cell
    return not fails(faults, *LIST[kind], HOME if region == "global" else region, account)


def readable(thing: Thing, faults: Iterable[Fault]) -> bool:
    """Whether the tags of a thing that was listed can be told: inline, by the sweep, or natively."""
    if thing.kind not in TAGS:
        return True
    swept = thing.tags and not fails(faults, "tagging", "GetResources", thing.region, thing.account)
    return bool(swept) or not fails(faults, *TAGS[thing.kind], thing.region, thing.account)


@dataclass
class Oracle:
    standing: Standing = field(default_factory=dict)

    def scan(
        self,
        world: World,
        faults: Iterable[Fault] = (),
        lost: Iterable[tuple[str, str, str]] = (),
        *,
        full: bool = True,
    ) -> None:
        """What a scan makes of the findings. `lost`: further cells that were not seen at all. Only a `full` scan lists
        all of a type, and so can tell that a thing is gone.
        """
        faults, lost = tuple(faults), set(lost)
        seen: dict[tuple[str, str, str], list[Thing]] = {}
        for thing in world.things.values():
            if listed(thing.cell, faults) and thing.cell not in lost:
                seen.setdefault(thing.cell, []).append(thing)
        partial = {cell for cell, things in seen.items() if not all(readable(each, faults) for each in things)}
        for things in seen.values():
            for thing in things:
                for key in KEYS:
                    self._meet(thing, key, faults, partial)
        for arn, key in self.standing:
            cell = cell_of(arn)
            whole = listed(cell, faults) and cell not in lost and cell not in partial
            if full and arn not in world.things and whole:
                self.standing[arn, key] = "resolved"

    def open(self) -> Standing:
        return {name: state for name, state in self.standing.items() if state != "resolved"}

    def _meet(self, thing: Thing, key: str, faults: Iterable[Fault], partial: set[tuple[str, str, str]]) -> None:
        name = (thing.arn, key)
        before = self.standing.get(name)
        if not readable(thing, faults):
            if before != "open":
                self.standing[name] = "undecided"
        elif key not in thing.tags:
            self.standing[name] = "open"
        elif before is not None and thing.cell not in partial:
            self.standing[name] = "resolved"


def cell_of(arn: str) -> tuple[str, str, str]:
    _, _, service, region, account, rest = arn.split(":", 5)
    if service == "s3":
        return (_BUCKETS[rest], "global", "aws_s3_bucket")
    kinds = {"sqs": "aws_sqs_queue", "dynamodb": "aws_dynamodb_table", "rds": "aws_rds_cluster"}
    return (account, region, kinds[service])


_BUCKETS: dict[str, str] = {}


def remember(world: World) -> None:
    """The ARN of a bucket does not say whose it is."""
    _BUCKETS.update({each.name: each.account for each in world.things.values() if each.kind == "aws_s3_bucket"})
