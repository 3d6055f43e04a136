"""States as the real terraform writes them: both forms say the same, and no secret gets out."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.drift_scanner.declared.applying import Applied
from tests.oracle import terraform

from tagwright_dictionary.errors import InputError
from tagwright_drift.declared.model import Declared, State
from tagwright_drift.declared.reading import read_states


def placeless(state: State) -> tuple[list[Declared], frozenset[str]]:
    return sorted((replace(each, source="") for each in state.declared), key=lambda each: each.address), state.secrets


def test_both_forms_of_a_state_say_the_same(applied: Applied) -> None:
    raw, shown = read_states([str(applied.state), str(applied.shown)])
    assert placeless(raw) == placeless(shown)
    assert raw.secrets == {"hush-hush", "quiet", "echoed-secret"}


def test_addresses_and_tags_are_terraform_s_own(applied: Applied, servers: object) -> None:
    """Against `terraform state list`, and against tags_all of the state itself."""
    (state,) = read_states([str(applied.state)])
    listed = terraform.run(["state", "list"], applied.folder).stdout.split("\n")
    assert sorted(each.address for each in state.declared) == sorted(
        name for name in listed if name and not name.startswith("data.")
    )
    document = json.loads(applied.state.read_text())
    merged = {
        instance["attributes"]["arn"]: instance["attributes"].get("tags_all")
        for resource in document["resources"]
        if resource["mode"] == "managed"
        for instance in resource["instances"]
    }
    for each in state.declared:
        if merged[each.arn] is not None:
            assert {tag.key: tag.value for tag in each.tags.items} == merged[each.arn]
    group = next(each for each in state.declared if each.type == "aws_autoscaling_group")
    assert [(tag.key, tag.value) for tag in group.tags.items] == [("owner", "x")]


def test_marks_of_secrets_reach_the_merged_tags(applied: Applied) -> None:
    """The provider computes tags_all, so the state's own marks are on `tags` only."""
    document = json.loads(applied.shown.read_text())
    trainer = next(each for each in document["values"]["root_module"]["resources"] if each["name"] == "trainer")
    assert trainer["sensitive_values"]["tags_all"] == {}
    (state,) = read_states([str(applied.shown)])
    marked = {(each.type, tag.key): tag.sensitive for each in state.declared for tag in each.tags.items}
    assert marked["aws_instance", "token"]
    assert not marked["aws_instance", "owner"]
    assert [each.address for each in state.declared if each.secret] == ["aws_instance.hidden"]


def test_names_that_find_the_live_resource(applied: Applied) -> None:
    (state,) = read_states([str(applied.state)])
    keys = {each.address: each.keys for each in state.declared}
    assert keys['module.m["x \\"y\\""].aws_s3_bucket.data'] == ("arn:aws:s3:::data", "s3:data")
    assert keys["aws_lambda_function.f"] == ("arn:aws:lambda:us-east-1:111122223333:function:resize",)
    assert all(len(found) == 2 for address, found in keys.items() if address.startswith("aws_instance."))


def test_an_empty_state_manages_nothing(tmp_path: Path) -> None:
    (tmp_path / "shown.json").write_text('{"format_version":"1.0","terraform_version":"1.11.4"}')
    (tmp_path / "raw.json").write_text('{"version":4,"lineage":"x","serial":1,"outputs":{},"resources":[]}')
    for state in read_states([str(tmp_path / "shown.json"), str(tmp_path / "raw.json")]):
        assert (state.declared, state.beside, state.secrets) == ((), (), frozenset())


def test_utf_16_of_powershell(applied: Applied, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(applied.shown.read_text().encode("utf-16"))
    assert placeless(*read_states([str(path)])) == placeless(*read_states([str(applied.shown)]))


BAD = {
    "empty": (b"", "the state is empty"),
    "binary": (b"PK\x03\x04\xff\xfe\x00", "is not text"),
    "no json": (b'{"version": 4,\n oops', "not valid JSON"),
    "a list": (b"[]", "is no state"),
    "something else": (b'{"a": 1}', "no Terraform state"),
    "version 3": (b'{"version": 3, "lineage": "x", "modules": []}', "version 4 are read, this one has 3"),
    "a plan": (b'{"format_version": "1.2", "planned_values": {}}', "this is a plan"),
    "encrypted": (b'{"serial": 1, "lineage": "x", "encrypted_data": "AAAA"}', "the state is encrypted"),
    "wrong form": (
        b'{"version": 4, "lineage": "x", "resources": [{"mode": "managed", "instances": [1]}]}',
        "has not the form",
    ),
    "wrong module": (b'{"format_version": "1.0", "values": {"root_module": {"resources": [1]}}}', "has not the form"),
    "deep": (b"[" * 200_000, "nested too deeply"),
}


@pytest.mark.parametrize("what", BAD)
def test_refused(what: str, tmp_path: Path) -> None:
    content, words = BAD[what]
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_states([str(path)])
    assert caught.value.hint
    assert caught.value.location is not None
    assert caught.value.location.path == str(path)


def test_paths_that_are_no_file(applied: Applied, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_states([str(tmp_path / "none")])
    with pytest.raises(InputError, match=r"a folder is no state[\s\S]*terraform.tfstate"):
        read_states([str(applied.folder)])


def test_a_plan_of_the_real_terraform_is_told_from_a_state(applied: Applied, servers: object, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(applied.folder, copy)
    env = servers.env()  # type: ignore[attr-defined]
    assert terraform.run(["plan", "-out=tfplan"], copy, env=env).code == 0
    (copy / "plan.json").write_text(terraform.show("tfplan", copy, env=env))
    with pytest.raises(InputError, match="this is a plan, not a state"):
        read_states([str(copy / "plan.json")])
    with pytest.raises(InputError, match="not text"):
        read_states([str(copy / "tfplan")])


EXPORT = {
    "version": 3,
    "deployment": {
        "manifest": {},
        "resources": [
            {"urn": "urn:pulumi:p::w::pulumi:pulumi:Stack::w-p", "type": "pulumi:pulumi:Stack", "custom": False},
            {
                "urn": "urn:pulumi:p::w::aws:ec2/instance:Instance::trainer",
                "type": "aws:ec2/instance:Instance",
                "custom": True,
                "id": "i-0123456789abcdef0",
                "inputs": {
                    "tags": {
                        "owner": "a@b.c",
                        "token": {
                            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
                            "ciphertext": "x",
                        },
                    },
                    "tagsAll": {"owner": "a@b.c"},
                },
                "outputs": {
                    "arn": "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0",
                    "tagsAll": {"owner": "a@b.c", "team": "vision"},
                },
            },
            {
                "urn": "urn:pulumi:p::w::aws:s3/bucket:Bucket::data",
                "type": "aws:s3/bucket:Bucket",
                "custom": True,
                "id": "data-1",
                "inputs": {"bucket": "data-1", "tags": {"owner": "x"}},
                "outputs": {"arn": "arn:aws:s3:::data-1"},
            },
        ],
    },
}


def test_a_pulumi_export_by_the_catalogue_s_names(tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    path.write_text(json.dumps(EXPORT))
    (state,) = read_states([str(path)])
    bucket, instance = sorted(state.declared, key=lambda each: each.type, reverse=True)
    assert (bucket.type, bucket.keys) == ("aws_s3_bucket", ("arn:aws:s3:::data-1", "s3:data-1"))
    assert (instance.type, instance.account, instance.region) == ("aws_instance", "111122223333", "us-east-1")
    assert instance.tags.get("owner").value == "a@b.c"  # type: ignore[union-attr]


def test_a_pulumi_preview_is_no_state(tmp_path: Path) -> None:
    path = tmp_path / "preview.json"
    path.write_text('{"steps": [], "changeSummary": {"same": 0}, "config": {"a": "urn:pulumi:x"}}')
    with pytest.raises(InputError, match=r"a preview[\s\S]*pulumi stack export"):
        read_states([str(path)])


def test_objects_that_wait_for_their_end_are_known_to_code(tmp_path: Path) -> None:
    """Deposed objects in both forms: they are live until they are destroyed."""
    attributes = {"id": "i-0123456789abcdef0", "arn": "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0"}
    raw = {
        "version": 4,
        "lineage": "x",
        "resources": [
            {
                "mode": "managed",
                "type": "aws_instance",
                "name": "a",
                "module": "module.m",
                "instances": [{"index_key": 'q"${x}', "deposed": "byebye00", "attributes": attributes}],
            }
        ],
    }
    resource = {"mode": "managed", "type": "aws_instance", "name": "a", "deposed_key": "byebye00", "values": attributes}
    resource["address"] = 'module.m.aws_instance.a["q\\"$${x}"]'
    shown = {"format_version": "1.0", "values": {"root_module": {"child_modules": [{"resources": [resource]}]}}}
    for name, document in (("raw", raw), ("shown", shown)):
        (tmp_path / name).write_text(json.dumps(document))
    one, other = read_states([str(tmp_path / "raw"), str(tmp_path / "shown")])
    assert placeless(one) == placeless(other)
    assert one.declared[0].address.endswith(" (deposed byebye00)")


def test_a_mark_inside_a_list_marks_all_of_it(tmp_path: Path) -> None:
    """Paths of the raw file may go through a set, whose elements cannot be told apart."""
    path = [{"type": "get_attr", "value": "tag"}, {"type": "index", "value": {"value": 0, "type": "number"}}]
    attributes = {"id": "g", "tag": [{"key": "owner", "value": "hush"}, {"key": "team", "value": "vision"}]}
    instance = {"attributes": attributes, "sensitive_attributes": [path]}
    group = {"mode": "managed", "type": "aws_autoscaling_group", "name": "g", "instances": [instance]}
    (tmp_path / "raw").write_text(json.dumps({"version": 4, "lineage": "x", "resources": [group]}))
    (state,) = read_states([str(tmp_path / "raw")])
    assert state.declared[0].secret
    assert state.secrets == {"hush", "owner", "team", "vision"}
