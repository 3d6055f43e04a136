variable "size" {
  default = "small"
}

locals {
  a = "main"
  b = "main"
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { owner = "main", gone = "yes" }
  }
}

resource "aws_instance" "i" {
  instance_type = var.size
  tags          = { Name = "main", lost = "with the map" }
}

resource "aws_sqs_queue" "locals" {
  tags = { a = local.a, b = local.b, size = var.size }
}

resource "aws_autoscaling_group" "g" {
  max_size = 1
  min_size = 1
  tag {
    key                 = "one"
    value               = "1"
    propagate_at_launch = true
  }
  tag {
    key                 = "two"
    value               = "2"
    propagate_at_launch = true
  }
}

module "m" {
  source = "./m"
  x      = "main"
  y      = "main"
}
