"""The policy pack over its real protocol, in a process of its own, beside programs that run in the loopback engine."""

from __future__ import annotations

import json

import pulumi
import pytest

from tagwright_pulumi.testing import UNKNOWN, LoopbackError, Pack, Secret, run

BUCKET = "aws:s3/bucket:Bucket"
INSTANCE = "aws:ec2/instance:Instance"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
GROUP = "aws:autoscaling/group:Group"
QUEUE = "aws:sqs/queue:Queue"

MAIN = """
from datetime import date
from pathlib import Path

from pulumi_policy import PolicyPack
from tagwright_pulumi.policies import policies

PolicyPack("tagwright", policies(Path(__file__).with_name("dictionary.yaml"), today=date(2026, 11, 23)))
"""

DEFAULTS = """\
schema: 1
name: acme
version: 1.2.0
keys:
  owner: {format: email, default: ml@acme.example}
  cost-center: {pattern: "cc-[0-9]{4}"}
requirements:
  - {id: spend, for: all, require: [owner, cost-center]}
"""


REFUSED_REQUIRED = """\
tag policy refuses aws:s3/bucket:Bucket 'b':
  missing-tag: cost-center is required on buckets
    cost-center must match cc-[0-9]{4}, for example cc-4100. Add it here."""

REFUSED_VALUES = """\
tag policy refuses aws:s3/bucket:Bucket 'b':
  value-not-allowed: workload = "trainng" is not approved: did you mean "training"?
    approved workloads: training, inference."""


def aws():
    import pulumi_aws

    return pulumi_aws


@pytest.fixture
def pack(project):
    """A pack that judges by the tests' dictionary."""
    folder = project / "pack"
    folder.mkdir()
    (folder / "__main__.py").write_text(MAIN)
    (folder / "dictionary.yaml").write_text((project / "dictionary.yaml").read_text())
    return folder


@pytest.fixture
def fixing(pack):
    """The same, by a dictionary with a default."""
    (pack / "dictionary.yaml").write_text(DEFAULTS)
    return pack


def said(result):
    """Policy, level and message (without the policy's description and the dictionary's line), in order."""
    return [
        (each.policy.removeprefix("tagwright-"), each.level, "\n".join(each.message.splitlines()[1:-1]))
        for each in result.diagnostics
    ]


def merged(defaults=None):
    """What the AWS provider's Check makes of inputs: `tagsAll`, all of it unknown when one value is."""

    def check(token, inputs):
        if not token.startswith("aws:") or "tags" not in inputs or token == GROUP:
            return inputs
        tags = {**(defaults or {}), **inputs["tags"]} if isinstance(inputs["tags"], dict) else UNKNOWN
        unknown = tags is UNKNOWN or any(value is UNKNOWN for value in tags.values())
        return {**inputs, "tagsAll": UNKNOWN if unknown else tags}

    return check


def bucket(**tags):
    return lambda: aws().s3.Bucket("b", tags={key.replace("_", "-"): value for key, value in tags.items()})


GOOD = {"owner": "ml@acme.example", "cost_center": "cc-4100", "workload": "training"}


def test_compliant_resources_pass(pack, preview):
    """Nothing is said, nothing is changed; neither of what cannot be tagged."""

    def program():
        bucket(**GOOD)()
        aws().iam.RolePolicyAttachment("a", role="r", policy_arn="arn:aws:iam::aws:policy/x")
        aws().inspector.ResourceGroup("g", tags={"anything": "goes"})

    result = run(program, packs=[pack], preview=preview)
    assert (result.exit_code, result.diagnostics, result.remediations) == (0, (), ())


def test_a_refused_one_in_the_words_of_the_gate(pack):
    """Missing and wrong tags, each under its policy, with the token, the name and the approved values."""
    result = run(bucket(owner="ml@acme.example", workload="trainng"), packs=[pack], preview=True)
    assert (result.exit_code, said(result)) == (
        1,
        [
            (
                "required-tags",
                "mandatory",
                REFUSED_REQUIRED,
            ),
            (
                "values",
                "mandatory",
                REFUSED_VALUES,
            ),
        ],
    )


def test_an_update_is_stopped(pack):
    """The offender is not registered."""
    result = run(bucket(owner="x"), packs=[pack])
    assert (result.exit_code, result.resources) == (1, ())


def test_an_unknown_tag_hides_no_missing_one(pack):
    """One value that only the update knows: what lacks is still mandatory, the unknown one only advice; also after
    the provider's Check, which then calls all of `tagsAll` unknown.
    """

    def program():
        first = aws().s3.Bucket("first", tags={k.replace("_", "-"): v for k, v in GOOD.items()})
        aws().s3.Bucket("b", tags={"owner": first.arn, "workload": "training"})

    for check in (None, merged()):
        result = run(program, packs=[pack], preview=True, check=check)
        assert result.exit_code == 1
        assert [(policy, level) for policy, level, _ in said(result)] == [
            ("required-tags", "mandatory"),
            ("advice", "advisory"),
        ]
        assert "cost-center is required on buckets" in said(result)[0][2]
        assert "owner is not known" in said(result)[1][2] or "owner" in said(result)[1][2]


def test_an_unknown_map_is_undecided(pack):
    """Nothing of it can be seen: advice, no refusal, and no crash; the update decides."""

    def program():
        first = aws().s3.Bucket("first", tags={k.replace("_", "-"): v for k, v in GOOD.items()})
        aws().s3.Bucket("b", tags=first.arn.apply(lambda arn: {"owner": "x@acme.example", "cost-center": arn}))

    result = run(program, packs=[pack], preview=True, check=merged())
    assert (result.exit_code, {(policy, level) for policy, level, _ in said(result)}) == (0, {("advice", "advisory")})
    update = run(program, packs=[pack], check=merged())
    assert update.exit_code == 1
    assert {policy for policy, _, _ in said(update)} == {"required-tags", "values"}


def test_the_providers_default_tags_count(pack, preview):
    """As `tagsAll` shows them; as the provider's own JSON says, where one unknown hides `tagsAll`; as the stack
    configures them.
    """
    defaults = {"owner": "ml@acme.example", "cost-center": "cc-4100"}

    def plain():
        aws().s3.Bucket("b", tags={"workload": "training"})

    def explicit():
        given = {"tags": defaults}
        provider = aws().Provider("p", region="eu-central-1", default_tags=given)
        later = pulumi.Output.from_input(provider.urn).apply(lambda _: "training")
        first = aws().sqs.Queue("q", tags={**defaults}, opts=pulumi.ResourceOptions(provider=provider))
        aws().s3.Bucket(
            "b",
            tags={"workload": later, "note": first.arn},
            opts=pulumi.ResourceOptions(provider=provider),
        )

    shown = run(plain, packs=[pack], preview=preview, check=merged(defaults))
    assert (shown.exit_code, shown.diagnostics) == (0, ())
    unshown = run(explicit, packs=[pack], preview=preview, check=merged(defaults))
    assert (unshown.exit_code, [each for each in said(unshown) if each[1] == "mandatory"]) == (0, [])
    configured = run(plain, packs=[pack], preview=preview, config={"aws:defaultTags": {"tags": defaults}})
    assert (configured.exit_code, configured.diagnostics) == (0, ())


def test_own_tags_win_over_merged_ones(pack):
    """A wrong value of the resource's own is wrong, whatever `tagsAll` says."""
    result = run(
        bucket(**{**GOOD, "workload": "trainng"}),
        packs=[pack],
        preview=True,
        check=lambda _token, inputs: {**inputs, "tagsAll": {**inputs["tags"], "workload": "training"}},
    )
    assert [policy for policy, _, _ in said(result)] == ["values"]


def test_secrets_are_judged_and_never_shown(pack):
    """Neither in a refusal nor where the remediation that sees them is switched off."""
    for config in ({}, {"tagwright-autofix": {"enforcementLevel": "disabled"}}):

        def hushed():
            bucket(**{**GOOD, "workload": pulumi.Output.secret("hush-hush")})()

        result = run(hushed, packs=[Pack(pack, config)], preview=True)
        assert [policy for policy, _, _ in said(result)] == ["values"]
        assert "hush" not in str(result.diagnostics)


def test_numbers_are_refused_like_by_the_gate(pack):
    """A tag that is no string."""

    def program():
        pulumi.CustomResource(BUCKET, "b", {"tags": {**{k.replace("_", "-"): v for k, v in GOOD.items()}, "size": 3}})

    result = run(program, packs=[pack], preview=True)
    assert [(policy, message.splitlines()[1]) for policy, _, message in said(result)] == [
        ("values", "  invalid-tag: size = 3 is int, not a string")
    ]


TAGS = {"owner": "ml@acme.example", "cost-center": "cc-4100", "workload": "training", "environment": "dev"}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: aws().ec2.Instance("i", ami="a", instance_type="p5.48xlarge", tags=TAGS),
            "owner does not reach the volumes: tags of an aws_instance do not reach its volumes",
        ),
        (
            lambda: aws().ec2.LaunchTemplate("t", instance_type="p5.48xlarge", tags=TAGS),
            "owner does not reach the volumes: the launch template has no tag_specifications that tag volumes",
        ),
        (
            lambda: aws().ec2.SpotInstanceRequest("s", ami="a", instance_type="p5.48xlarge", tags=TAGS),
            "owner does not reach the instance: tags of an aws_spot_instance_request stay on the request",
        ),
    ],
)
def test_tags_that_stay_behind(pack, make, words):
    """Propagation has its own policy."""
    result = run(make, packs=[pack], preview=True)
    assert {policy for policy, level, _ in said(result) if level == "mandatory"} == {"propagation"}
    assert words in next(message for policy, _, message in said(result) if policy == "propagation")


def test_tags_that_get_through(pack, preview):
    """Volume tags, tag specifications, propagated lists: nothing is said of them."""

    def program():
        aws().ec2.Instance("i", ami="a", instance_type="p5.48xlarge", tags=TAGS, volume_tags=TAGS)
        specifications = [{"resource_type": kind, "tags": TAGS} for kind in ("instance", "volume")]
        template = aws().ec2.LaunchTemplate(
            "t", instance_type="p5.48xlarge", tags=TAGS, tag_specifications=specifications
        )
        rows = [{"key": key, "value": value, "propagate_at_launch": True} for key, value in TAGS.items()]
        aws().autoscaling.Group("g", min_size=0, max_size=1, launch_template={"id": template.id}, tags=rows)
        aws().ecs.Service("s", tags=TAGS, propagate_tags="SERVICE")

    result = run(program, packs=[pack], preview=preview)
    assert [each for each in said(result) if each[1] == "mandatory"] == []


def test_warnings_are_advice(pack):
    """They never fail a run."""
    tags = {key: value for key, value in TAGS.items() if key != "environment"}

    def program():
        aws().ec2.Instance("i", ami="a", instance_type="p5.48xlarge", tags=tags, volume_tags=tags)

    result = run(program, packs=[pack], preview=True)
    assert (result.exit_code, [(policy, level) for policy, level, _ in said(result)]) == (0, [("advice", "advisory")])
    assert "environment is recommended on GPU nodes" in said(result)[0][2]


def test_levels_and_exclusions_are_configured(pack):
    """By the engine's own policy configuration; `exclude` takes globs of types and URNs."""
    wrong = bucket(owner="ml@acme.example")
    for glob in ("aws:s3/*", "*::b"):
        config = {"tagwright-required-tags": {"exclude": [glob]}}
        assert run(wrong, packs=[Pack(pack, config)], preview=True).diagnostics == ()
    config = {"tagwright-required-tags": {"exclude": ["aws:sqs/*"], "enforcementLevel": "advisory"}}
    result = run(wrong, packs=[Pack(pack, config)], preview=True)
    assert (result.exit_code, [(policy, level) for policy, level, _ in said(result)]) == (
        0,
        [("required-tags", "advisory")],
    )


def test_a_default_is_filled_in(fixing, preview):
    """Into `tags` and the merged `tagsAll`; what has no default stays missing. Secrets stay secret, unknowns
    unknown.
    """

    def program():
        first = aws().s3.Bucket("first", tags={"owner": "me@acme.example", "cost-center": "cc-1"})
        aws().s3.Bucket("b", tags={"note": pulumi.Output.secret("hush"), "cost-center": first.arn})

    config = {"tagwright-values": {"enforcementLevel": "disabled"}}
    result = run(program, packs=[Pack(fixing, config)], preview=preview, check=merged())
    later = UNKNOWN if preview else "arn:aws:s3:loopback:000000000000:first"
    assert result.one(BUCKET, "b").inputs["tags"] == {
        "note": Secret("hush"),
        "cost-center": later,
        "owner": "ml@acme.example",
    }
    if preview:
        assert result.one(BUCKET, "b").inputs["tagsAll"] is UNKNOWN
    else:
        assert result.one(BUCKET, "b").inputs["tagsAll"]["owner"] == "ml@acme.example"
    assert [each.policy for each in result.remediations if each.problem] == []
    assert result.one(BUCKET, "first").inputs["tags"]["owner"] == "me@acme.example"


def test_defaults_reach_what_is_billed(fixing):
    """Volume tags or blocks, tag specifications, lists; a resource without any tags gets some."""

    def program():
        aws().ec2.Instance("i", ami="a", instance_type="p5.48xlarge", tags={"cost-center": "cc-4100"})
        block = {"device_name": "/dev/sdf", "tags": {"note": pulumi.Output.secret("hush")}}
        aws().ec2.Instance("j", ami="a", instance_type="p5.48xlarge", ebs_block_devices=[block])
        aws().ec2.LaunchTemplate(
            "t", instance_type="p5.48xlarge", tag_specifications=[{"resource_type": "volume", "tags": {"note": "x"}}]
        )
        aws().autoscaling.Group("g", min_size=0, max_size=1, tags=[{"key": "n", "value": "x"}])
        aws().inspector.ResourceGroup("r", tags={"select": "this"})
        aws().sqs.Queue("q")

    config = {
        f"tagwright-{name}": {"enforcementLevel": "disabled"} for name in ("required-tags", "values", "propagation")
    }
    result = run(program, packs=[Pack(fixing, config)], preview=True)
    assert result.exit_code == 0, result.errors
    owner = {"owner": "ml@acme.example"}
    first = result.one(INSTANCE, "i").inputs
    assert (first["tags"], first["volumeTags"]) == ({"cost-center": "cc-4100", **owner}, owner)
    second = result.one(INSTANCE, "j").inputs
    assert second["ebsBlockDevices"][0]["tags"] == {"note": Secret("hush"), **owner}
    assert (second["rootBlockDevice"], "volumeTags" in second) == ({"tags": owner}, False)
    specifications = result.one(TEMPLATE).inputs["tagSpecifications"]
    assert {each["resourceType"]: each["tags"] for each in specifications} == {
        "volume": {"note": "x", **owner},
        "instance": owner,
        "network-interface": owner,
    }
    assert result.one(GROUP).inputs["tags"][-1] == {"key": "owner", "value": owner["owner"], "propagateAtLaunch": True}
    assert result.one("aws:inspector/resourceGroup:ResourceGroup").inputs == {"tags": {"select": "this"}}
    assert result.one(QUEUE).inputs["tags"] == owner


def test_an_unknown_map_is_not_mended(fixing):
    """It stays what it was, and the remediation does not fail."""

    def program():
        first = aws().s3.Bucket("first", tags={"owner": "me@acme.example", "cost-center": "cc-4100"})
        aws().s3.Bucket("b", tags=first.arn.apply(lambda arn: {"cost-center": arn}))

    result = run(program, packs=[fixing], preview=True, check=merged())
    assert result.one(BUCKET, "b").inputs["tags"] is UNKNOWN
    assert result.remediations == ()


def test_a_stack_that_disagrees_with_itself(pack):
    """Two cost centers of one team: allowed by the dictionary, said by the stack policy. Other pairs on request."""

    def program():
        for name, center in (("a", "cc-4100"), ("b", "cc-4110"), ("c", "cc-4100")):
            tags = {"owner": "ml@acme.example", "workload": "training", "team": "vision", "cost-center": center}
            aws().s3.Bucket(name, tags=tags)

    result = run(program, packs=[pack], preview=True)
    (only,) = result.diagnostics
    assert (only.policy, only.level, result.exit_code) == ("tagwright-stack-consistency", "advisory", 0)
    assert only.message.splitlines()[1:] == [
        'resources of team "vision" have 2 values of cost-center:',
        "  \"cc-4100\": aws:s3/bucket:Bucket 'a', aws:s3/bucket:Bucket 'c'",
        "  \"cc-4110\": aws:s3/bucket:Bucket 'b'",
    ]
    config = {"tagwright-stack-consistency": {"pairs": {"owner": "team"}}}
    assert run(program, packs=[Pack(pack, config)], preview=True).diagnostics == ()


def test_a_broken_dictionary_keeps_the_pack_from_starting(pack):
    """It never lets everything pass."""
    (pack / "dictionary.yaml").write_text("schema: 1\nname: 3\n")
    with pytest.raises(LoopbackError):
        run(bucket(), packs=[pack], preview=True)


def test_policies_are_described_to_the_engine(pack):
    """Each has its level and the schema of its configuration."""
    from pulumi_policy import StackValidationPolicy

    from tagwright_pulumi.policies import policies

    found = policies(pack / "dictionary.yaml")
    levels = {each.name: each.enforcement_level.value for each in found}
    assert levels == {
        "tagwright-required-tags": "mandatory",
        "tagwright-values": "mandatory",
        "tagwright-propagation": "mandatory",
        "tagwright-advice": "advisory",
        "tagwright-autofix": "remediate",
        "tagwright-stack-consistency": "advisory",
    }
    for each in found:
        schema = json.loads(json.dumps(each.config_schema.properties))
        assert set(schema) == ({"exclude", "pairs"} if isinstance(each, StackValidationPolicy) else {"exclude"})
