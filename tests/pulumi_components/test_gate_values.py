"""What the gate refuses at once: one message with every problem, and nothing registered."""

from __future__ import annotations

from datetime import date

import pulumi
import pytest

from tagwright_pulumi import Bucket, Function, GpuNode, SetupError, TagGate, TagPolicyError, tagged

GPU = {"instance_type": "p5.48xlarge"}
MANY = {f"extra-{number}": "x" for number in range(47)}

# tags over the good ones (None: taken away), the rules and keys refused, words of the message
BAD = [
    ({"owner": None}, [("missing-tag", "owner")], "owner is required on GPU nodes"),
    ({"environment": None}, [("invalid-tag", "environment")], "environment is None, not a string"),
    ({"owner": ""}, [("missing-tag", "owner")], "owner is empty but is required"),
    ({"owner": "   "}, [("placeholder-value", "owner")], "is blank"),
    ({"workload": "trainng"}, [("value-not-allowed", "workload")], 'did you mean "training"?'),
    ({"workload": "train"}, [("value-not-allowed", "workload")], 'the dictionary writes it "training"'),
    ({"workload": "todo"}, [("placeholder-value", "workload")], "is a placeholder"),
    ({"cost-center": 4100}, [("invalid-tag", "cost-center")], 'quote it: "4100"'),
    ({"cost-center": 41.5}, [("invalid-tag", "cost-center")], 'quote it: "41.5"'),
    ({"cost-center": True}, [("invalid-tag", "cost-center")], 'quote it: "true"'),
    ({"cost-center": ["cc-4100"]}, [("invalid-tag", "cost-center")], "cost-center is list, not a string"),
    ({3: "x"}, [("invalid-tag", "")], "the tag key 3 is int, not a string"),
    ({"aws:owner": "x"}, [("invalid-tag", "aws:owner")], "begins with aws:, which AWS reserves"),
    ({"": "x"}, [("invalid-tag", "")], "the key is empty"),
    ({"k" * 129: "x"}, [("invalid-tag", "k" * 129)], "has 129 characters"),
    ({"note": "v" * 257}, [("invalid-tag", "note")], "has 257 characters"),
    (MANY, [("invalid-tag", "")], "51 tags, but AWS allows 50"),
    ({"team": "search"}, [("mismatched-tags", "cost-center")], 'does not belong to team "search"'),
    ({"environment": "prod"}, [("missing-tag", "model")], "model is required on GPU nodes when environment is prod"),
]


def refused(result):
    """The one error of a run that registered nothing."""
    assert (result.exit_code, result.resources) == (1, ())
    (message,) = result.errors
    assert "Traceback" not in message
    return message


@pytest.mark.parametrize(("change", "rules", "words"), BAD, ids=[each[2] for each in BAD])
def test_bad_tags_are_refused(loopback, tags, preview, change, rules, words):
    """One clear refusal under the shared rule ids; neither the component nor its child is registered."""
    caught = []

    def program():
        try:
            GpuNode("trainer", {**GPU, "tags": {**tags, **change}})
        except TagPolicyError as error:
            caught.append(error)
            raise

    message = refused(loopback(program, preview=preview))
    assert message.startswith("tag policy refuses tagwright:index:GpuNode 'trainer':\n")
    assert words in message
    assert message.splitlines()[-1].startswith("  dictionary acme 1.2.0 (")
    assert [(each.rule, each.key) for each in caught[0].problems] == rules


def test_wrong_case_keys_are_refused_as_such(loopback, tags):
    """`Owner` for `owner` is key-case, with the spelling to use; not a missing tag as well."""
    tags["Owner"] = tags.pop("owner")
    message = refused(loopback(lambda: GpuNode("n", {**GPU, "tags": tags}), config={"tagwright:x": "y"}))
    assert "key-case: Owner is written owner in the dictionary" in message
    assert "missing-tag" not in message


@pytest.mark.parametrize("written", [["owner"], "owner=me", 7, None])
def test_what_is_no_map_is_refused(loopback, preview, written):
    """`tags` that are not a mapping, or not there."""
    message = refused(loopback(lambda: Bucket("b", {"tags": written}), preview=preview))
    assert "not a mapping of keys to values" in message


def test_every_problem_is_in_one_message(loopback, tags):
    """Tags, arguments and the escape hatch together, in a stable order."""

    def program():
        arguments = {"instance_type": "m5.large", "tags": {**tags, "owner": 1, "workload": "trainng"}, "amy": "x"}
        arguments["tags"].pop("cost-center")
        GpuNode("trainer", arguments, instance_args={"volume_tags": {}})

    message = refused(loopback(program))
    assert [line.strip() for line in message.splitlines()[:-1]] == [
        "tag policy refuses tagwright:index:GpuNode 'trainer' (6 problems):",
        'argument: instance_type "m5.large" has no accelerator, but GpuNode is for GPU nodes',
        (
            "choose an accelerated family (p4d, p5, p6, g5, g6, g6e, trn1, trn2, inf2), or create a plain instance "
            "with tagged(aws.ec2.Instance)."
        ),
        "argument: GpuNode has no argument amy",
        "did you mean ami?",
        "argument: volume_tags in instance_args would go past the gate",
        "give the tags to the component's own tags: there they are judged and reach all that is billed.",
        "invalid-tag: owner = 1 is int, not a string",
        'quote it: "1".',
        "missing-tag: cost-center is required on GPU nodes",
        "cost-center must match cc-[0-9]{4}, for example cc-4100. Add it here.",
        'value-not-allowed: workload = "trainng" is not approved: did you mean "training"?',
        "approved workloads: training, inference.",
    ]
    assert loopback(program).errors == (message,)


@pytest.mark.parametrize("hatch", ["tags", "tagsAll", "tags_all", "volume_tags", "volumeTags"])
def test_tags_do_not_pass_by_the_escape_hatch(loopback, tags, hatch):
    """Whatever they are called there."""

    def program():
        GpuNode("n", {**GPU, "tags": tags}, instance_args={hatch: {"owner": "nobody"}})

    assert f"{hatch} in instance_args would go past the gate" in refused(loopback(program))


@pytest.mark.parametrize(
    ("hatch", "words"),
    [
        ({"instance_type": "m5.large"}, "instance_type in instance_args is decided by GpuNode"),
        ({"monitorng": True}, "did you mean monitoring?"),
    ],
)
def test_the_escape_hatch_knows_its_place(loopback, tags, hatch, words):
    """It overrides nothing that the component decides, and a typo is no silent no-op."""
    assert words in refused(loopback(lambda: GpuNode("n", {**GPU, "tags": tags}, instance_args=hatch)))


def test_the_escape_hatch_passes_the_rest(loopback, tags):
    """Other arguments reach the resource."""
    result = loopback(lambda: GpuNode("n", {**GPU, "tags": tags}, instance_args={"monitoring": True}))
    assert result.one("aws:ec2/instance:Instance").inputs["monitoring"] is True


@pytest.mark.parametrize("instance", ["m5.large", "t3.micro", "", "  ", 5, True])
def test_a_node_without_accelerator_is_no_gpu_node(loopback, tags, preview, instance):
    """Refused by name, and by type."""
    message = refused(loopback(lambda: GpuNode("n", {"instance_type": instance, "tags": tags}), preview=preview))
    assert "argument: instance_type" in message


@pytest.mark.parametrize("instance", ["p5.48xlarge", "g6e.12xlarge", "trn2.48xlarge", "inf2.xlarge", "p9.metal"])
def test_accelerated_nodes_are_let_through(loopback, tags, instance):
    """So is a family that is too new for the catalogue, of a series that has accelerators."""
    assert loopback(lambda: GpuNode("n", {"instance_type": instance, "tags": tags})).exit_code == 0


def test_missing_arguments_are_named(loopback, tags):
    """Not a KeyError."""
    assert "Function needs role" in refused(loopback(lambda: Function("f", {"tags": tags})))
    assert "the arguments of Bucket are list, not a mapping" in refused(loopback(lambda: Bucket("b", ["x"])))


def test_good_tags_pass(loopback, tags, preview):
    """Must not fire: the good tags, with keys that the dictionary does not know."""
    result = loopback(lambda: Bucket("b", {"tags": {**tags, "note": "free text"}}), preview=preview)
    assert (result.exit_code, result.errors, result.warnings) == (0, (), ())
    assert result.one("aws:s3/bucket:Bucket").inputs == {"tags": {**tags, "note": "free text"}}


def test_hostile_names_and_values_are_shown_harmlessly(loopback, tags):
    """No terminal sequence of a name or value reaches the message."""
    message = refused(loopback(lambda: Bucket("b\x1b[31m", {"tags": {**tags, "workload": "\x1b[2J\u202e"}})))
    assert "\x1b" not in message
    assert "\u202e" not in message


def test_warnings_are_said_and_let_pass(loopback, tags):
    """What is only recommended does not stop a deployment."""
    del tags["environment"]
    result = loopback(lambda: GpuNode("n", {**GPU, "tags": tags}))
    assert result.exit_code == 0
    (warning,) = result.warnings
    assert warning.startswith("tag policy on tagwright:index:GpuNode 'n':\n  missing-tag: environment is recommended")


def test_a_gate_may_only_warn(loopback, tags, preview):
    """For the time of a migration: the same words as a warning, the resource registered."""
    gate = TagGate(on_violation="warn")
    result = loopback(
        lambda: Bucket("b", {"tags": {**tags, "workload": "trainng", "owner": 1}}, gate=gate), preview=preview
    )
    assert (result.exit_code, result.errors) == (0, ())
    (warning,) = result.warnings
    assert warning.startswith("tag policy refuses tagwright:index:Bucket 'b' (2 problems):")
    assert result.one("aws:s3/bucket:Bucket").inputs["tags"] == {
        key: value for key, value in {**tags, "workload": "trainng"}.items() if key != "owner"
    }


def test_the_day_decides_deadlines(loopback, project, tags):
    """`today` is the day by which a recommendation becomes a requirement."""
    text = (project / "dictionary.yaml").read_text()
    (project / "dictionary.yaml").write_text(
        text.replace(
            "require: [environment], severity: warning", "require: [environment], severity: warning, from: 2027-01-01"
        )
    )
    del tags["environment"]

    def program(day):
        return lambda: GpuNode("n", {**GPU, "tags": tags}, gate=TagGate(today=day))

    assert loopback(program(date(2026, 12, 31))).exit_code == 0
    assert "environment is required" in refused(loopback(program(date(2027, 1, 1))))


@pytest.mark.parametrize("options", [{"unknown": "ignore"}, {"on_violation": "log"}, {"defaults": ["a"]}])
def test_a_misspelled_option_is_an_error(options):
    """A typo must not switch the gate off."""
    with pytest.raises(ValueError, match="not '"):
        TagGate(**options)


def test_types_of_terraform_select_pulumi_types(loopback):
    """A requirement on `aws_sqs_*` holds for `aws:sqs/queue:Queue`."""

    def program():
        import pulumi_aws as aws

        tagged(aws.sqs.Queue)("jobs", tags={})

    assert "owner is required on aws:sqs/queue:Queue" in refused(loopback(program))


def test_errors_are_run_errors():
    """Which is what makes Pulumi print them without a traceback."""
    assert issubclass(TagPolicyError, pulumi.RunError)
    assert issubclass(SetupError, pulumi.RunError)
