"""Which entries of a plan are judged, and what they are called."""

import pytest
from tests.iac_readers.plan.making import change, plan, read, tags_by_address

from tagwright_dictionary.model import Location

AFTER = {"after": {"tags": {"a": "b"}, "tags_all": {"a": "b"}}}

JUDGED = {
    "create": change(actions=["create"], **AFTER),
    "update": change(actions=["update"], **AFTER),
    "replacement, destroyed first": change(actions=["delete", "create"], **AFTER),
    "replacement, created first": change(actions=["create", "delete"], **AFTER),
    "replacement that forgets": change(actions=["forget", "create"], **AFTER),
    "import": change(actions=["no-op"], importing={"id": "x"}, **AFTER),
    "import with an update": change(actions=["update"], importing={"id": "x"}, **AFTER),
}
ONLY_WITHOUT_CHANGED_ONLY = {"no-op": change(actions=["no-op"], **AFTER)}
NOT_JUDGED = {
    "delete": change(actions=["delete"], after=None),
    "forget": change(actions=["forget"], after=None),
    "read": change(actions=["read"], mode="data", **AFTER),
    "a data source that was read": change(actions=["no-op"], mode="data", **AFTER),
    "an ephemeral resource": change(actions=["open"], mode="ephemeral", **AFTER),
    "a deposed object": change(actions=["delete"], deposed="abc", after=None),
    "a deposed object that stays": change(actions=["no-op"], deposed="abc", **AFTER),
}


@pytest.mark.parametrize("entry", JUDGED.values(), ids=JUDGED)
def test_judged(tmp_path, entry):
    """What the plan leaves in place and touches is judged, with or without --changed-only."""
    for changed_only in (False, True):
        reading = read(tmp_path, plan(entry), changed_only=changed_only)
        assert tags_by_address(reading) == {"aws_s3_bucket.b": {"a": "b"}}


@pytest.mark.parametrize("entry", ONLY_WITHOUT_CHANGED_ONLY.values(), ids=ONLY_WITHOUT_CHANGED_ONLY)
def test_untouched(tmp_path, entry):
    """What the plan does not touch is left out only when asked."""
    assert tags_by_address(read(tmp_path, plan(entry))) == {"aws_s3_bucket.b": {"a": "b"}}
    assert tags_by_address(read(tmp_path, plan(entry), changed_only=True)) == {}


@pytest.mark.parametrize("entry", NOT_JUDGED.values(), ids=NOT_JUDGED)
def test_not_judged(tmp_path, entry):
    """What goes away or is only read is not judged."""
    assert tags_by_address(read(tmp_path, plan(entry))) == {}


def test_drift_is_not_the_plan(tmp_path):
    """resource_drift says what happened outside, not what will be."""
    assert tags_by_address(read(tmp_path, plan(resource_drift=[change(**AFTER)]))) == {}


def test_identity(tmp_path):
    """Addresses, instance keys and blocks are Terraform's own."""
    entry = change(
        'module.m["a.b[0]"].aws_s3_bucket.b["x\\"]"]',
        module_address='module.m["a.b[0]"]',
        type="aws_s3_bucket",
        name="b",
        index='x"]',
        **AFTER,
    )
    number = change("aws_s3_bucket.c[3]", name="c", index=3, **AFTER)
    first, second = read(tmp_path, plan(entry, number)).resources
    assert (first.address, first.block, first.instance_key) == (
        'module.m["a.b[0]"].aws_s3_bucket.b["x\\"]"]',
        "module.m.aws_s3_bucket.b",
        '"x\\"]"',
    )
    assert (second.block, second.instance_key) == ("aws_s3_bucket.c", "3")
    assert (first.provider, first.framework, first.location, first.scope, first.sources) == (
        "aws",
        "terraform-plan",
        Location("plan.json"),
        "plan.json",
        ("plan.json",),
    )


def test_order_is_the_plans(tmp_path):
    """Resources that wait for others keep their place."""
    names = ["aws_autoscaling_group.a", "aws_launch_template.b", "aws_s3_bucket.c", "aws_eks_node_group.d"]
    entries = [change(name) for name in names]
    assert [resource.address for resource in read(tmp_path, plan(*entries)).resources] == names


def test_deferred_changes_may_or_may_not_exist(tmp_path):
    """An instance count that is decided in a later run."""
    deferred = {"reason": "instance_count_unknown", "resource_change": change(**AFTER)}
    (resource,) = read(tmp_path, plan(deferred_changes=[deferred])).resources
    assert resource.exists.cause == (
        "whether and how often it exists is decided in a later run (instance_count_unknown)"
    )


def test_a_planned_resource_without_values(tmp_path):
    """Nothing can be said of it, so nothing is."""
    assert tags_by_address(read(tmp_path, plan(change(after=None)))) == {"aws_s3_bucket.b": {"+?": "?"}}


def test_type_in_no_table(tmp_path):
    """Noted; but a type that shows tags_all can be tagged, whatever the tables know."""
    odd, new = read(tmp_path, plan(change("aws_acme.a", after={"x": 1}), change("aws_brand_new.b", **AFTER))).resources
    assert (odd.taggable, odd.note) == (None, "aws_acme is in no table of taggable types")
    assert (new.taggable, new.note) == (True, "")


def test_tofu_and_old_plans(tmp_path):
    """OpenTofu's registry, short provider names of Terraform 0.12, HCP's redacted format."""
    tofu = change(**AFTER) | {"provider_name": "registry.opentofu.org/hashicorp/aws"}
    old = change(**AFTER) | {"provider_name": "aws"}
    for entry in (tofu, old):
        assert read(tmp_path, plan(entry)).resources[0].provider == "aws"
    redacted = {"plan_format_version": "1.2", "provider_format_version": "1.0", "resource_changes": [change(**AFTER)]}
    assert tags_by_address(read(tmp_path, redacted)) == {"aws_s3_bucket.b": {"a": "b"}}
