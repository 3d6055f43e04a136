"""AWS tag policies: what they say, how large they are, and back to a dictionary."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.policies.exports.case_table import MAKER, TODAY, Comparison, cases, compare, dictionary, exported
from tests.policies.exports.random_books import tables

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.loading import digest, load
from tagwright_policies.exports import TARGETS
from tagwright_policies.exports.aws_tag_policy import LARGEST
from tagwright_policies.exports.aws_tag_policy_import import as_yaml, read_tag_policies
from tagwright_policies.exports.tag_policy_types import enforceable, terraform_types

TARGET = TARGETS["aws-tag-policy"]


def _policies(export):
    return [json.loads(file.text) for file in export.files if file.path.endswith(".json")]


def _statements(export):
    return {key: statement for policy in _policies(export) for key, statement in policy["tags"].items()}


def _matches(value, wildcard):
    start, star, end = wildcard.partition("*")
    if not star:
        return value == wildcard
    return len(value) >= len(start) + len(end) and value.startswith(start) and value.endswith(end)


def _refused(statements, tags, kind):
    """What AWS says of a resource, after its user guide: a key in another case, a value that is not listed, a key
    that is required of the type.
    """
    types = {name for name, terraform in terraform_types().items() if terraform == kind}
    for policy_key, statement in statements.items():
        key = statement["tag_key"]["@@assign"]
        assert key.lower() == policy_key.lower()
        for name, value in tags.items():
            if name != key and name.lower() == key.lower():
                return True
            allowed = statement.get("tag_value", {}).get("@@assign")
            if name == key and allowed is not None and not any(_matches(value, each) for each in allowed):
                return True
        required = set(statement.get("report_required_tag_for", {}).get("@@assign", ()))
        if required & types and not tags.get(key):
            return True
    return False


def test_it_agrees_with_judge_where_a_policy_can():
    """On the whole table: what AWS would say of a resource, after its user guide, is what judge says but for the gaps,
    and every gap shows.
    """
    statements = _statements(exported("aws-tag-policy"))
    verdicts = [(case, case.provider == "aws" and _refused(statements, case.tags, case.type)) for case in cases()]
    found = compare("aws-tag-policy", verdicts)
    assert found.wrong == []
    assert found.unseen == []
    assert found.decided / len(cases()) > 0.15


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_agrees_with_judge_on_any_dictionary(data, tmp_path_factory):
    """So on random dictionaries and tags."""
    book, rows = data.draw(tables(tmp_path_factory.getbasetemp()))
    export = TARGET.export(book, TODAY, MAKER)
    found = Comparison(export, book)
    for case in rows:
        found.add(case, _refused(_statements(export), case.tags, case.type))
    assert found.wrong == []


def test_what_it_says():
    """Case of the key, values of the day, wildcards, types that must carry the key, services that enforce."""
    statements = _statements(exported("aws-tag-policy"))
    assert statements["Tier"] == {
        "tag_key": {"@@assign": "Tier"},
        "tag_value": {"@@assign": ["gold", "silver"]},
        "enforced_for": {"@@assign": ["s3:ALL_SUPPORTED"]},
        "report_required_tag_for": {"@@assign": ["lightsail:Bucket", "s3:bucket", "s3express:bucket"]},
    }
    assert statements["owner"]["tag_value"] == {"@@assign": ["*@acme.example"]}
    assert statements["cost-center"]["tag_value"] == {"@@assign": ["cc-*"]}
    assert statements["workload"]["tag_value"] == {"@@assign": ["training", "inference", "research", "batch"]}
    assert statements["note"] == {"tag_key": {"@@assign": "note"}}
    assert "ec2:instance" not in statements["owner"]["report_required_tag_for"]["@@assign"]
    used = {each.partition(":")[0] for each in statements["owner"]["enforced_for"]["@@assign"]}
    assert used <= set(enforceable())


def _made(*keys, requirements=()):
    found = Dictionary("d", "1.0.0", tuple(keys), tuple(requirements))
    return replace(found, digest=digest(found))


def test_a_policy_that_would_be_too_large_is_split():
    """No file is larger than AWS takes; every key is in exactly one."""
    keys = [Key(f"key-{number}", values=tuple(Value(f"value-{each:04}") for each in range(300))) for number in range(6)]
    export = TARGET.export(_made(*keys), TODAY, MAKER)
    sizes = [len(file.text.encode()) for file in export.files if file.path.endswith(".json")]
    assert [size <= LARGEST for size in sizes] == [True] * len(sizes)
    assert [key for policy in _policies(export) for key in policy["tags"]] == [key.name for key in keys]
    assert len(sizes) == 3
    assert [
        gap.subject for gap in export.gaps if gap.subject in ("policies", "value-not-allowed") and not gap.only
    ] == []


def test_a_key_that_no_policy_can_hold_loses_its_values_and_says_so():
    """50,000 values do not fit: the key stays, without its list, and the gap names it."""
    key = Key("initiative", values=tuple(Value(f"initiative-{each:05}") for each in range(50_000)))
    export = TARGET.export(_made(key), TODAY, MAKER)
    assert _statements(export) == {"initiative": {"tag_key": {"@@assign": "initiative"}}}
    assert [(gap.subject, gap.key) for gap in export.gaps if gap.key and not gap.only] == [
        ("value-not-allowed", "initiative")
    ]
    assert "its 50000 values do not fit into a policy of 10,000 bytes" in export.files[-1].text


def test_more_policies_than_can_be_attached_is_a_gap():
    """Eleven full policies: written, and said."""
    keys = [Key(f"key-{number:02}", values=tuple(Value(f"v{each:05}") for each in range(900))) for number in range(11)]
    export = TARGET.export(_made(*keys), TODAY, MAKER)
    assert [gap.text for gap in export.gaps if gap.subject == "policies"] == [
        "11 policies are needed, and AWS attaches 10 to one target"
    ]


def test_keys_that_differ_in_case_only_come_once():
    """AWS compares policy keys without case, so the second is a gap."""
    export = TARGET.export(_made(Key("Owner"), Key("owner", values=(Value("a"),))), TODAY, MAKER)
    assert list(_statements(export)) == ["Owner"]
    assert {(gap.subject, gap.key) for gap in export.gaps if gap.key == "owner"} == {
        ("value-not-allowed", "owner"), ("missing-tag", "owner"), ("key-case", "owner"),
    }  # fmt: skip


SIMPLE = st.text(st.sampled_from("abcXYZ019-_.:/ "), min_size=1, max_size=8).filter(lambda text: text == text.strip())
NAMES = st.text(st.sampled_from("abcxyzABC019-_.:"), min_size=1, max_size=10).filter(
    lambda name: name.lower()[:4] != "aws:"
)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_way_there_and_back_keeps_what_a_policy_holds(data, tmp_path_factory):
    """Keys with their case, closed lists, wildcards, and types that must carry a key; and once more is the same."""
    names = data.draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=str.lower))
    keys = []
    for name in names:
        kind = data.draw(st.sampled_from(["closed", "open", "wild"]))
        values = data.draw(st.lists(SIMPLE, min_size=1, max_size=4, unique=True))
        if kind == "closed":
            keys.append(Key(name, values=tuple(Value(value) for value in values)))
        else:
            keys.append(
                Key(name)
                if kind == "open"
                else Key(name, pattern=f"{'-'.join(values[0].split())}[^\\n]*".replace(".", "[.]"))
            )
    required = tuple(data.draw(st.lists(st.sampled_from(names), max_size=3, unique=True)))
    types = tuple(
        sorted(data.draw(st.sets(st.sampled_from(sorted(terraform_types().values())), min_size=1, max_size=3)))
    )
    rules = (Requirement("r", Selector(types=types), require=required),) if required else ()
    first = TARGET.export(_made(*keys, requirements=rules), TODAY, MAKER)
    imported = read_tag_policies([("p.json", json.dumps(policy)) for policy in _policies(first)], "back", "1.0.0")
    assert sorted(key.name for key in imported.dictionary.keys) == sorted(names)
    for key in keys:
        if key.values is not None:
            again = imported.dictionary.key(key.name)
            assert [value.value for value in again.values] == [value.value for value in key.values]
    second = TARGET.export(imported.dictionary, TODAY, MAKER)
    assert _statements(second) == _statements(first)
    file = tmp_path_factory.mktemp("back") / "tags.yaml"
    file.write_text(as_yaml(imported))
    assert {key.name for key in load(file, cache=False).keys} == set(names)


EFFECTIVE = {
    "tags": {"costcenter": {"tag_key": "CostCenter", "tag_value": ["100", "300*"]}, "color": {"tag_value": []}}
}
SOURCE = {
    "tags": {
        "CostCenter": {
            "tag_key": {"@@assign": "CostCenter", "@@operators_allowed_for_child_policies": ["@@none"]},
            "tag_value": {"@@assign": ["100", "200"], "@@append": ["300*"], "@@remove": ["200"]},
            "enforced_for": {"@@assign": ["secretsmanager:ALL_SUPPORTED"]},
            "report_required_tag_for": {"@@assign": ["secretsmanager:secret", "made:up", "s3:ALL_SUPPORTED"]},
        },
        "Owner": {"tag_key": {"@@assign": "Owner"}, "tag_value": {"@@assign": ["*"]}},
    }
}


def test_an_effective_policy_is_read():
    """As `describe-effective-policy` gives it, wrapped or not; an empty list approves nothing."""
    for document in (
        EFFECTIVE,
        {"EffectivePolicy": {"PolicyContent": json.dumps(EFFECTIVE), "PolicyType": "TAG_POLICY"}},
    ):
        found = read_tag_policies([("p.json", json.dumps(document))], "d", "1.0.0").dictionary
        assert [(key.name, key.pattern, key.values) for key in found.keys] == [
            ("CostCenter", "100|300[^\\n]*", None),
            ("color", "", ()),
        ]


def test_a_source_policy_is_read():
    """Operators are applied; what a dictionary does not hold is noted."""
    found = read_tag_policies([("p.json", json.dumps(SOURCE))], "acme", "2.0.0")
    document = yaml.safe_load(as_yaml(found))
    assert document["keys"] == {"CostCenter": {"pattern": "100|300[^\\n]*"}, "Owner": {}}
    assert document["requirements"] == [
        {
            "id": "tag-policy-1",
            "types": ["aws_s3_access_point", "aws_s3_bucket", "aws_secretsmanager_secret"],
            "require": ["CostCenter"],
            "severity": "error",
        }
    ]
    assert found.notes == (
        "CostCenter is enforced by AWS for secretsmanager:ALL_SUPPORTED: a dictionary has no such word",
        "CostCenter is required for made:up, which have no Terraform type here",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "this is not JSON"),
        ("[]", "this is no tag policy: it is not an object"),
        ("{}", "this is no tag policy: it has no object `tags`"),
        ('{"tags": {}}', "the tag policy has no keys"),
        ('{"tags": {"a": 1}}', 'key "a" is not an object'),
        ('{"tags": {"a": {"tag_value": {"@@assign": [1]}}}}', 'key "a", tag_value is not a list of texts'),
        ('{"tags": {"a": {"tag_key": {"@@assign": "b"}}}}', 'key "a": tag_key is "b", another key'),
        ('{"tags": {"a": {"tag_values": {}}}}', 'key "a" has tag_values, which tag policies do not have'),
        ('{"tags": {"a": {"tag_value": {"@@assing": []}}}}', 'key "a", tag_value has @@assing'),
        ('{"tags": {"a": {}, "a": {}}}', '"a" is there twice'),
        ('{"tags": {"aws:x": {}}}', "cannot be a tag key"),
        ("[" * 100_000, "this is not JSON"),
        ("{" + " " * 1_000_001 + "}", "the document is too large"),
    ],
)
def test_what_is_no_tag_policy_is_refused(text, reason):
    """With the reason and the place."""
    with pytest.raises(InputError) as caught:
        read_tag_policies([("p.json", text)], "d", "1.0.0")
    assert reason in caught.value.message


def test_two_policies_that_contradict_each_other_are_refused():
    """The same key with other values."""
    texts = [json.dumps({"tags": {"a": {"tag_value": {"@@assign": [value]}}}}) for value in "xy"]
    with pytest.raises(InputError, match="other values in another policy"):
        read_tag_policies([("1", texts[0]), ("2", texts[1])], "d", "1.0.0")


def test_a_name_that_is_none_is_refused():
    """The loader's own words."""
    found = read_tag_policies([("p", json.dumps(EFFECTIVE))], "no name", "1.0.0")
    with pytest.raises(InputError, match="this does not make a dictionary"):
        as_yaml(found)


def test_the_dictionary_of_the_cases_has_every_feature():
    """The table is only worth something while the dictionary uses what exports have to carry over."""
    found = dictionary()
    assert {key.format for key in found.keys} == {"", "email", "date", "integer", "url", "arn", "slug"}
    assert any(each.when.terms for each in found.requirements)
    assert any(each.match for each in found.requirements)
    assert any(each.exclusive for each in found.requirements)
    assert any(each.becomes_error for each in found.requirements)
    assert any(each.selector.types for each in found.requirements)
