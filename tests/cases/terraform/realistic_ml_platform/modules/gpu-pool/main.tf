variable "name" { type = string }
variable "instance_type" { type = string }
variable "nodes" { type = number }
variable "tags" { type = map(string) }

locals {
  tags = merge(var.tags, { Name = "pool-${var.name}" })
}

resource "aws_launch_template" "this" {
  name_prefix   = var.name
  instance_type = var.instance_type
  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]
    content {
      resource_type = tag_specifications.value
      tags          = local.tags
    }
  }
  tags = local.tags
}

resource "aws_autoscaling_group" "this" {
  name             = "pool-${var.name}"
  desired_capacity = var.nodes
  min_size         = 0
  max_size         = var.nodes * 2
  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }
  dynamic "tag" {
    for_each = local.tags
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = tag.key != "Name"
    }
  }
}

resource "aws_instance" "head" {
  count         = var.nodes > 1 ? 1 : 0
  instance_type = "t3.medium"
  tags          = merge(local.tags, { role = "head" })
  volume_tags   = local.tags
}
