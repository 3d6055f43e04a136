"""The life of a finding through the commands: new, open, resolved, back again, gone; and told once each time."""

from __future__ import annotations

import json
import re

import pytest
from tests.drift_scanner.end_to_end import reading
from tests.drift_scanner.end_to_end.completed import regions_are
from tests.drift_scanner.end_to_end.world import FINE, US

KEY = "cost-center"


@pytest.fixture
def told(drift, post, tmp_path):
    """What a webhook has been told since it was last asked."""
    channels = f"channels:\n  - {{name: hook, url: 'json://127.0.0.1:{post.port}/'}}\n"
    (tmp_path / "notify.yaml").write_text(channels)

    def ask():
        post.got.clear()
        said = drift("notify")
        assert said.code == 0
        again = drift("notify")
        assert again.out == "Everybody has been told already.\n"
        assert len(post.got) == 1
        return post.got[0][1]

    return ask


def scan(drift, *more):
    said = drift("scan", "--format", "json", *more)
    return said.code, json.loads(said.out)


def text(drift, *more):
    """The report in words, without its line breaks."""
    return " ".join(drift("report", *more).out.split())


def changes(document):
    return {name: document["changes"][name] for name in ("new", "persisting", "resolved", "regressed")}


def test_from_the_first_scan_to_the_end(world, drift, told):
    regions_are(US)
    table = world.make("aws_dynamodb_table", "features", {"owner": "ml-vision@acme.example"})
    world.make("aws_s3_bucket", "models", FINE)

    # New.
    code, first = scan(drift)
    assert (code, changes(first)) == (1, {"new": 1, "persisting": 0, "resolved": 0, "regressed": 0})
    (row,) = first["findings"]
    assert (row["resource"]["address"], row["rule"], row["key"], row["change"]) == (
        table.arn,
        "missing-tag",
        KEY,
        "new",
    )
    assert (row["owner"], row["owner_from"], row["verified"]) == ("ml-vision@acme.example", "tag", True)
    assert first["clean"] is False
    assert first["whole"] is True
    assert "this is the first scan" in text(drift)
    message = told()
    assert message["title"] == "tagwright: 1 new"
    assert "features: cost-center is required" in message["message"]

    # Still there.
    code, second = scan(drift)
    assert (code, changes(second)) == (1, {"new": 0, "persisting": 1, "resolved": 0, "regressed": 0})
    (again,) = second["findings"]
    assert again["change"] is None
    assert [again[name] for name in ("identity", "first_seen", "age_basis")] == [
        row[name] for name in ("identity", "first_seen", "age_basis")
    ]
    assert "0 new, 0 came back, 0 resolved since" in text(drift)
    assert told()["message"].startswith("Nothing new, nothing due: 1 finding open.")

    # Mended.
    world.tag(table, cost_center="cc-4100")
    code, third = scan(drift)
    assert (code, changes(third)) == (0, {"new": 0, "persisting": 0, "resolved": 1, "regressed": 0})
    assert third["findings"] == []
    assert third["clean"] is True
    (gone,) = third["changes"]["resolved_findings"]
    assert gone["identity"] == row["identity"]
    assert gone["resolved_at"] is not None
    assert drift("report").code == 0
    assert "0 new, 0 came back, 1 resolved" in text(drift)
    assert told()["message"].startswith("Nothing new, nothing due: 0 findings open, 1 resolved.")

    # Taken off again: the clock starts anew.
    world.untag(table, KEY)
    code, fourth = scan(drift)
    assert (code, changes(fourth)) == (1, {"new": 0, "persisting": 0, "resolved": 0, "regressed": 1})
    (back,) = fourth["findings"]
    assert (back["identity"], back["change"], back["regressions"]) == (row["identity"], "regressed", 1)
    assert back["first_seen"] >= fourth["run"]["started"]
    assert back["age_basis"] == "first_observed"
    assert "came back 1 time" in text(drift)
    assert told()["title"] != "tagwright: nothing new"

    # The table is deleted.
    world.drop(table)
    code, fifth = scan(drift)
    assert (code, changes(fifth)) == (0, {"new": 0, "persisting": 0, "resolved": 1, "regressed": 0})
    assert fifth["clean"] is True

    # What was reported then is reported now, of each run.
    runs = [each.id for each in reading.runs()]
    for run, document in zip(runs, (first, second, third, fourth, fifth), strict=True):
        said = drift("report", "--run", run, "--format", "json")
        old = json.loads(said.out)
        assert said.code == (1 if document["findings"] else 0), run
        assert old["run"]["id"] == run
        assert old["run"] == document["run"]
        assert [each["identity"] for each in old["findings"]] == [each["identity"] for each in document["findings"]]
        assert [each["change"] for each in old["findings"]] == [each["change"] for each in document["findings"]]
        assert {name: old["changes"][name] for name in ("new", "regressed", "resolved")} == {
            name: document["changes"][name] for name in ("new", "regressed", "resolved")
        }
        assert (old["clean"], old["whole"]) == (document["clean"], document["whole"])

    # The life of it, and the same history again from the runs that were kept.
    said = drift("history", "features", "--format", "json")
    (life,) = json.loads(said.out)["findings"]
    assert [(each["kind"], each["reason"] or "") for each in life["events"]] == [
        ("new", ""),
        ("resolved", "compliant"),
        ("regressed", ""),
        ("resolved", "gone"),
    ]
    assert drift("replay", ".tagwright/drift/runs", "--history", "again.db").code == 0
    assert reading.records("again.db") == reading.records()
    assert reading.runs("again.db") == reading.runs()


def test_the_first_scan_dates_a_finding_by_its_resource_and_a_later_one_by_itself(world, drift):
    """RDS and S3 tell when a thing was made; a tag that is taken off later was not missing all that time."""
    regions_are(US)
    bare = world.make("aws_rds_cluster", "bare", {"owner": "x"})
    fine = world.make("aws_rds_cluster", "fine", FINE)
    scan(drift)
    world.untag(fine, KEY)
    late = world.make("aws_rds_cluster", "late", {"owner": "x"})
    _, document = scan(drift)
    found = {each["resource"]["address"]: each for each in document["findings"]}
    assert set(found) == {bare.arn, fine.arn, late.arn}
    assert {arn: each["age_basis"] for arn, each in found.items()} == {
        bare.arn: "created",
        fine.arn: "first_observed",
        late.arn: "created",
    }
    for arn in (bare.arn, late.arn):
        assert found[arn]["first_seen"] == found[arn]["resource"]["created"]
    assert found[fine.arn]["first_seen"] >= document["run"]["started"] > found[fine.arn]["resource"]["created"]


def test_a_narrowed_scan_is_compared_with_no_other(world, drift):
    regions_are(US)
    world.make("aws_sqs_queue", "jobs", {})
    for _ in range(2):
        scan(drift, "--type", "aws_sqs_queue")
        assert "a narrowed scan is compared with no other" in text(drift)
    assert drift("scan").code == 1
    assert "this is the first scan" in text(drift)


def test_the_text_says_what_the_document_says(world, drift):
    regions_are(US)
    world.make("aws_sqs_queue", "jobs", {})
    code, document = scan(drift)
    said = drift("report", "--format", "text", "--format", "json=r.json", "--format", "csv=r.csv")
    assert said.code == code == 1
    (keys,) = re.findall(r"([\w-]+) and ([\w-]+) are required", said.out)
    assert sorted(keys) == sorted(row["key"] for row in document["findings"]) == ["cost-center", "owner"]
    assert document["headline"]["coverage"] in said.out
    assert "jobs  aws_sqs_queue" in said.out


def test_a_cell_that_shrinks_too_much_is_not_believed_at_once(world, drift):
    """Thirty queues, then two: more often wrong than right. The next scan, or --accept-shrink, settles it."""
    regions_are(US)
    queues = [world.make("aws_sqs_queue", f"q{number}", {"owner": "x"}) for number in range(30)]
    scan(drift)
    for each in queues[2:]:
        world.drop(each)
    code, document = scan(drift)
    assert (code, document["whole"], document["run"]["coverage"]["suspect"]) == (4, False, 1)
    assert set(reading.standing().values()) == {"open"}
    assert "shrank" in text(drift)
    code, document = scan(drift)
    assert (code, document["whole"]) == (1, True)
    assert sorted(reading.standing().values()) == ["open"] * 2 + ["resolved"] * 28
    # Merged into another history, the second run is believed where somebody says so.
    first, second, _ = sorted((reading.STATE / "runs").iterdir())
    for run, more in ((first, ()), (second, ("--accept-shrink",))):
        drift("merge", run, "--history", "other.db", *more)
    assert reading.standing("other.db") == reading.standing()


def test_a_region_that_is_off_is_not_called_clean(world, drift):
    said = drift("scan", "--region", "me-central-1", "--type", "aws_sqs_queue")
    assert said.code == 4
    assert "Nothing was seen: no cell was planned that could hold a resource." in said.out
