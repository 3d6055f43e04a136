"""Outputs: an unknown value is neither missing nor fine, and hides no other."""

from __future__ import annotations

import pulumi
import pytest

from tagwright_pulumi import Bucket, GpuNode, TagGate, tagged
from tagwright_pulumi.testing import UNKNOWN, Secret

BUCKET = "aws:s3/bucket:Bucket"
COMPONENT = "tagwright:index:Bucket"


def seed():
    """A resource whose `arn` only the update knows, and `bucket` too."""
    import pulumi_aws as aws

    return aws.s3.Bucket("seed")


def becoming(value):
    """An output that is unknown in a preview and `value` in an update."""
    return seed().arn.apply(lambda _: value)


def others(result):
    return [each for each in result.resources if each.name != "seed"]


def test_a_known_output_is_judged_in_the_preview(loopback, tags, preview):
    """Refused before anything of the component is registered, like plain text."""

    def program():
        Bucket("b", {"tags": {**tags, "workload": pulumi.Output.from_input("trainng")}})

    result = loopback(program, preview=preview)
    assert (result.exit_code, result.resources) == (1, ())
    assert 'did you mean "training"?' in result.errors[0]


def test_an_unknown_value_waits_for_the_update(loopback, tags):
    """The preview passes and says what waits; the wire keeps every other value readable."""
    result = loopback(lambda: Bucket("b", {"tags": {**tags, "cost-center": becoming("cc-4100")}}), preview=True)
    assert result.exit_code == 0
    assert result.one(BUCKET, "b").inputs["tags"] == {**tags, "cost-center": UNKNOWN}
    assert result.one(COMPONENT).inputs["tags"] == {**tags, "cost-center": UNKNOWN}
    (said,) = [each.message for each in result.logs if each.severity == "info"]
    assert said.startswith("to be checked in the update, before it is created: tags of tagwright:index:Bucket 'b':")
    assert "value-not-allowed: cost-center cannot be checked" in said


def test_what_waited_is_judged_before_the_resource_exists(loopback, tags):
    """In the update: the good value passes, the bad one stops the component and its child."""
    good = loopback(lambda: Bucket("b", {"tags": {**tags, "cost-center": becoming("cc-4100")}}))
    assert (good.exit_code, good.one(BUCKET, "b").inputs["tags"]) == (0, tags)
    assert good.one(BUCKET, "b").dependencies == (good.one(BUCKET, "seed").urn,)
    bad = loopback(lambda: Bucket("b", {"tags": {**tags, "cost-center": becoming("4100")}}))
    assert (bad.exit_code, others(bad)) == (1, [])
    assert 'cost-center = "4100" does not match' in bad.errors[0]


def test_an_unknown_value_hides_no_missing_key(loopback, tags, preview):
    """The trap of `Output.apply` on a whole map: here the missing key is refused, in the preview already."""

    def program():
        Bucket("b", {"tags": {"owner": tags["owner"], "workload": becoming("training")}})

    result = loopback(program, preview=preview)
    assert (result.exit_code, others(result)) == (1, [])
    assert "missing-tag: cost-center is required on buckets" in result.errors[0]


def test_unknown_may_be_refused(loopback, tags):
    """`unknown="refuse"` fails the preview; the update knows the value and passes."""

    def program():
        Bucket("b", {"tags": {**tags, "owner": becoming("ml@acme.example")}}, gate=TagGate(unknown="refuse"))

    preview = loopback(program, preview=True)
    assert (preview.exit_code, others(preview)) == (1, [])
    assert "owner cannot be checked" in preview.errors[0]
    assert loopback(program).exit_code == 0


@pytest.mark.parametrize(("policy", "code", "said"), [("ignore", 0, 0), ("warn", 0, 1), ("fail", 1, 0)])
def test_the_dictionary_decides_otherwise(loopback, project, tags, policy, code, said):
    """Its `unknown:` is the default of the gate."""
    text = (project / "dictionary.yaml").read_text()
    (project / "dictionary.yaml").write_text(text.replace("unknown: warn", f"unknown: {policy}"))
    result = loopback(lambda: Bucket("b", {"tags": {**tags, "owner": becoming("x")}}), preview=True)
    assert result.exit_code == code
    assert len([each for each in result.logs if each.severity == "info"]) == said


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "missing-tag: owner is required"),
        (7, "invalid-tag: owner = 7 is int, not a string"),
        ("", "missing-tag: owner is empty but is required"),
        ({"a": "b"}, "invalid-tag: owner is dict, not a string"),
    ],
)
def test_outputs_of_a_wrong_type_are_refused(loopback, tags, value, words):
    """As soon as they are known."""
    result = loopback(lambda: Bucket("b", {"tags": {**tags, "owner": becoming(value)}}))
    assert (result.exit_code, others(result)) == (1, [])
    assert words in result.errors[0]


def test_a_whole_map_that_is_known_is_judged_in_the_preview(loopback, tags, preview):
    """An output of everything: good ones pass, bad ones are refused."""
    good = loopback(lambda: Bucket("b", {"tags": pulumi.Output.from_input(tags)}), preview=preview)
    assert (good.exit_code, good.one(BUCKET).inputs["tags"]) == (0, tags)
    bad = loopback(lambda: Bucket("b", {"tags": pulumi.Output.from_input({"owner": "x"})}), preview=preview)
    assert (bad.exit_code, bad.resources) == (1, ())
    assert "missing-tag: cost-center" in bad.errors[0]


def test_an_unknown_inside_a_whole_map_hides_no_missing_key(loopback, tags):
    """Its other keys are judged in the preview."""

    def program():
        made = pulumi.Output.from_input({"owner": becoming("x@acme.example"), "workload": "trainng"})
        Bucket("b", {"tags": made})

    result = loopback(program, preview=True)
    assert (result.exit_code, others(result)) == (1, [])
    assert "missing-tag: cost-center is required" in result.errors[0]
    assert 'workload = "trainng"' in result.errors[0]


def test_a_whole_map_that_is_unknown_waits(loopback, tags):
    """Nothing can be said in the preview, so it is said that it waits; the update judges all of it."""
    passing = loopback(lambda: Bucket("b", {"tags": becoming(tags)}), preview=True)
    assert (passing.exit_code, passing.one(BUCKET, "b").inputs) == (0, {"tags": UNKNOWN})
    assert any("owner may be missing" in each.message for each in passing.logs)
    assert loopback(lambda: Bucket("b", {"tags": becoming(tags)})).exit_code == 0
    bad = loopback(lambda: Bucket("b", {"tags": becoming({"owner": "x"})}))
    assert (bad.exit_code, others(bad)) == (1, [])


@pytest.mark.parametrize("value", [None, ["a"], "text"])
def test_a_whole_output_that_is_no_map_is_refused(loopback, value):
    """In words, not with a traceback."""
    result = loopback(lambda: Bucket("b", {"tags": becoming(value)}))
    assert (result.exit_code, others(result)) == (1, [])
    assert "Traceback" not in result.errors[0]


def test_secrets_stay_apart_and_are_never_printed(loopback, tags, preview):
    """One secret value makes no other secret; a refused one is not shown; that tags are public is said."""

    def program(key, value):
        return lambda: Bucket("b", {"tags": {**tags, key: pulumi.Output.secret(value)}})

    good = loopback(program("owner", "ml@acme.example"), preview=preview)
    assert good.one(BUCKET).inputs["tags"] == {**tags, "owner": Secret("ml@acme.example")}
    assert good.one(COMPONENT).outputs["effectiveTags"] == {**tags, "owner": Secret("ml@acme.example")}
    assert "owner comes from a secret, but tags are not secret" in good.warnings[0]
    bad = loopback(program("workload", "hush-hush"), preview=preview)
    assert (bad.exit_code, bad.resources) == (1, ())
    assert "workload = (sensitive value) is not approved" in bad.errors[0]
    assert not any("hush" in each.message for each in bad.logs)


def test_a_secret_map_is_never_printed(loopback, tags):
    """Nor is one of a wrong type."""
    for value in ("hush-hush", 4711):
        result = loopback(lambda value=value: Bucket("b", {"tags": pulumi.Output.secret({**tags, "workload": value})}))
        assert (result.exit_code, result.resources) == (1, ())
        assert not any("hush" in each.message or "4711" in each.message for each in result.logs)


def test_rules_between_tags_see_both_outputs(loopback, tags):
    """The cost center has to be the team's when both are known only in the update."""

    def program(team):
        return lambda: Bucket(
            "b", {"tags": {**tags, "team": becoming(team), "cost-center": pulumi.Output.from_input("cc-4100")}}
        )

    assert loopback(program("vision")).exit_code == 0
    assert loopback(program("search"), preview=True).exit_code == 0
    bad = loopback(program("search"))
    assert (bad.exit_code, others(bad)) == (1, [])
    assert 'cost-center = "cc-4100" does not belong to team "search"' in bad.errors[0]


def test_a_condition_that_waits_is_judged_later(loopback, tags):
    """`environment` turns out to be prod: then the model is required."""

    def program():
        GpuNode("n", {"instance_type": "p5.48xlarge", "tags": {**tags, "environment": becoming("prod")}})

    assert loopback(program, preview=True).exit_code == 0
    result = loopback(program)
    assert (result.exit_code, others(result)) == (1, [])
    assert "model is required on GPU nodes when environment is prod" in result.errors[0]


def test_an_instance_type_that_waits_is_judged_later(loopback, tags):
    """All tags known, the type not: the node waits for it."""

    def program(kind):
        return lambda: GpuNode("n", {"instance_type": becoming(kind), "tags": tags})

    preview = loopback(program("m5.large"), preview=True)
    assert (preview.exit_code, preview.one("aws:ec2/instance:Instance").inputs["tags"]) == (0, tags)
    assert loopback(program("g6.xlarge")).exit_code == 0
    bad = loopback(program("m5.large"))
    assert bad.exit_code == 1
    assert bad.of("aws:ec2/instance:Instance") == ()
    assert 'instance_type "m5.large" has no accelerator' in bad.errors[0]


def test_what_decides_the_class_may_wait(loopback):
    """A bare instance needs nothing unless it turns out to be a GPU node."""

    def program(kind):
        def make():
            import pulumi_aws as aws

            tagged(aws.ec2.Instance)("n", tags={"note": "x"}, instance_type=becoming(kind), ami="ami-1")

        return make

    assert loopback(program("m5.large")).exit_code == 0
    bad = loopback(program("p5.48xlarge"))
    assert bad.exit_code == 1
    assert bad.of("aws:ec2/instance:Instance") == ()
    assert "owner is required on GPU nodes" in bad.errors[0]


def test_a_failed_output_fails_as_itself(loopback, tags):
    """An exception of the program's own is not swallowed by the gate."""

    def program():
        def fail(_):
            raise pulumi.RunError("mine")

        Bucket("b", {"tags": {**tags, "owner": pulumi.Output.from_input("x").apply(fail)}})

    result = loopback(program)
    assert (result.exit_code, result.resources, result.errors) == (1, (), ("mine",))


def test_an_older_sdk_still_checks_in_the_update(loopback, tags, monkeypatch):
    """Without `run_with_unknowns` nothing of the check in the update is lost."""
    original = pulumi.Output.apply

    def apply(self, func, **options):
        if options:
            raise TypeError("apply() got an unexpected keyword argument")
        return original(self, func)

    monkeypatch.setattr("tagwright_pulumi.waiting._apply", apply)
    bad = loopback(lambda: Bucket("b", {"tags": {**tags, "cost-center": becoming("4100")}}))
    assert (bad.exit_code, others(bad)) == (1, [])
