"""The loopback engine runs real Pulumi programs, in this process and in one of their own."""

from __future__ import annotations

import asyncio
import socket
import textwrap
import threading

import grpc
import pulumi
import pytest
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc

from tagwright_pulumi.testing import UNKNOWN, LoopbackError, Pack, Secret, run
from tagwright_pulumi.testing.engine import Loopback
from tagwright_pulumi.testing.setting import Setting

BUCKET = "aws:s3/bucket:Bucket"


def chain():
    """A bucket, and one that is tagged with what only the update knows of the first."""
    import pulumi_aws as aws

    first = aws.s3.Bucket("first", tags={"a": "1", "s": pulumi.Output.secret("hush")})
    second = aws.s3.Bucket("second", tags={"arn": first.arn}, opts=pulumi.ResourceOptions(protect=True))
    pulumi.export("arn", second.arn)


def test_an_update_knows_every_value():
    """Registrations carry wire inputs, URNs, parents, options and dependencies; the stack's outputs are known."""
    result = run(chain, project="shop", stack="live")
    first, second = result.resources
    stack = "urn:pulumi:live::shop::pulumi:pulumi:Stack::shop-live"
    assert (first.urn, first.parent) == ("urn:pulumi:live::shop::aws:s3/bucket:Bucket::first", stack)
    assert first.inputs == {"tags": {"a": "1", "s": Secret("hush")}}
    assert second.inputs == {"tags": {"arn": "arn:aws:s3:loopback:000000000000:first"}}
    assert (first.protect, second.protect) == (None, True)
    assert second.dependencies == (first.urn,)
    assert second.property_dependencies == {"tags": (first.urn,)}
    assert (result.exit_code, result.outputs) == (0, {"arn": "arn:aws:s3:loopback:000000000000:second"})


def test_a_preview_leaves_computed_values_unknown():
    """What only the update will know is UNKNOWN, in inputs and in the stack's outputs."""
    result = run(chain, preview=True)
    assert result.one(BUCKET, "second").inputs == {"tags": {"arn": UNKNOWN}}
    assert result.outputs == {"arn": UNKNOWN}
    assert result.exit_code == 0


def test_a_secret_never_shows():
    """Not in the representation of a run, which a failed assertion prints."""
    assert "hush" not in repr(run(chain))


def test_a_run_error_is_one_line(preview):
    """The language host prints the message of a RunError and nothing else."""

    def program():
        raise pulumi.RunError("not like this")

    result = run(program, preview=preview)
    assert (result.exit_code, result.errors) == (1, ("not like this",))


def test_any_other_exception_is_a_traceback():
    """As in Pulumi: so a test sees the difference."""

    def program():
        raise ValueError("oops")

    (message,) = run(program).errors
    assert message.startswith("Program failed with an unhandled exception:\nTraceback")
    assert "ValueError: oops" in message


def test_a_failed_apply_fails_the_run_and_registers_nothing(preview):
    """An exception in an apply keeps the resource that waits for it from being registered."""

    def program():
        import pulumi_aws as aws

        def refuse(_):
            raise pulumi.RunError("refused in an apply")

        aws.s3.Bucket("b", tags={"a": pulumi.Output.from_input("x").apply(refuse)})

    result = run(program, preview=preview)
    assert (result.exit_code, result.resources, result.errors) == (1, (), ("refused in an apply",))


def test_asynchronous_programs_run():
    """A coroutine function is a program too."""

    async def program():
        import pulumi_aws as aws

        await asyncio.sleep(0)
        aws.s3.Bucket("b")

    assert [each.name for each in run(program).resources] == ["b"]


def test_configuration_arrives():
    """Keys without a namespace are the project's, structures are JSON, secrets are marked."""

    def program():
        pulumi.export("plain", pulumi.Config().require("size"))
        pulumi.export("structure", pulumi.Config("aws").require_object("defaultTags"))
        pulumi.export("secret", pulumi.Config().require_secret("token"))

    result = run(
        program,
        project="shop",
        config={"size": "3", "aws:defaultTags": {"tags": {"a": "b"}}, "token": "hush"},
        secrets=["token"],
    )
    assert result.outputs == {"plain": "3", "structure": {"tags": {"a": "b"}}, "secret": Secret("hush")}


def test_answers_of_the_test_win():
    """`outputs`, `invokes` and `check` stand for the cloud and the provider."""

    def program():
        import pulumi_aws as aws

        zone = aws.get_availability_zones_output(state="available").names[0]
        pulumi.export("zone", zone)
        pulumi.export("arn", aws.s3.Bucket("b", tags={"a": "1"}).arn)

    result = run(
        program,
        outputs=lambda each: {"arn": f"arn:of:{each.name}"},
        invokes=lambda token, arguments: {"id": "x", "names": [f"{token.rpartition(':')[2]} {arguments['state']}"]},
        check=lambda _type, inputs: {**inputs, "tagsAll": {**inputs["tags"], "d": "2"}},
    )
    assert result.outputs == {"zone": "getAvailabilityZones available", "arn": "arn:of:b"}
    assert result.one(BUCKET).inputs == {"tags": {"a": "1"}, "tagsAll": {"a": "1", "d": "2"}}
    assert result.invokes == (("aws:index/getAvailabilityZones:getAvailabilityZones", {"state": "available"}),)


def test_transforms_are_called_in_order(preview):
    """The resource's own, then its parent's, then the stack's; one registered twice is called twice."""

    def adding(word):
        def transform(args):
            args.props["tags"] = {**args.props.get("tags", {}), word: str(len(args.props.get("tags", {})))}
            return pulumi.ResourceTransformResult(args.props, args.opts)

        return transform

    def program():
        import pulumi_aws as aws

        stack = adding("stack")
        pulumi.runtime.register_resource_transform(stack)
        pulumi.runtime.register_resource_transform(stack)
        parent = pulumi.ComponentResource("x:index:X", "x", {}, pulumi.ResourceOptions(transforms=[adding("parent")]))
        options = pulumi.ResourceOptions(parent=parent, transforms=[adding("own")])
        aws.s3.Bucket("b", opts=options)

    result = run(program, preview=preview)
    assert result.one(BUCKET).inputs["tags"] == {"own": "0", "parent": "1", "stack": "3"}


def test_a_failing_transform_fails_its_resource():
    """The resource is not registered, and the run says why."""

    def program():
        import pulumi_aws as aws

        def transform(_):
            raise pulumi.RunError("no transform today")

        pulumi.runtime.register_resource_transform(transform)
        aws.s3.Bucket("b")

    result = run(program)
    assert (result.exit_code, result.resources) == (1, ())
    assert "no transform today" in result.errors[0]


def test_duplicate_urns_fail():
    """Two resources of one type and name: the second is refused, as by the engine."""

    def program():
        import pulumi_aws as aws

        aws.s3.Bucket("b")
        aws.s3.Bucket("b")

    result = run(program)
    assert result.exit_code == 1
    assert [each.name for each in result.resources] == ["b"]
    assert "Duplicate resource URN" in result.errors[0]


PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy, StackValidationPolicy

def named(args, report):
    if args.resource_type == "aws:s3/bucket:Bucket" and "owner" not in args.props.get("tags", {}):
        report(f"{args.name} has no owner")

def fill(args):
    if args.resource_type == "aws:s3/bucket:Bucket":
        args.props["tags"]["team"] = "vision"
        return args.props

def count(args, report):
    report(f"{len(args.resources)} resources")

PolicyPack("pack", [
    ResourceValidationPolicy("owned", "Buckets have owners.", named, EnforcementLevel.MANDATORY),
    ResourceValidationPolicy(
        "filled", "Buckets have teams.", remediate=fill, enforcement_level=EnforcementLevel.REMEDIATE
    ),
    StackValidationPolicy("counted", "Stacks are counted.", count, EnforcementLevel.ADVISORY),
])
"""


@pytest.fixture
def pack(tmp_path):
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "__main__.py").write_text(PACK)
    return folder


def buckets():
    import pulumi_aws as aws

    aws.s3.Bucket("bad", tags={"s": pulumi.Output.secret("x")})
    aws.s3.Bucket("good", tags={"owner": "me"})


def test_a_mandatory_violation_fails_a_preview_at_its_end(pack):
    """The program goes on, remediations come first, every violation is there."""
    result = run(buckets, preview=True, packs=[pack])
    assert result.exit_code == 1
    assert result.one(BUCKET, "bad").inputs["tags"] == {"s": Secret("x"), "team": "vision"}
    assert result.one(BUCKET, "good").inputs["tags"] == {"owner": "me", "team": "vision"}
    found = {(each.policy, each.level, each.message.splitlines()[-1]) for each in result.diagnostics}
    assert found == {
        ("owned", "mandatory", "bad has no owner"),
        ("counted", "advisory", "3 resources"),
    }


def test_a_mandatory_violation_stops_an_update(pack):
    """The offender is not registered, and the run ends in failure."""

    def program():
        import pulumi_aws as aws

        aws.s3.Bucket("bad", tags={"a": "b"})

    result = run(program, packs=[pack])
    assert (result.exit_code, result.resources) == (1, ())


def test_packs_are_configured(pack):
    """Levels and properties come from the test."""
    config = {"owned": {"enforcementLevel": "advisory"}, "counted": {"enforcementLevel": "disabled"}}
    result = run(buckets, packs=[Pack(pack, config)])
    assert result.exit_code == 0
    assert [(each.policy, each.level) for each in result.diagnostics] == [("owned", "advisory")]


PLUGIN = """
import sys
from typing import Optional, TypedDict

import pulumi
import pulumi.provider
from pulumi.provider.experimental.component import ComponentProvider

class PairArgs(TypedDict):
    size: pulumi.Input[int]

class Pair(pulumi.ComponentResource):
    total: pulumi.Output[int]

    def __init__(self, name: str, args: PairArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("pairs:index:Pair", name, dict(args), opts)
        import pulumi_aws as aws
        aws.s3.Bucket(f"{name}-a", opts=pulumi.ResourceOptions(parent=self))
        self.total = pulumi.Output.from_input(args["size"])
        self.register_outputs({"total": self.total})

if __name__ == "__main__":
    pulumi.provider.main(ComponentProvider([Pair], "pairs"), sys.argv[1:])
"""


@pytest.fixture
def plugin(tmp_path):
    folder = tmp_path / "pairs"
    folder.mkdir()
    (folder / "PulumiPlugin.yaml").write_text("runtime: python\n")
    (folder / "__main__.py").write_text(PLUGIN)
    return folder


def remote(inputs):
    class Pair(pulumi.ComponentResource):
        total: pulumi.Output[int]

        def __init__(self, name):
            super().__init__("pairs:index:Pair", name, {"total": None, **inputs}, None, remote=True)

    def program():
        pulumi.export("total", Pair("p").total)

    return program


def test_remote_components_are_constructed(plugin):
    """Construct runs in the provider's own process; its children register here, below it."""
    result = run(remote({"size": 2}), components=[plugin])
    component = result.one("pairs:index:Pair")
    assert result.one(BUCKET).parent == component.urn
    assert result.one(BUCKET).urn.split("::")[2] == f"pairs:index:Pair${BUCKET}"
    assert (result.exit_code, result.outputs) == (0, {"total": 2})


def test_a_refused_construction_is_a_failure(plugin):
    """INVALID_ARGUMENT arrives with its property paths, and fails the run."""
    result = run(remote({}), components=[plugin], preview=True)
    (failure,) = result.failures
    assert (failure.code, failure.properties) == (
        "INVALID_ARGUMENT",
        (("size", "Missing required input 'size' on 'Pair'"),),
    )
    assert (result.exit_code, result.resources) == (1, ())


def test_transforms_see_children_of_remote_components(plugin):
    """The engine calls them, so they see what another process registers."""
    make = remote({"size": 2})

    def program():
        def transform(args):
            if args.type_ == BUCKET:
                return pulumi.ResourceTransformResult({**args.props, "bucket": "mine"}, args.opts)
            return None

        pulumi.runtime.register_resource_transform(transform)
        make()

    assert run(program, components=[plugin]).one(BUCKET).inputs == {"bucket": "mine"}


def test_a_program_in_its_own_process_does_the_same(tmp_path, preview):
    """A project folder with its stack's configuration gives what the same code gives in this process."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  shop:who: me\n  aws:region: eu-central-1\n")
    (tmp_path / "part.py").write_text("NAME = 'first'\n")
    code = """
        import pulumi, pulumi_aws as aws
        from part import NAME
        first = aws.s3.Bucket(NAME, tags={"a": pulumi.Config().require("who")})
        second = aws.s3.Bucket("second", tags={"arn": first.arn})
        pulumi.export("arn", second.arn)
        print("said on stdout")
    """
    (tmp_path / "__main__.py").write_text(textwrap.dedent(code))

    def program():
        import pulumi_aws as aws

        first = aws.s3.Bucket("first", tags={"a": pulumi.Config().require("who")})
        pulumi.export("arn", aws.s3.Bucket("second", tags={"arn": first.arn}).arn)

    apart = run(tmp_path, preview=preview)
    here = run(program, preview=preview, project="shop", config={"who": "me"})
    assert apart.exit_code == 0, apart.stderr
    assert (apart.resources, apart.outputs) == (here.resources, here.outputs)
    assert apart.stdout == "said on stdout\n"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "nothing", "no Pulumi program"),
        (lambda folder: folder, "__main__.py is missing"),
    ],
)
def test_no_program_is_said(tmp_path, make, words):
    """What kept a program from running is a LoopbackError, not a Run."""
    with pytest.raises(LoopbackError, match=words):
        run(make(tmp_path))


def test_missing_plugins_are_said(tmp_path):
    """So are packs and components that are not there or do not start."""
    with pytest.raises(LoopbackError, match="no policy pack"):
        run(chain, packs=[tmp_path])
    with pytest.raises(LoopbackError, match=r"PulumiPlugin\.yaml is missing"):
        run(chain, components=[tmp_path])
    (tmp_path / "__main__.py").write_text("print('hello')\n")
    with pytest.raises(LoopbackError, match="printed 'hello' instead of a port"):
        run(chain, packs=[tmp_path])


def test_encrypted_configuration_is_said(tmp_path):
    """A stack file's secrets cannot be read without the CLI: the test has to give them."""
    (tmp_path / "__main__.py").write_text("")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  shop:token:\n    secure: v1:abc\n")
    with pytest.raises(LoopbackError, match=r"shop:token in Pulumi\.dev\.yaml is encrypted"):
        run(tmp_path)


def test_a_program_that_hangs_is_ended(tmp_path):
    """After the given time."""
    (tmp_path / "__main__.py").write_text("import time; time.sleep(60)\n")
    with pytest.raises(LoopbackError, match="did not end within 2 s"):
        run(tmp_path, timeout=2)


def test_only_this_machine_can_connect():
    """The engine listens on 127.0.0.1 and on no other address."""
    with Loopback(Setting()) as engine:
        host, _, port = engine.address.rpartition(":")
        assert host == "127.0.0.1"
        socket.create_connection(("127.0.0.1", int(port)), 5).close()
        for other in ("127.0.0.2", "::1"):
            with pytest.raises(OSError):  # noqa: PT011 - which error depends on the machine
                socket.create_connection((other, int(port)), 0.5)


def test_older_sdks_are_answered():
    """They ask for each feature by its name; those of newer ones that need a state are not there."""
    names = {
        *("secrets", "resourceReferences", "outputValues", "deletedWith", "replaceWith", "aliasSpecs", "transforms"),
        *("invokeTransforms", "parameterization", "resourceHooks", "errorHooks", "stateMigrations"),
    }
    with Loopback(Setting()) as engine, grpc.insecure_channel(engine.address) as channel:
        stub = resource_pb2_grpc.ResourceMonitorStub(channel)
        ask = resource_pb2.SupportsFeatureRequest
        supported = {name for name in names if stub.SupportsFeature(ask(id=name)).hasSupport}
    assert supported == names - {"stateMigrations"}


def test_nothing_stays_behind():
    """Neither settings nor threads of a program nor its configuration outlive the run."""
    run(chain, project="one", config={"one:a": "b"})
    assert pulumi.get_project() != "one"
    assert pulumi.Config("one").get("a") is None
    assert [each.name for each in threading.enumerate() if each.name.startswith(("pulumi-program", "loopback"))] == []


def test_a_tests_own_failure_passes_through():
    """pytest.fail inside of a program fails the test, not the program."""

    def program():
        pytest.fail("mine")

    with pytest.raises(pytest.fail.Exception, match="mine"):
        run(program)


def test_one_says_what_there_was():
    """A wrong expectation of `one` names what was registered."""
    with pytest.raises(LookupError, match=r"0 registrations of aws:s3/bucket:Bucket third; registered were: .*'first'"):
        run(chain).one(BUCKET, "third")
