"""Every rule about what is billed, each with what must reach it and what must not."""

from dataclasses import replace

import pytest
from tests.iac_readers.reach.fake_view import WHY, FakeView, shown, tags, template, view

from tagwright_dictionary.model import Bill, Origin, Tag, Unknown
from tagwright_iac import reach

T = template(instance={"owner": "t"}, volume={"team": "t"})
BARE = template()
LT = {"launch_template": [{"id": "lt"}]}
TO_T = {"launch_template.id": T}


def tag_block(key, value="v", propagate=True):
    return {"key": key, "value": value, "propagate_at_launch": propagate}


def instance(links=None, default=None, versions="", **given):
    found = view("aws_instance", links, **given)
    return replace(found, default_tags=default or tags(), versions=versions)


INSTANCES = {
    "own tags do not reach volumes": (
        instance(tags={"owner": "a"}),
        {"instance": {"owner": "a"}, "volumes": {}},
    ),
    "volume_tags do": (
        instance(tags={"owner": "a"}, volume_tags={"owner": "b"}),
        {"instance": {"owner": "a"}, "volumes": {"owner": "b"}},
    ),
    "unknown volume_tags leave it open": (
        instance(volume_tags=WHY),
        {"instance": {}, "volumes": {"+?": WHY.cause}},
    ),
    "default_tags do, from 5.39": (
        instance(default=tags(owner="d"), versions="~> 5.39", tags={"owner": "a"}),
        {"instance": {"owner": "a"}, "volumes": {"owner": "d"}},
    ),
    "default_tags do not, before": (
        instance(default=tags(owner="d"), versions="~> 5.38.0"),
        {"instance": {"owner": "d"}, "volumes": {}},
    ),
    "volume_tags win over default_tags": (
        instance(default=tags(owner="d", team="d"), volume_tags={"owner": "v"}),
        {"instance": {"owner": "d", "team": "d"}, "volumes": {"owner": "v", "team": "d"}},
    ),
    "the root device's tags reach the root volume": (
        instance(root_block_device=[{"tags": {"owner": "r"}}]),
        {"instance": {}, "volumes": {"owner": "r"}},
    ),
    "not the other volumes": (
        instance(root_block_device=[{"tags": {"owner": "r"}}], ebs_block_device=[{"device_name": "/dev/sdf"}]),
        {"instance": {}, "root volume": {"owner": "r"}, "volume /dev/sdf": {}},
    ),
    "a root volume that no block describes has no block's tags": (
        instance(ebs_block_device=[{"device_name": "/dev/sdf", "tags": {"owner": "e"}}]),
        {"instance": {}, "root volume": {}, "volume /dev/sdf": {"owner": "e"}},
    ),
    "equal devices are one bill": (
        instance(
            root_block_device=[{"tags": {"owner": "r"}}],
            ebs_block_device=[
                {"device_name": "/dev/sdf", "tags": {"owner": "r"}},
                {"device_name": WHY, "tags": {"owner": "r"}},
            ],
        ),
        {"instance": {}, "volumes": {"owner": "r"}},
    ),
    "a dynamic device over something unknown leaves its volume open": (
        instance(volume_tags={"owner": "v"}, ebs_block_device=WHY),
        {"instance": {}, "root volume": {"owner": "v"}, "volume": {"owner": "?", "+?": WHY.cause}},
    ),
    "a launch template's specifications count": (
        instance(TO_T, **LT, tags={"x": "1"}),
        {"instance": {"owner": "t", "x": "1"}, "volumes": {"team": "t"}},
    ),
    "a template that cannot be followed leaves both open": (
        instance({"launch_template.id": WHY}, **LT),
        {"instance": {"+?": WHY.cause}, "volumes": {"+?": WHY.cause}},
    ),
    "the instance's own tags win over the template's": (
        instance(TO_T, **LT, tags={"owner": "a"}),
        {"instance": {"owner": "a"}, "volumes": {"team": "t"}},
    ),
}

SPEC = {"launch_template_specification": [{"launch_template_id": "lt"}]}
MIXED = "mixed_instances_policy.launch_template"

GROUPS = {
    "a propagated tag reaches instances, never volumes": (
        view("aws_autoscaling_group", {"launch_template.id": BARE}, **LT, tag=[tag_block("owner")]),
        {"instances": {"owner": "v"}, "volumes": {}},
    ),
    "propagate_at_launch as text": (
        view("aws_autoscaling_group", tag=[tag_block("owner", propagate="true")]),
        {"instances": {"owner": "v"}},
    ),
    "one that is not propagated does not": (
        view("aws_autoscaling_group", tag=[tag_block("owner", propagate=False), tag_block("x", propagate=None)]),
        {"instances": {}},
    ),
    "unknown propagation is undecided for that key only": (
        view("aws_autoscaling_group", tag=[tag_block("owner", propagate=WHY), tag_block("x")]),
        {"instances": {"owner": "?", "x": "v"}},
    ),
    "an unknown key may be any": (
        view("aws_autoscaling_group", tag=[tag_block(WHY), tag_block("x")]),
        {"instances": {"x": "v", "+?": WHY.cause}},
    ),
    "an unknown dynamic block may hold any": (
        view("aws_autoscaling_group", tag=WHY),
        {"instances": {"+?": WHY.cause}},
    ),
    "default_tags reach nothing": (
        replace(view("aws_autoscaling_group"), default_tags=tags(owner="d")),
        {"instances": {}},
    ),
    "the tags list of old providers": (
        view("aws_autoscaling_group", tags=[tag_block("owner"), tag_block("x", propagate=False)]),
        {"instances": {"owner": "v"}},
    ),
    "a tags list that is unknown": (
        view("aws_autoscaling_group", tags=WHY),
        {"instances": {"+?": WHY.cause}},
    ),
    "template and group together, the group wins": (
        view("aws_autoscaling_group", TO_T, **LT, tag=[tag_block("owner"), tag_block("y")]),
        {"instances": {"owner": "v", "y": "v"}, "volumes": {"team": "t"}},
    ),
    "by the template's name": (
        view("aws_autoscaling_group", {"launch_template.name": T}, launch_template=[{"name": "n"}]),
        {"instances": {"owner": "t"}, "volumes": {"team": "t"}},
    ),
    "an unfollowed template leaves the rest open": (
        view("aws_autoscaling_group", {"launch_template.id": WHY}, **LT, tag=[tag_block("owner")]),
        {"instances": {"owner": "v", "+?": WHY.cause}, "volumes": {"+?": WHY.cause}},
    ),
    "a launch configuration tags no volumes": (
        view("aws_autoscaling_group", launch_configuration="lc", tag=[tag_block("owner")]),
        {"instances": {"owner": "v"}, "volumes": {}},
    ),
    "mixed instances": (
        view(
            "aws_autoscaling_group",
            {f"{MIXED}.launch_template_specification.launch_template_id": T},
            mixed_instances_policy=[{"launch_template": [{**SPEC, "override": [{"instance_type": "p5.48xlarge"}]}]}],
        ),
        {"instances": {"owner": "t"}, "volumes": {"team": "t"}},
    ),
    "an override with a template of its own is a bill of its own": (
        view(
            "aws_autoscaling_group",
            {
                f"{MIXED}.launch_template_specification.launch_template_id": T,
                f"{MIXED}.override.1.launch_template_specification.launch_template_id": BARE,
            },
            mixed_instances_policy=[{"launch_template": [{**SPEC, "override": [{}, SPEC]}]}],
        ),
        {
            "instances": {"owner": "t"},
            "volumes": {"team": "t"},
            "instances of aws_launch_template.t": {},
            "volumes of aws_launch_template.t": {},
        },
    ),
}

OTHERS = {
    "a node group's tags reach nothing": (
        view("aws_eks_node_group", tags={"owner": "n"}),
        {"instances": {}, "volumes": {}},
    ),
    "a node group's template does": (
        view("aws_eks_node_group", TO_T, **LT, tags={"owner": "n"}),
        {"instances": {"owner": "t"}, "volumes": {"team": "t"}},
    ),
    "a spot request keeps its tags": (
        view("aws_spot_instance_request", tags={"owner": "s"}),
        {"instance": {}},
    ),
    "a template alone": (
        replace(T, default_tags=tags(owner="d")),
        {"instances": {"owner": "t"}, "volumes": {"team": "t"}},
    ),
    "a template's own tags stay on it": (
        view("aws_launch_template", tags={"owner": "x"}),
        {"instances": {}, "volumes": {}},
    ),
    "a specification of unknown kind": (
        view("aws_launch_template", tag_specifications=[{"resource_type": WHY, "tags": {"a": "b"}}]),
        {"instances": {"+?": WHY.cause}, "volumes": {"+?": WHY.cause}},
    ),
    "EC2 Fleet": (
        view(
            "aws_ec2_fleet",
            {"launch_template_config.0.launch_template_specification.launch_template_id": T},
            launch_template_config=[SPEC],
            tags={"owner": "f"},
        ),
        {"instances": {"owner": "t"}, "volumes": {"team": "t"}},
    ),
    "Spot Fleet": (
        view("aws_spot_fleet_request", launch_specification=[{"tags": {"owner": "s"}}, {}], tags={"owner": "f"}),
        {
            "instances of launch_specification 1": {"owner": "s"},
            "volumes of launch_specification 1": {},
            "instances of launch_specification 2": {},
            "volumes of launch_specification 2": {},
        },
    ),
    "an ECS service propagates nothing by itself": (
        view("aws_ecs_service", tags={"owner": "s"}),
        {"tasks": {}},
    ),
    "SERVICE": (
        replace(view("aws_ecs_service", propagate_tags="SERVICE", tags={"a": "s"}), default_tags=tags(owner="d")),
        {"tasks": {"a": "s", "owner": "d"}},
    ),
    "TASK_DEFINITION": (
        view(
            "aws_ecs_service",
            {"task_definition": view("aws_ecs_task_definition", tags={"owner": "td"})},
            propagate_tags="TASK_DEFINITION",
            tags={"a": "s"},
        ),
        {"tasks": {"owner": "td"}},
    ),
    "TASK_DEFINITION of another tree": (
        view("aws_ecs_service", propagate_tags="TASK_DEFINITION"),
        {"tasks": {"+?": "which task definition is used cannot be seen"}},
    ),
    "unknown propagate_tags": (
        view("aws_ecs_service", propagate_tags=WHY, tags={"a": "s"}),
        {"tasks": {"+?": WHY.cause}},
    ),
    "an event target with tags for its tasks": (
        view("aws_cloudwatch_event_target", ecs_target=[{"tags": {"owner": "e"}}]),
        {"tasks": {"owner": "e"}},
    ),
    "an event target without tasks": (view("aws_cloudwatch_event_target"), {}),
    "a schedule": (
        view(
            "aws_scheduler_schedule",
            {"target.ecs_parameters.task_definition_arn": view("aws_ecs_task_definition", tags={"owner": "td"})},
            target=[{"ecs_parameters": [{"propagate_tags": "TASK_DEFINITION", "tags": {"x": "1"}}]}],
        ),
        {"tasks": {"owner": "td", "x": "1"}},
    ),
    "a pipe is billed itself": (
        view("aws_pipes_pipe", tags={"owner": "p"}, target_parameters=[{"ecs_task_parameters": [{}]}]),
        {"pipe": {"owner": "p"}, "tasks": {}},
    ),
    "Batch instances take compute_resources.tags": (
        view(
            "aws_batch_compute_environment",
            {"compute_resources.launch_template.launch_template_id": T},
            tags={"owner": "ce"},
            compute_resources=[
                {"type": "EC2", "tags": {"x": "1"}, "launch_template": [{"launch_template_id": "lt"}]},
            ],
        ),
        {"instances": {"owner": "t", "x": "1"}},
    ),
    "Batch on Fargate has no instances": (
        view("aws_batch_compute_environment", tags={"owner": "ce"}, compute_resources=[{"type": "FARGATE"}]),
        {"environment": {"owner": "ce"}},
    ),
    "a job definition without propagate_tags": (
        view("aws_batch_job_definition", tags={"owner": "j"}),
        {"jobs": {}},
    ),
    "with propagate_tags": (
        view("aws_batch_job_definition", tags={"owner": "j"}, propagate_tags=True),
        {"jobs": {"owner": "j"}},
    ),
    "a job on EKS": (
        view("aws_batch_job_definition", tags={"owner": "j"}, eks_properties=[{}]),
        {"resource": {"owner": "j"}},
    ),
    "a GKE pool's resource_labels reach its machines, those of its cluster may": (
        view(
            "google_container_node_pool",
            {"cluster": view("google_container_cluster", tags={"team": "c"})},
            node_config=[{"resource_labels": {"owner": "n"}, "labels": {"k8s": "x"}}],
        ),
        {"nodes": {"owner": "n", "team": "?"}},
    ),
    "an instance template's labels reach its instances": (
        view("google_compute_instance_template", tags={"owner": "g"}),
        {"instances": {"owner": "g"}},
    ),
    "AKS tags do not reach the default pool": (
        view("azurerm_kubernetes_cluster", tags={"owner": "c"}, default_node_pool=[{"tags": {"x": "1"}}]),
        {"cluster": {"owner": "c"}, "nodes": {"x": "1"}},
    ),
    "Karpenter's spec.tags": (
        view(
            "kubernetes_manifest",
            manifest={"kind": "EC2NodeClass", "metadata": {"labels": {"a": "b"}}, "spec": {"tags": {"owner": "k"}}},
        ),
        {"instances": {"owner": "k"}, "volumes": {"owner": "k"}},
    ),
    "Karpenter as YAML": (
        view("kubectl_manifest", yaml_body="kind: EC2NodeClass\nspec:\n  tags:\n    owner: k\n"),
        {"instances": {"owner": "k"}, "volumes": {"owner": "k"}},
    ),
    "Karpenter without tags": (
        view("kubectl_manifest", yaml_body="kind: EC2NodeClass\nspec: {}\n"),
        {"instances": {}, "volumes": {}},
    ),
    "another manifest bills nothing of the sort": (
        view("kubernetes_manifest", manifest={"kind": "ConfigMap"}),
        {"resource": {}},
    ),
    "a broken manifest": (
        view("kubectl_manifest", yaml_body="kind: EC2NodeClass\n  spec: ["),
        {"resource": {}},
    ),
    "a bucket is billed itself": (
        replace(view("aws_s3_bucket", tags={"a": "b"}), default_tags=tags(owner="d")),
        {"bucket": {"a": "b", "owner": "d"}},
    ),
    "a function is billed itself": (view("aws_lambda_function", tags={"a": "b"}), {"function": {"a": "b"}}),
    "an endpoint is billed itself": (view("aws_sagemaker_endpoint", tags={"a": "b"}), {"endpoint": {"a": "b"}}),
    "a type that no rule knows": (view("acme_widget", tags={"a": "b"}), {"resource": {"a": "b"}}),
}

CASES = {
    f"{family}: {name}": case
    for family, cases in {"instances": INSTANCES, "groups": GROUPS, "others": OTHERS}.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize(("seen", "expected"), CASES.values(), ids=CASES)
def test_bills(seen, expected):
    """What is billed, and the tags that reach it."""
    assert shown(reach.bills(seen)) == expected


@pytest.mark.parametrize("type_", sorted(reach.RULES))
def test_broken_hops_have_a_fix(type_):
    """Where tags can stop, the bill says what stops them and what to write; only the resource itself is `own`."""
    seen = [case for case, _ in CASES.values() if case.type == type_]
    assert seen or type_ == "google_compute_region_instance_template"
    for case in seen:
        for bill in reach.bills(case):
            assert bill.own or bill.fix
            assert not (bill.own and bill.broken_hop)


def test_own_bill_comes_first():
    """The first bill is the resource itself where it is billed at all."""
    bills = reach.bills(instance(tags={"a": "b"}))
    assert bills[0] == Bill("instance", tags(a="b"), own=True)
    assert [bill.own for bill in bills] == [True, False]


CONSUMERS = {
    "a group that tags instances stands in for its template": (
        BARE,
        [view("aws_autoscaling_group", {"launch_template.id": BARE}, **LT, tag=[tag_block("owner")])],
        {"instances": {"owner": "v"}, "volumes": {}},
    ),
    "so does an instance with volume_tags": (
        BARE,
        [instance({"launch_template.id": BARE}, **LT, tags={"owner": "i"}, volume_tags={"owner": "i"})],
        {"instances": {"owner": "i"}, "volumes": {"owner": "i"}},
    ),
    "a node group adds nothing": (
        BARE,
        [view("aws_eks_node_group", {"launch_template.id": BARE}, **LT, tags={"owner": "n"})],
        {"instances": {}, "volumes": {}},
    ),
    "aws_autoscaling_group_tag tags the hidden group of a node group": (
        view("aws_eks_node_group"),
        [view("aws_autoscaling_group_tag", tag=[tag_block("owner")])],
        {"instances": {"owner": "v"}, "volumes": {}},
    ),
    "not without propagation": (
        view("aws_eks_node_group"),
        [view("aws_autoscaling_group_tag", tag=[tag_block("owner", propagate=False)])],
        {"instances": {}, "volumes": {}},
    ),
    "aws_ec2_tag may tag a spot instance": (
        view("aws_spot_instance_request"),
        [view("aws_ec2_tag", key="owner", value="v")],
        {"instance": {"+?": "aws_ec2_tag.x may tag it"}},
    ),
}


@pytest.mark.parametrize(("seen", "consumers", "expected"), CONSUMERS.values(), ids=CONSUMERS)
def test_consumers(seen, consumers, expected):
    """Resources that point to another one add what they tag."""
    assert shown(reach.bills(seen, tuple(consumers))) == expected


def test_sensitive_tags_stay_sensitive_on_the_way():
    """A tag that must not be printed must not be printed where it arrives either."""

    class Secret(FakeView):
        @property
        def own_tags(self):
            return replace(tags(), items=(Tag("owner", "s3cret", Origin("plan"), sensitive=True),))

    seen = Secret({"tag": [tag_block("owner", "s3cret")]}, type="aws_autoscaling_group", address="g")
    (bill,) = reach.bills(seen)
    assert bill.tags.items == (Tag("owner", "s3cret", Origin("propagated", "g"), sensitive=True),)


def test_unknown_is_never_definite():
    """A cause survives all the way into the bill."""
    (bill, _) = reach.bills(view("aws_eks_node_group", {"launch_template.id": WHY}, **LT))
    assert bill.tags.cause == WHY
    assert isinstance(bill.tags.cause, Unknown)
