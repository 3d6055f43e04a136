"""Plans that the real Terraform makes, with the stub providers: the reader claims nothing that is not so."""

import json
from pathlib import Path

import pytest
from tests.iac_readers.plan.making import shown
from tests.oracle import need

from tagwright_dictionary.model import Unknown
from tagwright_iac.plan import read_plan

HEAD = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
resource "terraform_data" "u" {}
variable "env" { default = "prod" }
locals {
  common = { owner = "local" }
  hidden = { owner = "local", u = terraform_data.u.id }
}
"""
CHILD = """
variable "template" {}
variable "tags" { default = {} }
resource "aws_eks_node_group" "n" {
  tags = var.tags
  launch_template {
    id      = var.template
    version = "1"
  }
}
resource "aws_s3_bucket" "b" { tags = var.tags }
output "template" { value = var.template }
"""
TEMPLATE = """
resource "aws_launch_template" "t" {
  instance_type = "p5.48xlarge"
  tag_specifications {
    resource_type = "instance"
    tags = { owner = "template" }
  }
  tag_specifications {
    resource_type = "volume"
    tags = { team = "template", u = terraform_data.u.id }
  }
}
"""


def provider(tags, alias=""):
    name = f'alias = "{alias}"' if alias else ""
    return f'provider "aws" {{\n{name}\ndefault_tags {{\ntags = {tags}\n}}\n}}\n'


BUCKETS = """
resource "aws_s3_bucket" "known" { tags = { a = "1" } }
resource "aws_s3_bucket" "none" {}
resource "aws_s3_bucket" "null" { tags = { owner = null, a = "1" } }
resource "aws_s3_bucket" "partly" { tags = { a = "1", b = terraform_data.u.id } }
resource "aws_s3_bucket" "wholly" { tags = jsondecode(terraform_data.u.id) }
resource "aws_s3_bucket" "each" {
  for_each = toset(["x", "y\\"]"])
  tags     = { owner = each.key, s = sensitive("s3cret") }
}
resource "aws_ecs_service" "s" { tags = { a = "1" } }
resource "aws_autoscaling_group" "g" {
  max_size = 1
  min_size = 1
  tag {
    key                 = "a"
    value               = terraform_data.u.id
    propagate_at_launch = true
  }
}
"""

TREES = {
    "no provider block": BUCKETS,
    "constant defaults": provider('{ owner = "d", team = "d" }') + BUCKETS,
    "defaults of a variable": provider('{ owner = "d", env = var.env }') + BUCKETS,
    "defaults of a local": provider("local.common") + BUCKETS,
    "a default that is unknown": provider('{ owner = "d", u = terraform_data.u.id }') + BUCKETS,
    "a local with an unknown default": provider("local.hidden") + BUCKETS,
    "defaults wholly unknown": provider("jsondecode(terraform_data.u.id)") + BUCKETS,
    "alias and modules": provider('{ owner = "d" }')
    + provider('{ owner = "west" }', "west")
    + 'resource "aws_s3_bucket" "w" {\nprovider = aws.west\ntags = { a = terraform_data.u.id }\n}\n'
    + 'module "m" {\nsource = "./child"\ntemplate = "x"\ntags = { u = terraform_data.u.id }\n'
    + "providers = { aws = aws.west }\n}\n"
    + 'module "i" {\nsource = "./child"\nfor_each = toset(["k"])\ntemplate = "x"\n}\n',
}


@pytest.fixture(autouse=True)
def _oracle():
    need.oracle()


def tree(tmp_path, text):
    (tmp_path / "child").mkdir()
    (tmp_path / "child" / "main.tf").write_text(CHILD)
    (tmp_path / "main.tf").write_text(HEAD + text)
    return tmp_path


def read(tmp_path, text):
    from tests.oracle import harness

    document = harness.plan_json(tree(tmp_path, text))
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    reading = read_plan(path, cwd=tmp_path)
    assert reading.problems == ()
    return {resource.address: resource for resource in reading.resources}


@pytest.mark.parametrize("text", TREES.values(), ids=TREES)
def test_tags_are_never_wrong(tmp_path, text):
    """Same addresses; a known value is Terraform's; complete means that no key is missing."""
    from tests.oracle import harness
    from tests.oracle.terraform import UNKNOWN

    found = read(tmp_path, text)
    truth = harness.plan(tmp_path).resources
    assert found.keys() == truth.keys()
    for address, resource in found.items():
        expected = truth[address].tags
        for tag in resource.tags.items:
            if not isinstance(tag.value, Unknown):
                assert expected.values.get(tag.key) == tag.value, (address, tag)
        if resource.tags.complete:
            assert expected.complete, address
            assert set(resource.tags.keys()) == set(expected.values), address
        if expected.complete and UNKNOWN not in expected.values.values() and "default" not in str(resource.tags.cause):
            assert resource.tags.complete, address


CONSTANT_TRUTH = {
    "aws_s3_bucket.known": {"a": "1", "owner": "d", "team": "d"},
    "aws_s3_bucket.none": {"owner": "d", "team": "d"},
    "aws_s3_bucket.null": {"a": "1", "owner": "d", "team": "d"},
    "aws_s3_bucket.partly": {"a": "1", "b": "?", "owner": "d", "team": "d"},
    "aws_s3_bucket.wholly": {"owner": "?", "team": "?", "+?": "?"},
    'aws_s3_bucket.each["x"]': {"owner": "x", "s": "s3cret", "team": "d"},
    'aws_s3_bucket.each["y\\"]"]': {"owner": 'y"]', "s": "s3cret", "team": "d"},
    "aws_ecs_service.s": {"a": "1", "owner": "d", "team": "d"},
    "aws_autoscaling_group.g": {"a": "?"},
    "terraform_data.u": {},
}


def test_constant_defaults_decide_everything(tmp_path):
    """With constants in the provider block nothing is left open that Terraform knows; secrets stay marked."""
    found = read(tmp_path, TREES["constant defaults"])
    assert {address: shown(resource.tags) for address, resource in found.items()} == CONSTANT_TRUTH
    assert [tag.key for tag in found['aws_s3_bucket.each["x"]'].tags.items if tag.sensitive] == ["s"]


def test_variable_defaults_are_told_by_other_resources(tmp_path):
    """The plan shows no value for them, but other resources do."""
    found = read(tmp_path, TREES["defaults of a variable"])
    assert shown(found["aws_s3_bucket.none"].tags) == {"owner": "d", "env": "prod"}
    assert shown(found["aws_s3_bucket.partly"].tags) == {"a": "1", "b": "?", "owner": "d", "env": "prod"}


def test_aliases_and_modules(tmp_path):
    """Each resource has the defaults of the provider instance that plans it."""
    found = read(tmp_path, TREES["alias and modules"])
    assert shown(found["aws_s3_bucket.w"].tags) == {"a": "?", "owner": "west"}
    assert shown(found["module.m.aws_s3_bucket.b"].tags) == {"u": "?", "owner": "west"}
    assert shown(found['module.i["k"].aws_s3_bucket.b'].tags) == {"owner": "d"}


GROUP = 'resource "aws_autoscaling_group" "g" {\nmax_size = 1\nmin_size = 1\n%s\n}\n'
LINKS = {
    "directly": (TEMPLATE + GROUP % "launch_template {\nid = aws_launch_template.t.id\n}", "aws_autoscaling_group.g"),
    "by a local": (
        TEMPLATE + "locals {\nid = aws_launch_template.t.id\n}\n" + GROUP % "launch_template {\nid = local.id\n}",
        "aws_autoscaling_group.g",
    ),
    "in a dynamic block": (
        TEMPLATE
        + GROUP % 'dynamic "launch_template" {\nfor_each = [1]\ncontent {\nid = aws_launch_template.t.id\n}\n}',
        "aws_autoscaling_group.g",
    ),
    "by name": (
        TEMPLATE.replace("{\n  instance_type", '{\n  name = "n"\n  instance_type')
        + GROUP % "launch_template {\nname = aws_launch_template.t.name\n}",
        "aws_autoscaling_group.g",
    ),
    "by a name that is computed": (
        TEMPLATE + GROUP % "launch_template {\nname = aws_launch_template.t.name\n}",
        "aws_autoscaling_group.g",
    ),
    "in a mixed instances policy": (
        TEMPLATE + GROUP % "mixed_instances_policy {\nlaunch_template {\nlaunch_template_specification {\n"
        'launch_template_id = aws_launch_template.t.id\n}\noverride {\ninstance_type = "g5.xlarge"\n}\n}\n}',
        "aws_autoscaling_group.g",
    ),
    "through a module's variable": (
        TEMPLATE + 'module "m" {\nsource = "./child"\ntemplate = aws_launch_template.t.id\n}\n',
        "module.m.aws_eks_node_group.n",
    ),
    "through a module with for_each": (
        TEMPLATE
        + 'module "m" {\nsource = "./child"\nfor_each = toset(["a"])\ntemplate = aws_launch_template.t.id\n}\n',
        'module.m["a"].aws_eks_node_group.n',
    ),
    "through a module's output": (
        TEMPLATE
        + 'module "m" {\nsource = "./child"\ntemplate = aws_launch_template.t.id\n}\n'
        + GROUP % "launch_template {\nid = module.m.template\n}",
        "aws_autoscaling_group.g",
    ),
    "one of several, by its key": (
        TEMPLATE.replace("{\n  instance_type", '{\n  for_each = toset(["a", "b"])\n  instance_type')
        + GROUP % 'launch_template {\nid = aws_launch_template.t["b"].id\n}',
        "aws_autoscaling_group.g",
    ),
    "one of several, by the same key": (
        TEMPLATE.replace("{\n  instance_type", '{\n  for_each = toset(["a", "b"])\n  instance_type')
        + GROUP % 'for_each = toset(["a", "b"])\nlaunch_template {\nid = aws_launch_template.t[each.key].id\n}',
        'aws_autoscaling_group.g["a"]',
    ),
    "counted": (
        TEMPLATE.replace("{\n  instance_type", "{\n  count = 1\n  instance_type")
        + GROUP % "launch_template {\nid = aws_launch_template.t[0].id\n}",
        "aws_autoscaling_group.g",
    ),
}


@pytest.mark.parametrize(("text", "address"), LINKS.values(), ids=LINKS)
def test_links(tmp_path, text, address):
    """The template's specifications reach the group's instances and volumes, and make it a GPU group."""
    resource = read(tmp_path, text)[address]
    assert {bill.what: shown(bill.tags) for bill in resource.bills} == {
        "instances": {"owner": "template"},
        "volumes": {"team": "template", "u": "?"},
    }
    assert "gpu" in resource.classes.certain


NO_LINKS = {
    "a literal": GROUP % 'launch_template {\nid = "lt-0123"\n}',
    "a data source": 'data "aws_ami" "d" {}\n' + GROUP % "launch_template {\nid = data.aws_ami.d.id\n}",
    "a choice of two by a local": TEMPLATE
    + TEMPLATE.replace('"t"', '"t2"')
    + 'locals {\nid = terraform_data.u.id == "x" ? aws_launch_template.t.id : aws_launch_template.t2.id\n}\n'
    + GROUP % "launch_template {\nid = local.id\n}",
}


@pytest.mark.parametrize("text", NO_LINKS.values(), ids=NO_LINKS)
def test_what_cannot_be_followed_is_open(tmp_path, text):
    """Never a definite claim about a template that is not in the plan."""
    resource = read(tmp_path, text)["aws_autoscaling_group.g"]
    assert [(bill.what, bill.tags.complete, bill.tags.items) for bill in resource.bills] == [
        ("instances", False, ()),
        ("volumes", False, ()),
    ]


def test_a_template_is_judged_with_its_users(tmp_path):
    """What a group adds on the way counts for its template."""
    text = TEMPLATE + GROUP % (
        "launch_template {\nid = aws_launch_template.t.id\n}\n"
        'tag {\nkey = "x"\nvalue = "1"\npropagate_at_launch = true\n}'
    )
    template = read(tmp_path, text)["aws_launch_template.t"]
    assert {bill.what: shown(bill.tags) for bill in template.bills} == {
        "instances": {"owner": "template", "x": "1"},
        "volumes": {"team": "template", "u": "?"},
    }


def test_unknown_dynamic_tags_of_a_group(tmp_path):
    """They may hold any key: nothing is missing for certain."""
    text = GROUP % (
        'dynamic "tag" {\nfor_each = terraform_data.u.id == "x" ? ["a"] : []\n'
        "content {\nkey = tag.value\nvalue = tag.value\npropagate_at_launch = true\n}\n}"
    )
    resource = read(tmp_path, text)["aws_autoscaling_group.g"]
    assert shown(resource.tags) == {"+?": "?"}
    assert {bill.what: shown(bill.tags) for bill in resource.bills} == {"instances": {"+?": "?"}}


FAMILIES = (
    TEMPLATE
    + provider('{ owner = "d" }')
    + """
resource "aws_instance" "plain" {
  instance_type = "p5.48xlarge"
  tags          = { a = "1" }
}
resource "aws_instance" "devices" {
  instance_type = "t3.micro"
  root_block_device {
    tags = { r = "1" }
  }
  ebs_block_device {
    device_name = "/dev/sdf"
  }
}
resource "aws_instance" "volume_tags" {
  tags        = { a = "1" }
  volume_tags = { v = terraform_data.u.id }
}
resource "aws_instance" "tagged_later" {}
resource "aws_ec2_tag" "later" {
  resource_id = aws_instance.tagged_later.id
  key         = "x"
  value       = "y"
}
resource "aws_spot_instance_request" "s" { tags = { a = "1" } }
resource "aws_ec2_fleet" "f" {
  tags = { a = "1" }
  launch_template_config {
    launch_template_specification {
      launch_template_id = aws_launch_template.t.id
      version            = "1"
    }
  }
}
resource "aws_eks_node_group" "bare" { tags = { a = "1" } }
resource "aws_autoscaling_group_tag" "hidden" {
  autoscaling_group_name = "asg-${aws_eks_node_group.tagged.id}"
  tag {
    key                 = "x"
    value               = "1"
    propagate_at_launch = true
  }
}
resource "aws_eks_node_group" "tagged" {}
resource "aws_ecs_task_definition" "td" { tags = { td = "1" } }
resource "aws_ecs_service" "own" {
  propagate_tags = "SERVICE"
  tags           = { a = "1" }
}
resource "aws_ecs_service" "definition" {
  propagate_tags  = "TASK_DEFINITION"
  task_definition = aws_ecs_task_definition.td.arn
}
resource "aws_ecs_service" "none" { tags = { a = "1" } }
resource "aws_batch_compute_environment" "c" {
  tags = { a = "1" }
  compute_resources {
    type = "EC2"
    tags = { b = "1" }
  }
}
resource "aws_batch_job_definition" "j" { tags = { a = "1" } }
"""
)
FAMILY_BILLS = {
    "aws_instance.plain": {"instance": {"a": "1", "owner": "d"}, "volumes": {"owner": "d"}},
    "aws_instance.devices": {
        "instance": {"owner": "d"},
        "root volume": {"owner": "d", "r": "1"},
        "volume /dev/sdf": {"owner": "d"},
    },
    "aws_instance.volume_tags": {"instance": {"a": "1", "owner": "d"}, "volumes": {"owner": "d", "v": "?"}},
    "aws_instance.tagged_later": {"instance": {"owner": "d"}, "volumes": {"owner": "d", "+?": "?"}},
    "aws_spot_instance_request.s": {"instance": {}},
    "aws_ec2_fleet.f": {"instances": {"owner": "template"}, "volumes": {"team": "template", "u": "?"}},
    "aws_eks_node_group.bare": {"instances": {}, "volumes": {}},
    "aws_eks_node_group.tagged": {"instances": {"x": "1"}, "volumes": {}},
    "aws_ecs_service.own": {"tasks": {"a": "1", "owner": "d"}},
    "aws_ecs_service.definition": {"tasks": {"td": "1", "owner": "d"}},
    "aws_ecs_service.none": {"tasks": {}},
    "aws_batch_compute_environment.c": {"instances": {"b": "1"}},
    "aws_batch_job_definition.j": {"jobs": {}},
}


def test_bills_of_a_real_plan(tmp_path):
    """The rules of `reach` hold on what Terraform plans."""
    found = read(tmp_path, FAMILIES)
    assert {
        address: {bill.what: shown(bill.tags) for bill in found[address].bills} for address in FAMILY_BILLS
    } == FAMILY_BILLS


def test_the_committed_plan_is_of_this_format():
    """The document that other tests mangle was written by a real Terraform."""
    document = json.loads((Path(__file__).parent / "data" / "plan.json").read_text("utf-8"))
    assert document["format_version"].startswith("1.")
