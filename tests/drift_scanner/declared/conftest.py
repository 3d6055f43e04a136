"""One real apply for all tests of states."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.drift_scanner.declared import applying
from tests.oracle import need, stub

CODE = {
    "main.tf": """
variable "secret" {
  sensitive = true
  default   = "hush-hush"
}
variable "all" {
  sensitive = true
  default   = { workload = "quiet" }
}
provider "aws" {
  region = "us-east-1"
  default_tags {
    tags = { owner = "ml@x.example" }
  }
}
resource "aws_instance" "trainer" {
  count         = 2
  instance_type = "p5.48xlarge"
  tags          = { workload = "training", token = var.secret }
}
resource "aws_instance" "hidden" {
  instance_type = "p5.48xlarge"
  tags          = var.all
}
resource "aws_autoscaling_group" "g" {
  max_size = 1
  min_size = 1
  name     = "gpu"
  tag {
    key                 = "owner"
    value               = "x"
    propagate_at_launch = true
  }
}
resource "aws_lambda_function" "f" {
  function_name = "resize"
  role          = "arn:aws:iam::111122223333:role/x"
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = "{}"
}
data "aws_region" "r" {}
module "m" {
  source   = "./m"
  for_each = toset(["x \\"y\\""])
}
output "echo" {
  sensitive = true
  value     = "echoed-secret"
}
""",
    "m/main.tf": """
resource "aws_s3_bucket" "data" {
  bucket = "data"
  tags   = { owner = "z", note = "echoed-secret" }
}
""",
}


@pytest.fixture(scope="session")
def servers() -> Iterator[stub.Servers]:
    need.oracle()
    with applying.servers() as running:
        yield running


@pytest.fixture(scope="session")
def applied(servers: stub.Servers, tmp_path_factory: pytest.TempPathFactory) -> applying.Applied:
    return applying.apply(servers, tmp_path_factory.mktemp("applied"), CODE)
