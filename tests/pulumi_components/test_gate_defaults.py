"""Tags for the whole stack, who wins over whom, and where the dictionary comes from."""

from __future__ import annotations

import json

import pytest

from tagwright_pulumi import Bucket, GpuNode, SetupError, TagGate
from tagwright_pulumi.stack import find_dictionary
from tagwright_pulumi.testing import Secret

BUCKET = "aws:s3/bucket:Bucket"
REQUIRED = {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training"}


def sent(result):
    assert result.exit_code == 0, result.errors
    return result.one(BUCKET).inputs["tags"]


def test_stack_defaults_fill_what_is_not_there(loopback):
    """`tagwright:defaults` counts as present, and is written to the resource."""
    result = loopback(lambda: Bucket("b", {"tags": {"workload": "inference"}}), config={"tagwright:defaults": REQUIRED})
    assert sent(result) == {**REQUIRED, "workload": "inference"}


def test_the_order_of_precedence(loopback):
    """Resource over gate over `tagwright:defaults` over `aws:defaultTags`."""
    layers = [
        {"a": "aws", "b": "aws", "c": "aws", "d": "aws"},
        {"b": "stack", "c": "stack", "d": "stack"},
        {"c": "gate", "d": "gate"},
        {"d": "resource"},
    ]
    aws, stack, gate, resource = layers
    result = loopback(
        lambda: Bucket("b", {"tags": {**REQUIRED, **resource}}, gate=TagGate(defaults=gate)),
        config={"aws:defaultTags": {"tags": aws}, "tagwright:defaults": stack},
    )
    assert sent(result) == {**REQUIRED, "a": "aws", "b": "stack", "c": "gate", "d": "resource"}


def test_defaults_are_judged_too(loopback):
    """A bad default is as bad as a bad tag."""
    result = loopback(lambda: Bucket("b", {"tags": REQUIRED}), config={"tagwright:defaults": {"team": "visoin"}})
    assert (result.exit_code, result.resources) == (1, ())
    assert 'team = "visoin" is not approved: did you mean "vision"?' in result.errors[0]


def test_a_resource_mends_a_bad_default(loopback):
    """A number in the configuration is no tag, but what is written over it is."""
    config = {"tagwright:defaults": {"workload": 7}}
    assert sent(loopback(lambda: Bucket("b", {"tags": REQUIRED}), config=config)) == REQUIRED
    bare = {key: value for key, value in REQUIRED.items() if key != "workload"}
    assert "workload = 7 is int" in loopback(lambda: Bucket("b", {"tags": bare}), config=config).errors[0]


def test_secret_defaults_stay_secret(loopback):
    """A secret in the configuration is never printed and travels as a secret."""
    options = {"config": {"tagwright:defaults": {"team": "hush"}}, "secrets": ["tagwright:defaults"]}
    bad = loopback(lambda: Bucket("b", {"tags": REQUIRED}), **options)
    assert "team = (sensitive value) is not approved" in bad.errors[0]
    assert not any("hush" in each.message for each in bad.logs)
    options["config"] = {"tagwright:defaults": {"team": "vision"}}
    assert sent(loopback(lambda: Bucket("b", {"tags": REQUIRED}), **options)) == {**REQUIRED, "team": Secret("vision")}


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"tagwright:defaults": "owner"}, "tagwright:defaults in the stack's configuration is not a map"),
        ({"tagwright:defaults": [1]}, "tagwright:defaults in the stack's configuration is not a map"),
        ({"aws:defaultTags": "{"}, "aws:defaultTags in the stack's configuration is not a map"),
        ({"aws:defaultTags": {"tags": ["a"]}}, "aws:defaultTags.tags in the stack's configuration is not a map"),
    ],
)
def test_broken_configuration_is_said(loopback, preview, config, words):
    """Not skipped, and without a traceback."""
    result = loopback(lambda: Bucket("b", {"tags": REQUIRED}), config=config, preview=preview)
    assert (result.exit_code, result.resources) == (1, ())
    (message,) = result.errors
    assert words in message
    assert "Traceback" not in message


def named(folder, name):
    folder.mkdir(exist_ok=True)
    path = folder / "dictionary.yaml"
    path.write_text(f"schema: 1\nname: {name}\nversion: 1.0.0\nkeys: {{a: {{}}}}\n")
    return path


def judged_by(loopback, **options):
    """The name of the dictionary in the refusal of a resource that any of them refuses."""
    gate = options.pop("gate", None)
    result = loopback(lambda: Bucket("b", {"tags": {"a": 1}}, gate=gate), **options)
    return result.errors[0].splitlines()[-1].split()[1]


def test_where_the_dictionary_comes_from(loopback, project, tmp_path, monkeypatch):
    """The argument over the stack's configuration over the environment over the project's settings."""
    paths = {name: named(tmp_path / name, name) for name in ("argument", "config", "environment")}
    assert judged_by(loopback) == "acme"
    monkeypatch.setenv("TAGWRIGHT_DICTIONARY", str(paths["environment"]))
    assert judged_by(loopback) == "environment"
    config = {"tagwright:dictionary": "config/dictionary.yaml"}  # relative to Pulumi.yaml
    assert judged_by(loopback, config=config) == "config"
    assert judged_by(loopback, config=config, gate=TagGate(paths["argument"])) == "argument"
    loaded = find_dictionary(paths["argument"])
    assert judged_by(loopback, config=config, gate=TagGate(loaded)) == "argument"


def test_settings_above_the_project_count(loopback, project):
    """The folder of `Pulumi.yaml` may be below that of the settings."""
    below = project / "infra" / "gpu"
    below.mkdir(parents=True)
    assert judged_by(loopback, root=below) == "acme"


def test_a_changed_dictionary_is_read_again(loopback, project):
    """In a process that lives on, such as a watching one."""
    path = project / "dictionary.yaml"
    assert judged_by(loopback) == "acme"
    path.write_text(path.read_text().replace("name: acme", "name: acme-two"))
    assert judged_by(loopback) == "acme-two"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "dictionary.yaml"),
        ("schema: 1\nname: [", "dictionary.yaml:"),
        ("schema: 1\nname: acme\nversion: 1.0.0\nkeyz: {}\n", "keyz"),
    ],
)
def test_a_missing_or_broken_dictionary_stops_everything(loopback, project, preview, text, words):
    """One clear refusal; it never falls back on another dictionary, and nothing is registered."""
    path = project / "dictionary.yaml"
    path.unlink() if text is None else path.write_text(text)
    result = loopback(lambda: GpuNode("n", {"instance_type": "p5.48xlarge", "tags": REQUIRED}), preview=preview)
    assert (result.exit_code, result.resources) == (1, ())
    (message,) = result.errors
    assert message.startswith("the tag dictionary cannot be used, so nothing is deployed:\n")
    assert words in message
    assert "Traceback" not in message


def test_a_dictionary_named_in_vain_stops_everything(loopback):
    """Named by the configuration, and empty there."""
    for value in ("nowhere.yaml", " "):
        result = loopback(lambda: Bucket("b", {"tags": REQUIRED}), config={"tagwright:dictionary": value})
        assert (result.exit_code, result.resources) == (1, ())
        assert "the tag dictionary cannot be used" in result.errors[0]


def test_the_shipped_dictionary_is_used_and_said(pulumi_loopback, tmp_path):
    """Where nobody names one."""
    said = pulumi_loopback(lambda: Bucket("b", {"tags": {}}), root=tmp_path)
    assert "dictionary tagwright-ai-ml" in said.errors[0]
    assert any("no tag dictionary is named" in each.message for each in said.logs)


def test_outside_of_a_program_the_gate_can_be_made(tmp_path):
    """The dictionary is loaded when it is needed, and the error is the same."""
    gate = TagGate(tmp_path / "nothing.yaml")
    with pytest.raises(SetupError, match="cannot be used"):
        _ = gate.dictionary


def test_configuration_of_a_stack_file_is_understood(loopback):
    """The CLI hands structures over as JSON text."""
    config = {"tagwright:defaults": json.dumps(REQUIRED)}
    assert sent(loopback(lambda: Bucket("b", {"tags": {}}), config=config)) == REQUIRED
