"""Previews and exports of Pulumi, written by hand in the form of pulumi/pulumi (sdk/go/common/display/json.go,
apitype.ResourceV3): what is read of them, and what is refused.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector
from tagwright_dictionary.model import Unknown, Verdict
from tagwright_iac.pulumi import looks_like_pulumi, read_pulumi
from tagwright_iac.reading import ReadOptions, read
from tagwright_policies.gate import gate

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
BUCKET = "aws:s3/bucket:Bucket"
INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GROUP = "aws:autoscaling/group:Group"
PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:aws::default_7_51_1"
TAGS = {"owner": "ml@acme.example", "workload": "training"}


def urn(token, name, parent=""):
    return f"urn:pulumi:dev::shop::{parent + '$' if parent else ''}{token}::{name}"


def state(token, name, inputs=None, **more):
    return {
        "urn": urn(token, name),
        "custom": True,
        "type": token,
        "inputs": inputs or {},
        "parent": urn("pulumi:pulumi:Stack", "shop-dev"),
        "provider": f"{PROVIDER}::{UNKNOWN}",
        **more,
    }


def step(token, name, inputs=None, op="create", **more):
    after = state(token, name, inputs, **more)
    return {"op": op, "urn": after["urn"], "provider": after["provider"], "newState": after, "detailedDiff": None}


STACK = {
    "op": "create",
    "urn": urn("pulumi:pulumi:Stack", "shop-dev"),
    "newState": {"urn": urn("pulumi:pulumi:Stack", "shop-dev"), "custom": False, "type": "pulumi:pulumi:Stack"},
    "detailedDiff": None,
}


def preview(*steps, **more):
    return {"config": {"aws:region": "eu-central-1"}, "steps": [STACK, *steps], "changeSummary": {"create": 2}, **more}


def export(*resources):
    manifest = {"time": "2026-11-23T10:00:00Z", "magic": "m", "version": "v3.263.0"}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": list(resources)}}


@pytest.fixture
def reading(tmp_path):
    def make(document, name="preview.json", **options):
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        assert looks_like_pulumi(path)
        return read([name], ReadOptions(cwd=tmp_path, **options))

    return make


def one(found):
    assert found.problems == ()
    (resource,) = found.resources
    return resource


def shown(tags):
    values = {tag.key: "?" if isinstance(tag.value, Unknown) else tag.value for tag in tags.items}
    return values if tags.complete else {**values, "...": "?"}


def test_a_bucket_of_a_preview(reading):
    """Token, address, classes, tags and where from; the stack itself is no resource."""
    found = one(reading(preview(step(BUCKET, "data", {"tags": TAGS}))))
    assert (found.type, found.address, found.framework) == (BUCKET, f"{BUCKET}::data", "pulumi")
    assert (found.provider, found.taggable, found.classes.certain) == ("aws", True, {"bucket", "storage"})
    assert (shown(found.tags), found.scope, found.location.path) == (TAGS, "preview.json", "preview.json")
    assert [(bill.what, bill.own, shown(bill.tags)) for bill in found.bills] == [("bucket", True, TAGS)]


def test_what_is_unknown_and_what_is_secret(reading):
    """A marker is unknown by its key, a mask is unknown and never shown; one hides no other. A whole map unknown."""
    tags = {"owner": UNKNOWN, "token": "[secret]", "workload": "training"}
    found = one(reading(preview(step(BUCKET, "data", {"tags": tags, "tagsAll": UNKNOWN}))))
    assert shown(found.tags) == {"owner": "?", "token": "?", "workload": "training"}
    assert [tag.key for tag in found.tags.items if tag.sensitive] == ["token"]
    whole = one(reading(preview(step(BUCKET, "data", {"tags": UNKNOWN}))))
    assert shown(whole.tags) == {"...": "?"}


@pytest.mark.parametrize(
    ("wrapped", "value"),
    [
        ({"plaintext": '"hush"'}, "hush"),
        ({"ciphertext": "v1:abc"}, "?"),
        ({"plaintext": "not json"}, "?"),
    ],
)
def test_secrets_of_an_export(reading, wrapped, value):
    """Encrypted ones are unknown; with --show-secrets they are judged. Neither is shown."""
    secret = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", **wrapped}
    found = one(reading(export(state(BUCKET, "data", {"tags": {"a": secret}}))))
    assert shown(found.tags) == {"a": value}
    assert found.tags.items[0].sensitive


@pytest.mark.parametrize(
    ("op", "judged"),
    [
        *((op, True) for op in ("create", "update", "replace", "create-replacement", "same", "import", "refresh")),
        *((op, True) for op in ("import-replacement", "something-new")),
        *((op, False) for op in ("delete", "delete-replaced", "read", "read-replacement", "discard")),
    ],
)
def test_steps(reading, op, judged):
    """What stays is judged, also after a step that is newer than this reader; what goes or is only read is not."""
    found = reading(preview(step(BUCKET, "data", {"tags": TAGS}, op=op)))
    assert (len(found.resources), found.problems) == (int(judged), ())


def test_a_replacement_is_one_resource(reading):
    """Also when the preview splits it into its steps."""
    parts = [
        step(BUCKET, "data", {"tags": {"a": "new"}}, op="create-replacement"),
        step(BUCKET, "data", {"tags": {"a": "new"}}, op="replace"),
        step(BUCKET, "data", {"tags": {"a": "old"}}, op="delete-replaced"),
    ]
    assert shown(one(reading(preview(*parts))).tags) == {"a": "new"}


def test_what_the_stack_does_not_own(reading):
    """Components, providers, external resources and those that are being deleted are no resources of the stack."""
    found = reading(
        export(
            state("my:index:Thing", "c", custom=False),
            state("pulumi:providers:aws", "default_7_51_1"),
            state(BUCKET, "lookup", external=True),
            state(BUCKET, "old", delete=True),
        )
    )
    assert (found.resources, found.problems, found.files) == ((), (), ("preview.json",))


def test_default_tags(reading):
    """What the provider merged; else what its own state, or for Pulumi's own provider the configuration, says."""
    merged = {"tags": {"a": "own"}, "tagsAll": {"a": "own", "team": "vision"}}
    found = one(reading(preview(step(BUCKET, "data", merged))))
    assert {tag.key: tag.origin.kind for tag in found.tags.items} == {"a": "plan", "team": "default_tags"}
    tags = {"a": UNKNOWN}
    document = preview(step(BUCKET, "data", {"tags": tags, "tagsAll": UNKNOWN}))
    assert shown(one(reading(document)).tags) == {"a": "?"}
    document["config"]["aws:defaultTags"] = '{"tags":{"team":"vision"}}'
    assert shown(one(reading(document)).tags) == {"a": "?", "team": "vision"}
    explicit = urn("pulumi:providers:aws", "mine")
    there = step(BUCKET, "data", {"tags": tags, "tagsAll": UNKNOWN}, provider=f"{explicit}::{UNKNOWN}")
    assert shown(one(reading(preview(there))).tags) == {"a": "?", "...": "?"}
    provider = step("pulumi:providers:aws", "mine", {"defaultTags": '{"tags":{"team":"search"}}'})
    assert shown(one(reading(preview(provider, there))).tags) == {"a": "?", "team": "search"}
    hidden = step("pulumi:providers:aws", "mine", {"defaultTags": UNKNOWN})
    assert shown(one(reading(preview(hidden, there))).tags) == {"a": "?", "...": "?"}


def test_outputs_count_only_in_an_export(reading):
    """A preview's outputs may be those of before."""
    old = {"outputs": {"tagsAll": {"team": "old"}}}
    assert shown(one(reading(preview(step(BUCKET, "data", {"tags": {"a": "b"}}, **old)))).tags) == {"a": "b"}
    assert shown(one(reading(export(state(BUCKET, "data", {"tags": {"a": "b"}}, **old)))).tags) == {
        "a": "b",
        "team": "old",
    }


def bills(resource):
    return {bill.what: shown(bill.tags) for bill in resource.bills}


def test_an_instance_and_its_volumes(reading):
    """As for Terraform: tags stay on the instance, volume tags and blocks are the volumes'."""
    inputs = {"instanceType": "p5.48xlarge", "tags": TAGS}
    found = one(reading(preview(step(INSTANCE, "i", inputs))))
    assert found.classes.certain == frozenset({"compute", "gpu"})
    assert bills(found) == {"instance": TAGS, "volumes": {}}
    reached = one(reading(preview(step(INSTANCE, "i", {**inputs, "volumeTags": TAGS}))))
    assert bills(reached) == {"instance": TAGS, "volumes": TAGS}
    blocks = [{"deviceName": "/dev/sdf", "tags": {"a": "b"}}]
    split = one(reading(preview(step(INSTANCE, "i", {**inputs, "ebsBlockDevices": blocks}))))
    assert bills(split) == {"instance": TAGS, "root volume": {}, "volume /dev/sdf": {"a": "b"}}


def test_a_group_and_its_template(reading):
    """The link is followed by what Pulumi notes of the property, or by a known id."""
    specified = [
        {"resourceType": "instance", "tags": {"from": "template"}},
        {"resourceType": "volume", "tags": {"v": "template"}},
    ]
    template = step(TEMPLATE, "t", {"instanceType": "p5.48xlarge", "tagSpecifications": specified, "tags": TAGS})
    rows = [
        {"key": "owner", "value": "ml@acme.example", "propagateAtLaunch": True},
        {"key": "stays", "value": "x", "propagateAtLaunch": False},
    ]
    group = step(
        GROUP,
        "g",
        {"launchTemplate": {"id": UNKNOWN, "version": "$Latest"}, "tags": rows},
        propertyDependencies={"launchTemplate": [urn(TEMPLATE, "t")], "tags": None},
    )
    found = reading(preview(group, template))
    by_type = {each.type: each for each in found.resources}
    reaching = {"from": "template", "owner": "ml@acme.example"}
    assert bills(by_type[GROUP]) == {"instances": reaching, "volumes": {"v": "template"}}
    assert by_type[GROUP].classes.certain == frozenset({"gpu", "node-group"})
    assert shown(by_type[GROUP].tags) == {"owner": "ml@acme.example", "stays": "x"}
    assert bills(by_type[TEMPLATE])["instances"] == reaching
    known = reading(
        export(
            state(TEMPLATE, "t", template["newState"]["inputs"], id="lt-1"),
            state(GROUP, "g", {"launchTemplate": {"id": "lt-1"}, "tags": rows}),
        )
    )
    assert bills({each.type: each for each in known.resources}[GROUP])["instances"] == reaching
    elsewhere = one(reading(export(state(GROUP, "g", {"launchTemplate": {"id": "lt-9"}, "tags": rows}))))
    assert bills(elsewhere)["instances"] == {"owner": "ml@acme.example", "...": "?"}


def test_other_clouds(reading):
    """Labels of Google Cloud, tags of Azure, a type that no table knows."""
    found = reading(
        preview(
            step("gcp:storage/bucket:Bucket", "g", {"labels": {"owner": "x"}}),
            step("azure:storage/account:Account", "a", {"tags": {"owner": "x"}}),
            step("my:index:Custom", "m", {"tags": {"owner": "x"}}),
        )
    )
    assert found.problems == ()
    assert {each.type: (each.provider, each.taggable, shown(each.tags)) for each in found.resources} == {
        "gcp:storage/bucket:Bucket": ("google", True, {"owner": "x"}),
        "azure:storage/account:Account": ("azurerm", True, {"owner": "x"}),
        "my:index:Custom": ("my", None, {}),
    }


def test_types_are_selected_by_terraforms_names(reading):
    """The dictionary's `types:` need not be written twice."""
    keys, queues = (Key("owner"),), Requirement("queues", Selector(types=("aws_sqs_*",)), require=("owner",))
    dictionary = Dictionary("d", "1.0.0", keys, (queues,))
    found = reading(preview(step("aws:sqs/queue:Queue", "q"), step("aws:sns/topic:Topic", "t")))
    result = gate(dictionary, found, today=date(2026, 11, 23))
    assert {each.resource.type: each.verdict for each in result.judgements} == {
        "aws:sqs/queue:Queue": Verdict.NON_COMPLIANT,
        "aws:sns/topic:Topic": Verdict.NOT_APPLICABLE,
    }


def test_the_order_of_steps_does_not_matter(reading):
    """The engine works in parallel."""
    steps = [step(BUCKET, name, {"tags": TAGS}) for name in ("b", "a", "c")]
    assert reading(preview(*steps)) == reading(preview(*reversed(steps)))


def test_changed_only(reading):
    """Leaves out what the preview does not touch."""
    document = preview(step(BUCKET, "a", {"tags": TAGS}, op="same"), step(BUCKET, "b", {"tags": TAGS}))
    assert [each.address for each in reading(document, changed_only=True).resources] == [f"{BUCKET}::b"]


def test_what_is_not_shown_is_said(reading):
    """A preview leaves unchanged resources out."""
    document = preview(step(BUCKET, "a", {"tags": TAGS}))
    document["changeSummary"] = {"create": 1, "same": 4}
    words = "4 unchanged resources are not in the preview; `pulumi preview --json --show-sames` writes them as well"
    assert reading(document).notes == (f"preview.json: {words}",)


def test_the_file_of_a_backend_on_disk(reading):
    """Holds the same under other keys."""
    document = {"version": 3, "checkpoint": {"stack": "dev", "latest": export(state(BUCKET, "a"))["deployment"]}}
    assert one(reading(document)).address == f"{BUCKET}::a"


def problem(found):
    assert found.resources == () or len(found.problems) > 0
    return found.problems[0].reason


def test_a_failed_preview_is_no_clean_one(reading):
    """What is there is judged, and the rest is not taken for clean."""
    document = preview(
        step(BUCKET, "a", {"tags": TAGS}), diagnostics=[{"message": "boom\n\x1b[31m", "severity": "error"}]
    )
    found = reading(document)
    assert len(found.resources) == 1
    assert problem(found).startswith("the preview ended with an error, so it is not complete: boom")
    del document["diagnostics"], document["changeSummary"]
    assert problem(reading(document)) == "the preview has no changeSummary: it did not come to its end"


PRE_EVENT = {"metadata": {"op": "create", "urn": urn(BUCKET, "a")}}
EVENTS = "\n".join(
    json.dumps({"sequence": number, "timestamp": 1789897840, name: content})
    for number, (name, content) in enumerate((("preludeEvent", {"config": {}}), ("resourcePreEvent", PRE_EVENT)))
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (EVENTS, "this is a stream of engine events, not one document"),
        (json.dumps({**preview(), "version": 1, "isPreview": True}), "this is a summary of engine events"),
        ('{"steps": [], "changeSummary": {}, "duration": 1', "not valid JSON"),
        (json.dumps(preview()) + "\ntrailing", "there is more text after the document's closing brace"),
        (json.dumps(preview({"urn": urn(BUCKET, "a")})), "a step of the preview has no op"),
        (json.dumps(preview({"op": "create", "urn": urn(BUCKET, "a")})), "the step create of"),
        (json.dumps(preview({"op": "create", "newState": {"urn": "x", "type": "y"}})), "x is no URN of Pulumi"),
        (json.dumps(export({"type": BUCKET})), "a resource has no urn and type"),
    ],
)
def test_bad_documents_are_refused(reading, tmp_path, text, words):
    """In words, with what to do; never as an empty, clean reading."""
    path = tmp_path / "bad.json"
    path.write_text(text)
    found = read_pulumi(path, cwd=tmp_path)
    assert words in problem(found)
    assert found.problems[0].hint


def test_deep_nesting_is_refused(tmp_path):
    """Hostile input."""
    deep = "[" * 100_000 + "]" * 100_000
    path = tmp_path / "deep.json"
    path.write_text(json.dumps(preview(step(BUCKET, "a", {"x": "DEEP"}))).replace('"DEEP"', deep))
    assert read_pulumi(path, cwd=tmp_path).problems


@pytest.mark.parametrize("text", ['{"format_version": "1.2"}', '{"resource_changes": []}', "[]", "hello", "", "{}"])
def test_other_documents_are_left_to_others(tmp_path, text):
    """A Terraform plan is not taken for Pulumi's, whatever is in it."""
    path = tmp_path / "other.json"
    path.write_text(text.replace("}", ', "x": "urn:pulumi:dev::a::b::c"}') if len(text) > 2 else text)
    assert not looks_like_pulumi(path)


def test_powershells_utf16(tmp_path):
    """`>` of PowerShell writes UTF-16."""
    path = tmp_path / "preview.json"
    path.write_bytes(json.dumps(preview(step(BUCKET, "a", {"tags": TAGS}))).encode("utf-16"))
    assert looks_like_pulumi(path)
    assert len(read([str(path)], ReadOptions(cwd=Path(tmp_path))).resources) == 1
