provider "aws" {
  default_tags {
    tags = { owner = "o" }
  }
}

resource "aws_instance" "volume_tags" {
  tags        = { a = "instance" }
  volume_tags = { v = "all volumes" }
}

resource "aws_instance" "block_tags" {
  tags = { a = "instance" }
  root_block_device {
    volume_size = 100
    tags        = { v = "root" }
  }
  ebs_block_device {
    device_name = "/dev/sdb"
    tags        = { v = "data" }
  }
}

resource "aws_ebs_volume" "data" {
  size = 500
  tags = { v = "own resource" }
}

resource "aws_spot_instance_request" "spot" {
  instance_type = "g5.xlarge"
  tags          = { stays = "on the request" }
}

resource "aws_ecs_service" "svc" {
  name           = "svc"
  propagate_tags = "SERVICE"
  tags           = { s = "service" }
}

resource "aws_batch_compute_environment" "gpu" {
  type = "MANAGED"
  compute_resources {
    type          = "EC2"
    instance_type = ["p4d.24xlarge"]
    max_vcpus     = 96
    tags          = { c = "instances" }
  }
  tags = { e = "environment" }
}

resource "aws_batch_job_definition" "job" {
  name           = "job"
  type           = "container"
  propagate_tags = true
  tags           = { j = "job" }
}

resource "aws_sagemaker_endpoint_configuration" "e" {
  name = "e"
  production_variants {
    model_name             = "m"
    instance_type          = "ml.g5.xlarge"
    initial_instance_count = 1
  }
  tags = { s = "sagemaker" }
}
