"""Which tags a planned resource ends up with, and what of them is known."""

import pytest
from tests.iac_readers.plan.making import (
    bills_by_address,
    block,
    change,
    configured,
    plan,
    read,
    shown,
    tags_by_address,
)

from tagwright_dictionary.model import Origin, Unknown

CONSTANT = {"constant_value": {"owner": "d", "team": "d"}}
BUCKET = block("aws_s3_bucket", "b")


def bucket(after, after_unknown=None, name="aws_s3_bucket.b", **more):
    return change(name, after=after, after_unknown=after_unknown or {}, **more)


AWS_TAGS = {
    "tags_all over tags": (
        bucket({"tags": {"a": "1"}, "tags_all": {"a": "1", "owner": "d"}}),
        {},
        {"a": "1", "owner": "d"},
    ),
    "a null is no tag": (bucket({"tags": {"a": None}, "tags_all": {"a": None}}), {}, {}),
    "an empty value is one": (bucket({"tags": {"a": ""}, "tags_all": {"a": ""}}), {}, {"a": ""}),
    "no tags at all": (bucket({"tags": None, "tags_all": {}}), {}, {}),
    "an unknown value, per key": (
        bucket({"tags": {"a": "1"}, "tags_all": {"a": "1"}}, {"tags": {"b": True}, "tags_all": {"b": True}}),
        {},
        {"a": "1", "b": "?"},
    ),
    "all of tags_all unknown: own tags over constant defaults": (
        bucket({"tags": {"a": "1", "team": "own"}}, {"tags": {"b": True}, "tags_all": True}),
        configured(BUCKET, defaults=CONSTANT),
        {"a": "1", "b": "?", "owner": "d", "team": "own"},
    ),
    "and no defaults": (
        bucket({"tags": {"a": "1"}}, {"tags": {"b": True}, "tags_all": True}),
        configured(BUCKET),
        {"a": "1", "b": "?"},
    ),
    "an unknown map may override every default": (
        bucket({}, {"tags": True, "tags_all": True}),
        configured(BUCKET, defaults=CONSTANT),
        {"owner": "?", "team": "?", "+?": "?"},
    ),
    "without a configuration section defaults cannot be excluded": (
        bucket({"tags": {"a": "1"}}, {"tags": {"b": True}, "tags_all": True}),
        None,
        {"a": "1", "b": "?", "+?": "?"},
    ),
    "known tags_all need no configuration": (
        bucket({"tags": {}, "tags_all": {"a": "1"}}),
        None,
        {"a": "1"},
    ),
    "defaults of root variables are known to the provider": (
        bucket({"tags": {}, "tags_all": {"owner": "d"}}),
        configured(BUCKET, defaults={"references": ["var.common", "path.root"]}),
        {"owner": "d"},
    ),
    "so are those of locals when nothing is pending": (
        bucket({"tags": {}, "tags_all": {"owner": "d"}}),
        configured(BUCKET, defaults={"references": ["local.common"]}),
        {"owner": "d"},
    ),
    "those of functions of constants too": (
        bucket({"tags": {}, "tags_all": {"owner": "d"}}),
        configured(BUCKET, defaults={}),
        {"owner": "d"},
    ),
}


@pytest.mark.parametrize(("entry", "configuration", "expected"), AWS_TAGS.values(), ids=AWS_TAGS)
def test_aws(tmp_path, entry, configuration, expected):
    """The truth per key."""
    sections = {} if configuration is None else {"configuration": configuration}
    assert tags_by_address(read(tmp_path, plan(entry, **sections))) == {"aws_s3_bucket.b": expected}


PENDING = change("random_pet.p", after={}, after_unknown={"id": True}, provider_name="x/y/random")
DEFAULTS_THAT_MAY_HIDE_KEYS = {
    "a resource that is created": (["random_pet.p.id", "random_pet.p"], PENDING, True),
    "a local, with something pending": (["local.common"], PENDING, True),
    "a resource that is there": (["random_pet.q.id", "random_pet.q"], PENDING, False),
    "a resource that does not change": (["random_pet.p.id"], PENDING | {"change": {"actions": ["no-op"]}}, False),
    "a variable, with something pending": (["var.common"], PENDING, False),
    "a data source read at apply": (
        ["data.x_y.z.id", "data.x_y.z"],
        change("data.x_y.z", ["read"], mode="data", type="x_y", name="z"),
        True,
    ),
    "an output of a module": (["module.m.tags"], change("module.m.random_pet.p", module_address="module.m"), True),
}


@pytest.mark.parametrize(
    ("references", "other", "hidden"), DEFAULTS_THAT_MAY_HIDE_KEYS.values(), ids=DEFAULTS_THAT_MAY_HIDE_KEYS
)
def test_unknown_defaults_are_left_out_of_tags_all(tmp_path, references, other, hidden):
    """The provider drops them, so a key that is not shown may still come: that is unknown, not missing."""
    entry = bucket({"tags": {"a": "1"}, "tags_all": {"a": "1"}})
    pet = block("random_pet", "p", "random")
    configuration = configured(BUCKET, pet, defaults={"references": references})
    configuration["root_module"]["module_calls"] = {
        "m": {"module": {"outputs": {"tags": {"expression": {"references": ["random_pet.p.id"]}}}, "resources": [pet]}}
    }
    reading = read(tmp_path, plan(entry, other, configuration=configuration))
    tags = reading.resources[0].tags
    assert tags.complete is not hidden
    assert shown(tags) == {"a": "1"} | ({"+?": "?"} if hidden else {})
    if hidden:
        assert "leaves unknown ones out of the plan" in tags.cause.cause


def test_defaults_are_told_by_other_resources(tmp_path):
    """What stands in every tags_all and in nobody's own tags is a default; then it is known where it is not shown."""
    entries = [
        bucket({"tags": {"a": "1"}, "tags_all": {"a": "1", "owner": "d"}}, name="aws_s3_bucket.one"),
        bucket({"tags": {"z": "1"}, "tags_all": {"owner": "d", "z": "1"}}, name="aws_s3_bucket.two"),
        bucket({"tags": {"b": "1"}}, {"tags": {"c": True}, "tags_all": True}, name="aws_s3_bucket.three"),
    ]
    blocks = [block("aws_s3_bucket", name) for name in ("one", "two", "three")]
    configuration = configured(*blocks, defaults={"references": ["var.common"]})
    found = tags_by_address(read(tmp_path, plan(*entries, configuration=configuration)))
    assert found["aws_s3_bucket.three"] == {"b": "1", "c": "?", "owner": "d"}


def test_a_key_that_could_be_a_default_leaves_it_open(tmp_path):
    """With one witness whose own tags might hide a default, more defaults are possible."""
    entries = [
        bucket({"tags": {"a": "1"}, "tags_all": {"a": "1", "owner": "d"}}, name="aws_s3_bucket.one"),
        bucket({"tags": {"b": "1"}}, {"tags": {"c": True}, "tags_all": True}, name="aws_s3_bucket.two"),
    ]
    blocks = [block("aws_s3_bucket", name) for name in ("one", "two")]
    configuration = configured(*blocks, defaults={"references": ["var.common"]})
    found = tags_by_address(read(tmp_path, plan(*entries, configuration=configuration)))
    assert found["aws_s3_bucket.two"] == {"b": "1", "c": "?", "owner": "d", "+?": "?"}


def test_causes_name_what_the_code_refers_to(tmp_path):
    """Unknown values say where they come from."""
    entry = bucket({"tags": {}}, {"tags": {"b": True}, "tags_all": True})
    expressions = {"tags": {"references": ["random_pet.p.id", "random_pet.p", "var.x"]}}
    configuration = configured(block("aws_s3_bucket", "b", **expressions))
    (resource,) = read(tmp_path, plan(entry, configuration=configuration)).resources
    assert resource.tags.items[0].value == Unknown(
        "known only after apply (from random_pet.p.id, var.x)", "check the configuration, or set the value in code"
    )


SENSITIVE = {
    "a key": {"tags": {"owner": True}},
    "all tags": {"tags": True},
    "everything": True,
    "only in tags_all": {"tags_all": {"owner": True}},
}


@pytest.mark.parametrize("marks", SENSITIVE.values(), ids=SENSITIVE)
def test_sensitive(tmp_path, marks):
    """tags_all loses the mark that tags bear: either is enough, also where the tag arrives."""
    entry = bucket({"tags": {"owner": "s3cret"}, "tags_all": {"owner": "s3cret"}}, after_sensitive=marks)
    (resource,) = read(tmp_path, plan(entry)).resources
    assert [tag.sensitive for tag in (*resource.tags.items, *resource.bills[0].tags.items)] == [True, True]


def test_shapes_without_marks_are_not_sensitive(tmp_path):
    """after_sensitive mirrors nested shapes even where nothing is marked."""
    entry = bucket({"tags": {"a": "1"}, "tags_all": {"a": "1"}}, after_sensitive={"tags": {}, "x": [{}]})
    (resource,) = read(tmp_path, plan(entry)).resources
    assert not resource.tags.items[0].sensitive


def test_sensitive_attributes_decide_but_are_not_shown(tmp_path):
    """A GPU stays a GPU when its type is secret; the type is in no message."""
    open_, secret = (
        change(f"aws_instance.{name}", after={"instance_type": "p5.48xlarge"}, after_sensitive=marks)
        for name, marks in (("a", {}), ("b", {"instance_type": True}))
    )
    first, second = read(tmp_path, plan(open_, secret)).resources
    assert "gpu" in first.classes.certain
    assert "gpu" in second.classes.certain
    assert (first.attributes, second.attributes) == ((("instance_type", ("p5.48xlarge",)),), ())


OTHER_PROVIDERS = {
    "google: effective_labels over labels": (
        change(
            "google_storage_bucket.b",
            after={"labels": {"a": "1"}, "terraform_labels": {"a": "1"}, "effective_labels": {"a": "1", "owner": "d"}},
        ),
        {"a": "1", "owner": "d"},
    ),
    "google: terraform_labels where that is all": (
        change("google_storage_bucket.b", after={"labels": {"a": "1"}, "terraform_labels": {"a": "1", "owner": "d"}}),
        {"a": "1", "owner": "d"},
    ),
    "google before 5.0": (change("google_storage_bucket.b", after={"labels": {"a": "1"}}), {"a": "1"}),
    "google: another attribute": (
        change("google_container_cluster.c", after={"resource_labels": {"a": "1"}}),
        {"a": "1"},
    ),
    "azurerm": (change("azurerm_storage_account.s", after={"tags": {"a": "1"}}), {"a": "1"}),
    "awscc: a list of pairs": (
        change("awscc_s3_bucket.b", after={"tags": [{"key": "a", "value": "1"}, {"key": "b", "value": None}]}),
        {"a": "1"},
    ),
    "awscc: an unknown value": (
        change("awscc_s3_bucket.b", after={"tags": [{"key": "a"}]}, after_unknown={"tags": [{"value": True}]}),
        {"a": "?"},
    ),
    "awscc: an unknown key": (
        change("awscc_s3_bucket.b", after={"tags": [{"value": "1"}]}, after_unknown={"tags": [{"key": True}]}),
        {"+?": "?"},
    ),
    "awscc: another property": (
        change("awscc_efs_file_system.f", after={"file_system_tags": [{"key": "a", "value": "1"}]}),
        {"a": "1"},
    ),
    "a group's tag blocks": (
        change("aws_autoscaling_group.g", after={"tag": [{"key": "a", "value": "1", "propagate_at_launch": False}]}),
        {"a": "1"},
    ),
    "a group's tags list": (
        change("aws_autoscaling_group.g", after={"tags": [{"key": "a", "value": "1", "propagate_at_launch": True}]}),
        {"a": "1"},
    ),
    "a group's unknown blocks": (
        change("aws_autoscaling_group.g", after={}, after_unknown={"tag": True}),
        {"+?": "?"},
    ),
    "kubernetes: labels inside a block": (
        change("kubernetes_deployment_v1.d", after={"metadata": [{"labels": {"a": "1"}}]}),
        {"a": "1"},
    ),
    "tags that are no map": (change("azurerm_storage_account.s", after={"tags": "x"}), {"+?": "?"}),
}


@pytest.mark.parametrize(("entry", "expected"), OTHER_PROVIDERS.values(), ids=OTHER_PROVIDERS)
def test_other_shapes(tmp_path, entry, expected):
    """Every provider's own way to write tags."""
    blocks = block(entry["type"], entry["name"], "x", tag={}, tags={}, labels={})
    reading = read(tmp_path, plan(entry, configuration=configured(blocks)))
    assert tags_by_address(reading) == {entry["address"]: expected}


def test_google_default_labels(tmp_path):
    """Where merged labels are unknown, constants of default_labels count."""
    entry = change(
        "google_storage_bucket.b",
        after={"labels": {"a": "1"}},
        after_unknown={"labels": {"z": True}, "effective_labels": True},
    )
    configuration = configured(block("google_storage_bucket", "b", "google"))
    configuration["provider_config"]["google"] = {
        "name": "google",
        "expressions": {"default_labels": {"constant_value": {"owner": "d"}}},
    }
    assert tags_by_address(read(tmp_path, plan(entry, configuration=configuration))) == {
        "google_storage_bucket.b": {"a": "1", "owner": "d", "z": "?"}
    }


def test_module_uses_its_parents_provider(tmp_path):
    """A key that older Terraforms write for an inherited provider leads to the configuration that it means."""
    entry = bucket({"tags": {}}, {"tags": {"a": True}, "tags_all": True}, name="module.a.module.b.aws_s3_bucket.b")
    entry |= {"module_address": "module.a.module.b", "type": "aws_s3_bucket", "name": "b"}
    inner = {"resources": [block("aws_s3_bucket", "b", "module.a.module.b:aws")]}
    configuration = configured(
        defaults=CONSTANT, module_calls={"a": {"module": {"module_calls": {"b": {"module": inner}}}}}
    )
    (found,) = tags_by_address(read(tmp_path, plan(entry, configuration=configuration))).values()
    assert found == {"a": "?", "owner": "d", "team": "d"}


def test_origins(tmp_path):
    """A tag of the provider says so."""
    entry = bucket({"tags": {"a": "1"}, "tags_all": {"a": "1", "owner": "d"}})
    (resource,) = read(tmp_path, plan(entry, configuration=configured(BUCKET, defaults=CONSTANT))).resources
    assert [tag.origin for tag in resource.tags.items] == [
        Origin("plan", "aws_s3_bucket.b", resource.location),
        Origin("default_tags", "provider.aws"),
    ]


VERSIONS = {"~> 5.40": {"owner": "d"}, "~> 5.0": {"owner": "d"}, "": {"owner": "d"}, "~> 5.38.0": {}, "< 5.39": {}}


@pytest.mark.parametrize(("version", "volumes"), VERSIONS.items())
def test_default_tags_on_volumes_by_provider_version(tmp_path, version, volumes):
    """The version constraints in the plan decide whether default_tags reach volumes."""
    entry = change("aws_instance.i", after={"tags": None, "tags_all": {"owner": "d"}})
    configuration = configured(block("aws_instance", "i"), defaults={"constant_value": {"owner": "d"}}, version=version)
    found = bills_by_address(read(tmp_path, plan(entry, configuration=configuration)))
    assert found == {"aws_instance.i": {"instance": {"owner": "d"}, "volumes": volumes}}


def test_planned_values_alone(tmp_path):
    """They leave unknown values out: what is there is known, what is not may come."""
    resource = {"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b"}
    inner = resource | {"address": 'module.m["x"].aws_s3_bucket.b[0]', "index": 0, "values": {"bucket": "b"}}
    values = {
        "root_module": {
            "resources": [
                resource
                | {"values": {"tags": {"a": "1"}, "tags_all": {"a": "1"}}, "sensitive_values": {"tags": {"a": True}}},
                resource | {"mode": "data"},
            ],
            "child_modules": [{"address": 'module.m["x"]', "resources": [inner]}],
        }
    }
    reading = read(tmp_path, {"format_version": "1.2", "planned_values": values})
    assert tags_by_address(reading) == {
        "aws_s3_bucket.b": {"a": "1", "+?": "?"},
        'module.m["x"].aws_s3_bucket.b[0]': {"+?": "?"},
    }
    assert reading.resources[0].tags.items[0].sensitive
    assert [resource.block for resource in reading.resources] == ["aws_s3_bucket.b", "module.m.aws_s3_bucket.b"]
