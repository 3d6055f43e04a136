variable "size" {
  default = "large"
}

locals {
  b = "override"
}

provider "aws" {
  default_tags {
    tags = { owner = "override" }
  }
}

resource "aws_instance" "i" {
  tags = { Name = "override" }
}

resource "aws_autoscaling_group" "g" {
  dynamic "tag" {
    for_each = { three = "3" }
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }
}

module "m" {
  x = "override"
}
