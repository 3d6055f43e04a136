"""What is no plan, or not a whole one: a problem with what to do, never "clean" and never a traceback."""

import json
import os
import threading
from pathlib import Path

import pytest
from tests.iac_readers.plan.making import change, plan, read

from tagwright_dictionary.model import Problem
from tagwright_iac.plan import looks_like_plan, read_plan

SHOW = "save the plan with `terraform plan -out=tfplan`, then `terraform show -json tfplan > plan.json`"
EVENTS = '{"@level":"info","@message":"Terraform 1.11.4","type":"version"}\n{"@level":"info","type":"outputs"}\n'
STATE = {"version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "x", "resources": []}
SHOWN_STATE = {"format_version": "1.0", "terraform_version": "1.11.4", "values": {"root_module": {}}}

REFUSED = {
    "empty": ("", "the file is empty"),
    "blank": (" \n", "the file is empty"),
    "a saved binary plan": ("PK\x03\x04rest", "this is a saved plan in Terraform's binary format"),
    "an event stream": (EVENTS, "this is the event stream of `terraform plan -json`, which holds no plan"),
    "a state file": (json.dumps(STATE), "this is a Terraform state file, not a plan"),
    "a shown state": (json.dumps(SHOWN_STATE), "this is a state as `terraform show -json` prints it, not a plan"),
    "the output for people": (
        "Terraform will perform the following actions:\n",
        "this is the plan as Terraform prints it for people",
    ),
    "a list": ("[]", "a plan in JSON is an object"),
    "other JSON": ('{"a": 1}', "this JSON document is not a Terraform plan"),
    "two documents": (json.dumps(plan()) * 2, "there is more text after the plan's closing brace"),
    "cut off": (json.dumps(plan(change()))[:-20], "the document ends too early"),
    "format 2": (json.dumps(plan() | {"format_version": "2.0"}), "the plan's format_version is '2.0'"),
    "no version": ('{"resource_changes": []}', "the plan does not say its format_version"),
    "a version that is no text": ('{"format_version": 1, "resource_changes": []}', "the plan does not say"),
    "HCL": ('resource "a" "b" {}', "a plan in JSON is an object"),
    "binary": ("ab\x00cd", "this is a binary file"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path, text, reason):
    """One problem that says what the file is, with the next step, and no resources."""
    reading = read(tmp_path, text)
    (problem,) = reading.problems
    assert reading.resources == ()
    assert reading.files == ("plan.json",)
    assert problem.path == "plan.json"
    assert reason in problem.reason
    assert "terraform show -json" in problem.hint or "update tagwright" in problem.hint


def test_missing_directory_and_unreadable(tmp_path):
    """What cannot be opened is a problem too."""
    for path, reason in ((tmp_path / "none.json", "No such file"), (tmp_path, "directory")):
        (problem,) = read_plan(path, cwd=tmp_path).problems
        assert reason.lower() in problem.reason.lower()


BROKEN_ENTRIES = {
    "no object": 3,
    "no change": {"address": "a.b", "type": "a", "name": "b"},
    "no actions": change() | {"change": {"after": {}}},
    "no address": {**change(), "address": None},
    "no type": {**change(), "type": 5},
}


@pytest.mark.parametrize("entry", BROKEN_ENTRIES.values(), ids=BROKEN_ENTRIES)
def test_a_broken_entry_spoils_clean_but_not_the_rest(tmp_path, entry):
    """What can be read is judged beside the problem."""
    reading = read(tmp_path, plan(entry, change("aws_s3_bucket.good", after={"tags_all": {"a": "b"}})))
    assert [resource.address for resource in reading.resources] == ["aws_s3_bucket.good"]
    (problem,) = reading.problems
    assert problem.hint == SHOW


def test_values_nested_too_deeply(tmp_path):
    """A resource that no program could walk through is a problem, and the rest is judged."""
    manifest: object = "x"
    for _ in range(450):
        manifest = [manifest]
    entries = [change("kubernetes_manifest.deep", after={"manifest": manifest}), change("aws_s3_bucket.good")]
    reading = read(tmp_path, plan(*entries))
    assert [resource.address for resource in reading.resources][-1] == "aws_s3_bucket.good"
    assert len(reading.resources) + len(reading.problems) == 2


def test_resource_changes_that_are_no_list(tmp_path):
    """A section of the wrong type is a problem, not an empty plan."""
    reading = read(tmp_path, {"format_version": "1.2", "resource_changes": {}})
    assert reading.problems == (Problem("plan.json", "resource_changes is not a list", hint=SHOW),)


def test_errored_and_incomplete_plans(tmp_path):
    """They are judged as far as they go, and are never clean."""
    errored = read(tmp_path, plan(change(), errored=True, complete=False))
    assert [problem.reason for problem in errored.problems] == ["the plan ended with an error, so it is not complete"]
    partial = read(tmp_path, plan(change(), errored=False, complete=False))
    assert "-target" in partial.problems[0].reason
    assert len(errored.resources) == len(partial.resources) == 1
    assert read(tmp_path, plan(change(), errored=False, complete=True)).problems == ()


def test_an_empty_plan_is_read(tmp_path):
    """A plan without changes has none: no problem, and nothing judged."""
    reading = read(tmp_path, {"format_version": "1.2", "terraform_version": "1.11.4", "planned_values": {}})
    assert (reading.resources, reading.problems) == ((), ())


def test_utf_16_and_bom(tmp_path):
    """PowerShell's `>` writes UTF-16 with a BOM; the plan is read all the same."""
    text = json.dumps(plan(change(after={"tags_all": {"a": "ü"}})), ensure_ascii=False)
    for encoding in ("utf-16", "utf-8-sig"):
        path = tmp_path / "plan.json"
        path.write_bytes(text.encode(encoding))
        assert looks_like_plan(path)
        (resource,) = read_plan(path, cwd=tmp_path).resources
        assert resource.tags.items[0].value == "ü"


def test_a_pipe_is_read(tmp_path):
    """`<(terraform show -json tfplan)` cannot be read twice, and need not be."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = json.dumps(plan(change()))
    writer = threading.Thread(target=lambda: pipe.write_text(text))
    writer.start()
    reading = read_plan(pipe, cwd=tmp_path)
    writer.join()
    assert [resource.address for resource in reading.resources] == ["aws_s3_bucket.b"]


LOOKS = {
    json.dumps(plan(change())): True,
    json.dumps({"plan_format_version": "1.2"}): True,
    json.dumps(STATE): True,
    json.dumps(SHOWN_STATE): True,
    EVENTS: True,
    "PK\x03\x04....tfplan": True,
    "PK\x03\x04....word/document.xml": False,
    '{"Resources": {}}': False,
    '{"resource": {"aws_s3_bucket": {}}}': False,
    'resource "a" "b" {}': False,
    "": False,
}


@pytest.mark.parametrize(("text", "expected"), LOOKS.items())
def test_looks_like_plan(tmp_path, text, expected):
    """A plan, and what people take for one; nothing else."""
    path = tmp_path / "some.json"
    path.write_text(text, "latin-1")
    assert looks_like_plan(path) is expected


def test_looks_like_plan_never_raises(tmp_path):
    """A directory or a missing file is none."""
    assert not looks_like_plan(tmp_path)
    assert not looks_like_plan(Path(tmp_path, "none"))


def test_half_a_surrogate_cannot_reach_the_output(tmp_path):
    """JSON can spell what no encoding can print; it is replaced."""
    text = json.dumps(plan(change(after={"tags_all": {"a": "X", "kX": "v"}}))).replace("X", "\\ud800")
    (resource,) = read(tmp_path, text).resources
    assert [(tag.key, tag.value) for tag in resource.tags.items] == [("a", "?"), ("k?", "v")]
