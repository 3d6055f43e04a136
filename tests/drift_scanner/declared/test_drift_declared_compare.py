"""Code against live: what differs, what cannot be said, and what is never printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.drift_scanner.declared import applying
from tests.drift_scanner.declared.live_side import ACCOUNT, DENIED, REGION, ledger, seen
from tests.oracle import stub

from tagwright_dictionary.model import Tag, Tags, Unknown
from tagwright_drift.cells import CellState
from tagwright_drift.declared.comparing import compare
from tagwright_drift.declared.model import HIDDEN, Comparison, Declared, Kind, State
from tagwright_drift.declared.naming import declared
from tagwright_drift.declared.reading import read_states
from tagwright_drift.live import LiveResource

TYPES = ("aws_instance", "aws_s3_bucket", "aws_lambda_function", "aws_autoscaling_group")
SECRETS = ("hush-hush", "quiet", "echoed-secret")
OTHER = "444455556666"


def arns(state: State) -> dict[str, str]:
    return {each.address: each.arn for each in state.declared}


def faithful(state: State) -> list[LiveResource]:
    """Reality as code says it is."""
    return [
        seen(each.arn, each.type, {tag.key: tag.value for tag in each.tags.items} | {"aws:cloudformation:x": "y"})
        for each in state.declared
        if each.type in TYPES
    ]


def changed(resources: list[LiveResource], arn: str, **tags: str | None) -> list[LiveResource]:
    """With some tags set, or (None) taken away."""
    result = []
    for each in resources:
        if each.resource.address != arn:
            result.append(each)
            continue
        now = {tag.key: tag.value for tag in each.resource.tags.items} | tags
        result.append(seen(arn, each.cell.type, {key: value for key, value in now.items() if value is not None}))
    return result


def told(found: Comparison) -> list[tuple[str, str, str, str | None, str | None]]:
    return [(each.kind.value, each.declared, each.key, each.code, each.live) for each in found.differences]


def run(states: Sequence[State], live: list[LiveResource], **options: object) -> Comparison:
    results = options.pop("results", None) or ledger(TYPES)
    return compare(states, lambda: iter(live), results, **options)  # type: ignore[arg-type]


def test_reality_as_code_says_it_differs_in_nothing(applied: applying.Applied) -> None:
    states = read_states([str(applied.state), str(applied.shown)])
    found = run(states[:1], faithful(states[0]))
    assert (found.differences, found.undecided, found.cells) == ((), (), ())
    assert (found.declared, found.matched, found.live, found.unlisted) == (6, 6, 6, (("aws_iam_role", 1),))
    assert found.whole


def test_every_kind_of_difference(applied: applying.Applied) -> None:
    (state,) = read_states([str(applied.state)])
    arn = arns(state)
    bucket = 'module.m["x \\"y\\""].aws_s3_bucket.data'
    live = faithful(state)
    live = changed(live, arn["aws_instance.trainer[0]"], workload=None, owner="me@x.example", token="changed")  # noqa: S106 - a tag, not a password
    live = changed(live, arn["aws_instance.trainer[1]"], token=None)
    live = changed(live, arn["aws_instance.hidden"], workload="loud")
    live = changed(live, arn[bucket], note="hush-hush", extra="1", Owner="z")
    live = changed(live, arn["aws_autoscaling_group.g"], owner="y")
    live = [each for each in live if each.cell.type != "aws_lambda_function"]
    mine = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-0aaaaaaaaaaaaaaaa"
    live.append(seen(mine, "aws_instance", {}))
    live.append(seen("arn:aws:s3:::scratch", "aws_s3_bucket", {}, region="eu-west-1"))
    found = run([state], live)
    expected = [
        ("changed", "aws_instance.trainer[0]", "owner", "ml@x.example", "me@x.example"),
        ("removed", "aws_instance.trainer[0]", "workload", "training", None),
        ("changed", "aws_instance.trainer[0]", "token", HIDDEN, HIDDEN),
        ("removed", "aws_instance.trainer[1]", "token", HIDDEN, None),
        ("changed", "aws_instance.hidden", HIDDEN, HIDDEN, HIDDEN),
        ("changed", bucket, "note", HIDDEN, HIDDEN),
        ("added", bucket, "extra", None, "1"),
        ("added", bucket, "Owner", None, "z"),
        ("changed", "aws_autoscaling_group.g", "owner", "x", "y"),
        ("deleted", "aws_lambda_function.f", "", None, None),
        ("unmanaged", "", "", None, None),
        ("unmanaged", "", "", None, None),
    ]
    assert sorted(told(found), key=str) == sorted(expected, key=str)
    assert {each.arn for each in found.of(Kind.UNMANAGED)} == {mine, "arn:aws:s3:::scratch"}
    assert found.whole
    assert not [secret for secret in SECRETS if secret in repr(found)]


def test_gone_is_said_only_where_everything_was_seen(applied: applying.Applied) -> None:
    (state,) = read_states([str(applied.state)])
    for which in CellState:
        found = run([state], [], results=ledger(TYPES, states={"aws_lambda_function": which}))
        gone = {each.declared for each in found.of(Kind.DELETED)}
        assert ("aws_lambda_function.f" in gone) is (which is CellState.COMPLETE), which
        assert {each.declared for each in found.undecided} == ({"aws_lambda_function.f"} - gone)
        assert found.whole is (which is CellState.COMPLETE)
        blind = {each.cell.type for each in found.cells}
        assert blind == (set() if which.seen or which.cannot_hold else {"aws_lambda_function"})


def test_a_suspect_cell_and_a_cell_that_nobody_planned(applied: applying.Applied) -> None:
    (state,) = read_states([str(applied.state)])
    elsewhere = run([state], [], results=ledger(TYPES, accounts=(OTHER,)))
    assert elsewhere.differences == ()
    assert len(elsewhere.undecided) == 6
    assert all("no cell was planned" in each.why for each in elsewhere.undecided)
    other_region = run([state], [], results=ledger(TYPES, regions=("eu-west-1",)))
    # A bucket's cell is global, so it was seen.
    assert [each.type for each in other_region.of(Kind.DELETED)] == ["aws_s3_bucket"]


def test_tags_that_could_not_be_read_are_not_called_removed(applied: applying.Applied) -> None:
    (state,) = read_states([str(applied.state)])
    arn = arns(state)["aws_instance.trainer[0]"]
    for tags, complete, open_keys in (
        (None, True, {""}),
        ({"owner": "ml@x.example"}, False, {"token", "workload"}),
        ({"owner": DENIED, "token": "hush-hush", "workload": "training"}, True, {"owner"}),
    ):
        live = [each for each in faithful(state) if each.resource.address != arn]
        live.append(seen(arn, "aws_instance", tags, complete=complete))
        found = run([state], live)
        assert found.differences == ()
        assert {each.key for each in found.undecided} == open_keys
        assert not found.whole


def test_what_no_code_knows_only_where_code_is(applied: applying.Applied) -> None:
    """Must not fire: another account, another region, a type of no state, a member of a group."""
    (state,) = read_states([str(applied.state)])
    arn = f"arn:aws:ec2:{{}}:{{}}:instance/i-{9:017x}"
    quiet = [
        seen(arn.format(REGION, OTHER), "aws_instance", {}, account=OTHER),
        seen(arn.format("eu-west-1", ACCOUNT), "aws_instance", {}, region="eu-west-1"),
        seen(f"arn:aws:sqs:{REGION}:{ACCOUNT}:q", "aws_sqs_queue", {}),
        seen(arn.format(REGION, ACCOUNT), "aws_instance", {}, group="asg:gpu"),
    ]
    found = run([state], faithful(state) + quiet)
    assert found.differences == ()
    assert found.grouped == 1
    loud = seen(arn.format(REGION, ACCOUNT), "aws_instance", {})
    assert run([state], [*faithful(state), loud]).of(Kind.UNMANAGED)
    assert run([state], [*faithful(state), loud], unmanaged=False).differences == ()


def test_keys_that_are_ignored(applied: applying.Applied) -> None:
    (state,) = read_states([str(applied.state)])
    live = changed(faithful(state), arns(state)["aws_lambda_function.f"], **{"k8s.io/x": "1", "owner": "other"})
    assert len(run([state], live).differences) == 2
    assert [each.key for each in run([state], live, ignore=("k8s.io/*",)).differences] == ["owner"]


def test_several_states_cover_each_other(servers: stub.Servers, tmp_path: Path) -> None:
    """A bucket in one root is not unmanaged because another root has buckets too; aws_ec2_tag counts."""
    provider = 'provider "aws" {\n  region = "us-east-1"\n}\n'
    roots = {
        "one": 'resource "aws_s3_bucket" "a" {\n  bucket = "a"\n}\nresource "aws_lambda_function" "f" {\n'
        '  function_name = "f"\n  role = "x"\n}\n',
        "two": 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n  tags = { owner = "x" }\n}\n',
    }
    applied = [applying.apply(servers, tmp_path / name, {"main.tf": provider + text}) for name, text in roots.items()]
    states = read_states([str(each.state) for each in applied])
    live = [
        seen("arn:aws:s3:::a", "aws_s3_bucket", {}),
        seen("arn:aws:s3:::b", "aws_s3_bucket", {"owner": "x"}),
        seen(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f", "aws_lambda_function", {}),
    ]
    assert run(states, live).differences == ()
    assert [each.arn for each in run(states[:1], live).of(Kind.UNMANAGED)] == ["arn:aws:s3:::b"]
    # The only state of the second root tells no account: what is live does.
    assert [each.arn for each in run(states[1:], live).of(Kind.UNMANAGED)] == ["arn:aws:s3:::a"]


def test_a_tag_that_a_resource_of_its_own_puts_there() -> None:
    from tagwright_drift.declared.model import Beside

    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-{1:017x}"
    one = declared("aws_instance.a", "aws_instance", "s", [arn], Tags((Tag("owner", "x"),)))
    beside = Beside("aws_ec2_tag.t", f"i-{1:017x}", Tags((Tag("team", "vision"),)))
    live = [seen(arn, "aws_instance", {"owner": "x", "team": "vision"})]
    assert run([State("s", (one,), (beside,))], live).differences == ()
    assert [each.kind for each in run([State("s", (one,))], live).differences] == [Kind.ADDED]


def test_the_tag_of_a_group_by_the_group_s_name() -> None:
    from tagwright_drift.declared.model import Beside

    arn = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:0a:autoScalingGroupName/gpu"
    one = declared("aws_autoscaling_group.g", "aws_autoscaling_group", "s", [arn, "gpu"], Tags())
    beside = Beside("aws_autoscaling_group_tag.t", "gpu", Tags((Tag("team", "vision"),)))
    live = [seen(arn, "aws_autoscaling_group", {"team": "vision"})]
    assert run([State("s", (one,), (beside,))], live).differences == ()


def test_what_the_state_itself_does_not_tell_is_listed_and_no_fault_of_the_scan() -> None:
    """A secret that Pulumi encrypted, a resource without an id."""
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-{1:017x}"
    one = declared("a", "aws_instance", "s", [arn], Tags((Tag("k", Unknown("a secret"), sensitive=True),)))
    nameless = declared("b", "aws_instance", "s", [], Tags())
    found = run([State("s", (one, nameless))], [seen(arn, "aws_instance", {"k": "x"})])
    assert [(each.declared, each.key, each.by_state) for each in found.undecided] == [("a", "k", True), ("b", "", True)]
    assert found.differences == ()
    assert found.whole


def test_an_alias_of_a_type_and_cloud_control_s_name() -> None:
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-{1:017x}"
    (one,) = [declared("a", "awscc_ec2_instance", "s", ["i-x", arn], Tags())]
    assert one.type == "aws_instance"


KEYS = st.dictionaries(st.sampled_from(["a", "b", "c", "aws:x"]), st.sampled_from(["1", "2", "s"]), max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(KEYS, st.none() | KEYS), max_size=5), st.randoms(use_true_random=False))
def test_the_differences_are_those_of_two_dictionaries(pairs: list[tuple[dict, dict | None]], random: Random) -> None:  # type: ignore[type-arg]
    """Against plain sets of keys; the order of states and of live resources changes nothing; no secret is told."""
    code: list[Declared] = []
    live: list[LiveResource] = []
    expected: set[tuple[str, str, str]] = set()
    for number, (wanted, actual) in enumerate(pairs):
        arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-{number:017x}"
        tags = Tags(tuple(Tag(key, wanted[key]) for key in sorted(wanted)))
        code.append(declared(f"r[{number}]", "aws_instance", "s", [arn], tags))
        if actual is None:
            expected.add(("deleted", f"r[{number}]", ""))
            continue
        live.append(seen(arn, "aws_instance", actual))
        for key in {*wanted, *actual} - {"aws:x"}:
            if wanted.get(key) != actual.get(key):
                kind = "removed" if key not in actual else "added" if key not in wanted else "changed"
                expected.add((kind, f"r[{number}]", key))
    secrets = frozenset({"s"})
    found = run([State("s", tuple(code), secrets=secrets)], live)
    assert {(each.kind.value, each.declared, each.key) for each in found.differences} == expected
    assert len(found.differences) == len(expected)
    assert "s" not in {value for each in found.differences for value in (each.code, each.live)}
    random.shuffle(code)
    random.shuffle(live)
    assert run([State("s", tuple(code), secrets=secrets)], live) == found


@pytest.mark.parametrize("value", ["<b>", "=1+1", "\x1b[31m", "a\nb"])
def test_hostile_values_are_kept_as_they_are(value: str) -> None:
    """Escaping is for each output; the comparison must not lose what is there."""
    arn = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-{1:017x}"
    one = declared("a", "aws_instance", "s", [arn], Tags((Tag("k", "x"),)))
    (found,) = run([State("s", (one,))], [seen(arn, "aws_instance", {"k": value})]).differences
    assert found.live == value
