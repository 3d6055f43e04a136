"""A whole organization, every type that moto can make, through the real command: counts and tags are boto3's own."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from tests.drift_scanner.aws.seeds import SEEDS
from tests.drift_scanner.compute.estate import fill
from tests.drift_scanner.end_to_end import direct, reading
from tests.drift_scanner.end_to_end.completed import ENABLED, OFF, regions_are
from tests.drift_scanner.end_to_end.conftest import settle
from tests.drift_scanner.end_to_end.oracle import KEYS
from tests.drift_scanner.end_to_end.world import EU, ME, US, World

from tagwright_drift.inventories.aws.registry import listers
from tagwright_drift.runs.reading import find_runs

SCHEMA = json.loads((files("tagwright_drift.report") / "data" / "drift-report.schema.json").read_text("utf-8"))
ELSEWHERE = {  # what is made in more than one place: nothing in it has our account's number in its name
    "aws_sqs_queue",
    "aws_dynamodb_table",
    "aws_ecr_repository",
    "aws_fsx_lustre_file_system",
    "aws_db_instance",
    "aws_sfn_state_machine",
    "aws_sagemaker_model",
}


@dataclass
class Scanned:
    """The organization after its scan: truth by boto3, and what the command made of it."""

    folder: Path
    world: World
    accounts: tuple[str, ...]
    tags: dict  # ARN to tags, of what the seeds made
    places: dict  # ARN to (account, type)
    counts: dict  # (account, region) to type to number
    code: int
    document: dict


@pytest.fixture(scope="module")
def scanned(server, tmp_path_factory):
    from tagwright_cli.main import main

    server.reset()
    regions_are(*ENABLED, OFF)
    world, folder = World(server), tmp_path_factory.mktemp("organization")
    organizations = world.api("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(Email="ml@acme.example", AccountName="ml")
    member = made["CreateAccountStatus"]["AccountId"]
    tags, places = {}, {}
    for account, region in ((ME, US), (ME, EU), (member, US), (member, EU)):
        for type_, seed in SEEDS.items():
            bucket = type_ == "aws_s3_bucket" and (account, region) in ((ME, US), (member, EU))
            if (account, region) == (ME, US) or type_ in ELSEWHERE or bucket:
                found = seed(partial(_api, world, account), region)
                tags |= found
                places |= dict.fromkeys(found, (account, type_))
    fill(world.api)
    volume = world.api("ec2").describe_volumes()["Volumes"][0]["VolumeId"]
    world.api("ec2").create_snapshot(VolumeId=volume)
    server.moto.thorough = True
    counts = {}
    for account in (ME, member):
        for region in ENABLED:
            counts[account, region] = direct.counts(partial(_in, world, account, region))
        counts[account, "global"] = {"aws_s3_bucket": len(world.api("s3", US, account).list_buckets()["Buckets"])}
    with pytest.MonkeyPatch.context() as patch:
        settle(patch, folder, server.url)
        server.plan()
        everywhere = ("--organization", "--role", "scan", "--max-tps", "0", "--threads", "4", "--quiet")
        code = main(["drift", "scan", *everywhere, "--format", "json=report.json"])
    server.moto.thorough = False
    document = json.loads((folder / "report.json").read_text())
    yield Scanned(folder, world, (ME, member), tags, places, counts, code, document)
    world.close()


def _api(world, account, service, region=US):
    return world.api(service, region, account)


def _in(world, account, region, service):
    return world.api(service, region, account)


def test_every_planned_cell_ends_in_one_honest_state(scanned):
    """Accounts times regions times types, no more and no less; a region that is off cannot hold anything."""
    (run,) = reading.runs(scanned.folder / reading.STATE / "history.db")
    told = reading.ledger(run.id, scanned.folder / reading.STATE / "history.db")
    regional = {name for name, each in listers().items() if each.kind != "global"}
    expected = {(account, "global", "aws_s3_bucket"): "complete" for account in scanned.accounts}
    for account in scanned.accounts:
        for name in regional:
            expected |= {(account, region, name): "complete" for region in ENABLED}
            expected[account, OFF, name] = "region_disabled"
    assert {cell: str(each.state) for cell, each in told.items()} == expected
    (folder,) = find_runs(scanned.folder / reading.STATE / "runs")
    assert Counter(planned.cell for planned in folder.planned()).most_common(1)[0][1] == 1
    assert folder.end is not None
    assert not run.killed


def test_counts_are_those_of_boto3(scanned):
    """Of every account, region and type; the run, its ledger and the report say the same number."""
    (run,) = reading.runs(scanned.folder / reading.STATE / "history.db")
    told = reading.ledger(run.id, scanned.folder / reading.STATE / "history.db")
    found = {}
    for (account, region, name), each in told.items():
        if each.resources:
            found.setdefault((account, region), {})[name] = each.resources
    assert found == scanned.counts
    (folder,) = find_runs(scanned.folder / reading.STATE / "runs")
    rows = Counter(
        (seen.live.cell.account, seen.live.cell.region, seen.live.cell.type) for seen in folder.observations()
    )
    assert rows == {cell: each.resources for cell, each in told.items() if each.resources}
    total = sum(number for types in scanned.counts.values() for number in types.values())
    assert scanned.document["run"]["coverage"]["resources"] == total == run.metric("resources")
    assert len(scanned.tags) > 80


def test_tags_are_those_of_boto3(scanned):
    """Every resource that was made is in the run once, in its account, with the tags that a direct read gives."""
    (folder,) = find_runs(scanned.folder / reading.STATE / "runs")
    found, places = {}, {}
    for seen in folder.observations():
        live = seen.live
        assert live.resource.tags.complete
        found[live.resource.address] = {tag.key: tag.value for tag in live.resource.tags.items}
        places[live.resource.address] = (live.cell.account, live.cell.type)
    expected = {
        arn: {key: value for key, value in tags.items() if not key.startswith("aws:")}
        for arn, tags in scanned.tags.items()
    }
    assert {arn: found.get(arn) for arn in expected} == expected
    assert {arn: places[arn] for arn in expected} == scanned.places


def test_findings_are_the_missing_keys_and_the_report_has_them_all(scanned):
    """By the truth of the tags alone; what else the report has is about resources that the seeds did not make."""
    rows = scanned.document["findings"]
    # moto's EMR and S3 Vectors give every region what one of them holds: the same findings, in two cells.
    names = {(row["identity"], row["resource"]["region"]) for row in rows}
    assert len(names) == len(rows) == scanned.document["counts"]["open"]
    missing = {(row["resource"]["address"], row["key"]) for row in rows if row["rule"] == "missing-tag"}
    expected = {(arn, key) for arn, tags in scanned.tags.items() for key in KEYS if key not in tags}
    assert {name for name in missing if name[0] in scanned.tags} == expected
    assert scanned.code == 1
    assert scanned.document["whole"] is True
    assert scanned.document["changes"]["new"] == len(rows)


def test_the_document_is_what_its_schema_says(scanned):
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(scanned.document)] == []


def test_ways_to_name_accounts_see_the_same(scanned, drift, shell):
    """The organization, a file of accounts with a role's ARN, two accounts by number, and a profile."""
    types = ("--type", "aws_sqs_queue", "--type", "aws_s3_bucket")
    (shell / "accounts.csv").write_text("account,name\n" + "".join(f"{each},x\n" for each in scanned.accounts))
    (shell / "config").write_text(
        f"[profile assumed]\nregion = us-east-1\nrole_arn = arn:aws:iam::{scanned.accounts[1]}:role/x\n"
        "credential_source = Environment\n"
    )
    numbers = [word for each in scanned.accounts for word in ("--account", each)]
    ways = {
        "organization": ("--organization", "--role", "scan"),
        "file": ("--accounts-file", "accounts.csv", "--role", "arn:aws:iam::{account}:role/scan"),
        "numbers": (*numbers, "--role", "scan"),
        "profile": ("--profile", "assumed"),
    }
    seen = {}
    for name, way in ways.items():
        drift("scan", *way, *types, "--state", name)
        folder = reading.newest(shell / name)
        seen[name] = {
            (each.live.cell.account, each.live.resource.address): each.live.resource.tags
            for each in folder.observations()
        }
    assert seen["organization"] == seen["file"] == seen["numbers"]
    assert len(seen["file"]) == sum(
        scanned.counts[account, region].get(name, 0)
        for account in scanned.accounts
        for region, name in (*((each, "aws_sqs_queue") for each in ENABLED), ("global", "aws_s3_bucket"))
    )
    assert seen["profile"] == {name: tags for name, tags in seen["file"].items() if name[0] == scanned.accounts[1]}


def test_an_account_whose_role_is_refused_is_unseen_whole_and_the_others_are_seen(scanned, drift):
    """All its cells say why, and the exit code is 4."""
    from tests.drift_scanner.faults import Fault

    scanned.world.cloud.plan(Fault("denied", service="sts", operation="AssumeRole"))
    said = drift("scan", "--organization", "--role", "scan", "--type", "aws_sqs_queue", "--region", US)
    scanned.world.cloud.plan()
    assert said.code == 4
    told = reading.ledger(reading.runs()[-1].id)
    assert {cell[0]: (str(each.state), each.refused_by) for cell, each in told.items()} == {
        scanned.accounts[0]: ("complete", ""),
        scanned.accounts[1]: ("denied", "iam"),
    }
    assert "AssumeRole" in said.out
