"""AWS in trouble: nothing seen is lost, nothing unseen is called clean, nothing is resolved by a cell not seen whole.

Every expectation is the oracle's (oracle.py), which knows the truth and the plan of faults and no code of the scanner.
"""

from __future__ import annotations

import json

import pytest
from tests.drift_scanner.end_to_end import reading
from tests.drift_scanner.end_to_end.completed import regions_are
from tests.drift_scanner.end_to_end.oracle import LIST, TAGS, Oracle, remember
from tests.drift_scanner.end_to_end.world import EU, FINE, KINDS, ME, OTHER, US
from tests.drift_scanner.faults import KINDS as FAULTS
from tests.drift_scanner.faults import Fault

TYPES = [word for kind in KINDS for word in ("--type", kind)]
STATES = {
    "denied": "denied",
    "scp": "denied",
    "throttled": "throttled",
    "slow": "timeout",
}


def fault(kind, service, operation, **where):
    return Fault(kind, service, operation, seconds=5.0, **where)


def begin(world):
    """Of each kind: two that are fine, one that lacks a tag, one that has none."""
    for kind in KINDS:
        for name, tags in (("fine", FINE), ("soon", FINE), ("half", {"owner": "x"}), ("bare", {}), ("gone", {})):
            world.make(kind, f"{name}-{kind[4:6]}", tags)
    remember(world)


def change(world):
    """Of each kind: one mended, one spoilt, one new, one gone."""
    for thing in list(world.things.values()):
        if thing.name.startswith("half"):
            world.tag(thing, cost_center="cc-4100")
        elif thing.name.startswith("soon"):
            world.untag(thing, "owner")
        elif thing.name.startswith("gone"):
            world.drop(thing)
    for kind in KINDS:
        world.make(kind, f"late-{kind[4:6]}", {})
    remember(world)


@pytest.mark.parametrize("kind", FAULTS)
def test_every_kind_of_fault_at_lists_and_at_reads_of_tags(world, drift, patience, kind):
    """The list of queues fails, and every read of a table's or a bucket's tags; RDS stands by."""
    begin(world)
    regions_are(US)
    oracle = Oracle()
    assert drift("scan", *TYPES).code == 1
    oracle.scan(world, full=False)
    assert reading.standing() == oracle.standing
    change(world)
    faults = [
        fault(kind, "sqs", "ListQueues"),
        fault(kind, "dynamodb", "ListTagsOfResource"),
        fault(kind, "s3", "GetBucketTagging"),
        fault("denied", "tagging", "GetResources"),
    ]
    world.cloud.plan(*faults)
    patience(2.0 if kind == "slow" else 60.0)
    said = drift("scan", *TYPES, "--format", "json")
    document = json.loads(said.out)
    assert said.code == 4
    assert (document["whole"], document["clean"]) == (False, False)
    run = reading.runs()[-1]
    told = reading.ledger(run.id)
    if kind == "expired":
        # The keys are this process's own and cannot be renewed: whatever came later was not seen either.
        lost = {cell for cell, each in told.items() if not each.state.seen and not each.resources}
        assert (ME, US, "aws_sqs_queue") in lost
        oracle.scan(world, faults, lost, full=False)
    else:
        lost = set()
        oracle.scan(world, faults, full=False)
        assert {cell[2]: str(each.state) for cell, each in told.items()} == {
            "aws_s3_bucket": "partial",
            "aws_dynamodb_table": "partial",
            "aws_sqs_queue": STATES.get(kind, "error"),
            "aws_rds_cluster": "complete",
        }
        assert {cell[2]: (each.resources, each.unknown_tags) for cell, each in told.items()} == {
            "aws_s3_bucket": (5, 5),
            "aws_dynamodb_table": (5, 5),
            "aws_sqs_queue": (0, 0),
            "aws_rds_cluster": (5, 0),
        }
    assert all(each.reason for each in told.values() if not each.state.seen)
    assert reading.standing() == oracle.standing
    assert len(document["findings"]) == len(oracle.open())
    world.cloud.plan()
    patience(60.0)
    again = drift("scan", *TYPES)
    oracle.scan(world, full=False)
    assert again.code == 1
    assert reading.standing() == oracle.standing


@pytest.mark.parametrize("kind", ["throttled", "html500", "dropped"])
def test_what_passes_by_itself_is_waited_for(world, drift, kind):
    """Three failures of each call that is met, then an answer: the scan is whole and says nothing of it."""
    begin(world)
    places = [*LIST.values(), *TAGS.values(), ("tagging", "GetResources")]
    if (
        kind == "html500"
    ):  # botocore does not try again what its XML parsers stumble over: such a cell is lost, and said
        places.remove(LIST["aws_rds_cluster"])
    world.cloud.plan(*(Fault(kind, service, operation, times=3) for service, operation in places))
    said = drift("scan", *TYPES, "--region", US)
    assert said.code == 1
    assert "All 4 cells seen." in said.out
    oracle = Oracle()
    oracle.scan(world, full=False)
    assert reading.standing() == oracle.standing
    assert sum(call.fault == kind for call in world.cloud.calls) == 3 * len(places)


def test_a_region_that_does_not_accept_the_account_is_unseen_and_one_that_is_off_is_not_missed(world, drift):
    """`disabled` of every call in a region that DescribeRegions calls enabled: a hole, not a region that is off."""
    begin(world)
    world.make("aws_sqs_queue", "far", {}, region=EU)
    oracle = Oracle()
    drift("scan", *TYPES)
    oracle.scan(world, full=False)
    faults = [Fault("disabled", region=EU)]
    world.cloud.plan(*faults)
    said = drift("scan", *TYPES)
    assert said.code == 4
    told = reading.ledger(reading.runs()[-1].id)
    assert {cell[1]: str(each.state) for cell, each in told.items()} == {
        "global": "complete",
        US: "complete",
        EU: "error",
        "me-central-1": "region_disabled",
    }
    oracle.scan(world, faults, full=False)
    assert reading.standing() == oracle.standing
    assert oracle.open()["arn:aws:sqs:eu-west-1:123456789012:far", "owner"] == "open"


def test_keys_that_expire_in_the_middle(world, drift):
    """From the tenth call on: what was seen before stands, every later cell is unseen for that reason."""
    begin(world)
    for region in (US, EU):
        world.make("aws_sqs_queue", f"more-{region}", {}, region=region)
    oracle = Oracle()
    drift("scan", *TYPES)
    oracle.scan(world, full=False)
    change(world)
    world.cloud.plan(Fault("expired", after=9))
    said = drift("scan", *TYPES)
    assert said.code == 4
    told = reading.ledger(reading.runs()[-1].id)
    lost = {cell for cell, each in told.items() if not each.state.seen and cell[1] != "me-central-1"}
    assert lost
    assert all("expired" in told[cell].reason for cell in lost)
    before = reading.standing()
    assert {name for name, state in before.items() if state == "resolved"} <= {
        (arn, key)
        for arn, key in oracle.standing
        if arn in world.things and key in world.things[arn].tags and world.things[arn].cell not in lost
    }
    world.cloud.plan()
    assert drift("scan", *TYPES).code == 1
    oracle.scan(world, full=False)
    assert {name for name, state in reading.standing().items() if state == "open"} == set(oracle.open())


def random_faults(chance):
    kinds = [kind for kind in FAULTS if kind not in ("slow", "expired")]
    places = [*LIST.values(), *LIST.values(), *TAGS.values(), ("tagging", "GetResources")]
    return [
        fault(
            chance.choice(kinds),
            *chance.choice(places),
            region=chance.choice(("*", US, EU)),
            account=chance.choice(("*", ME, OTHER)),
        )
        for _ in range(chance.randint(0, 4))
    ]


def random_changes(world, chance, number, regions):
    for thing in list(world.things.values()):
        dice = chance.random()
        if dice < 0.12:
            world.drop(thing)
        elif dice < 0.35:
            missing = [key for key in FINE if key not in thing.tags]
            if missing:
                key = chance.choice(missing)
                world.tag(thing, **{key.replace("-", "_"): FINE[key]})
            else:
                world.untag(thing, chance.choice(list(FINE)))
    for kind in KINDS:
        for at in range(chance.randint(0, 3)):
            keys = chance.sample(list(FINE), chance.randint(0, 2))
            account, region = chance.choice((ME, OTHER)), chance.choice(regions)
            tags = {key: FINE[key] for key in keys}
            world.make(kind, f"n{number}-{at}-{kind[4:6]}", tags, account=account, region=region)
    remember(world)


@pytest.mark.parametrize(("full", "scans"), [(True, 3), *[(False, 6)] * 2])
def test_scan_after_scan_under_random_faults_the_history_says_what_is_so(world, drift, patience, chance, full, scans):
    """Two accounts; the world changes before every scan, and other calls fail in each."""
    patience(60.0)
    regions = (US,) if full else (US, EU)
    regions_are(*regions)
    oracle = Oracle()
    narrow = [] if full else TYPES
    accounts = ("--account", ME, "--account", OTHER, "--role", "scan")
    for number in range(scans + 1):
        random_changes(world, chance, number, regions)
        faults = random_faults(chance) if number < scans else []
        world.cloud.plan(*faults)
        said = drift("scan", *accounts, *narrow)
        told = reading.ledger(reading.runs()[-1].id)
        oracle.scan(world, faults, full=full)
        at = f"scan {number}: {faults}"
        assert reading.standing() == oracle.standing, at
        holes = [each for each in told.values() if not each.state.seen and not each.state.cannot_hold]
        if holes or not oracle.open():
            assert said.code == (4 if holes else 0), at
        else:
            assert said.code == 1, at
        planned = {each.cell for each in reading.newest().planned()}
        assert len(told) == len(planned), at
    assert not holes
    unclear = {arn for (arn, _), state in oracle.standing.items() if state == "undecided"}
    # What went while nobody could read its tags is settled by a full scan only.
    assert unclear & set(world.things) == set()
    assert not full or unclear == set()
