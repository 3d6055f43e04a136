variable "tags" {
  default = { owner = "o", team = "t" }
}

locals {
  specs = ["instance", "volume"]
}

resource "aws_autoscaling_group" "map" {
  max_size = 1
  min_size = 1
  tag {
    key                 = "static"
    value               = "s"
    propagate_at_launch = false
  }
  dynamic "tag" {
    for_each = var.tags
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = tag.key == "owner"
    }
  }
}

resource "aws_autoscaling_group" "iterator" {
  max_size = 1
  min_size = 1
  dynamic "tag" {
    for_each = [for k, v in var.tags : { k = upper(k), v = v }]
    iterator = item
    content {
      key                 = item.value.k
      value               = "${item.value.v}-${item.key}"
      propagate_at_launch = true
    }
  }
}

resource "aws_autoscaling_group" "set" {
  max_size = 1
  min_size = 1
  dynamic "tag" {
    for_each = toset(["a", "b"])
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}

resource "aws_autoscaling_group" "none" {
  max_size = 1
  min_size = 1
  dynamic "tag" {
    for_each = {}
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}

resource "aws_launch_template" "lt" {
  name = "lt"
  dynamic "tag_specifications" {
    for_each = local.specs
    content {
      resource_type = tag_specifications.value
      tags          = merge(var.tags, { kind = tag_specifications.value, index = tag_specifications.key })
    }
  }
}

resource "aws_s3_bucket" "nested" {
  dynamic "lifecycle_rule" {
    for_each = { a = ["STANDARD_IA", "GLACIER"], b = [] }
    iterator = rule
    content {
      id      = rule.key
      enabled = true
      tags    = { not = "the bucket's" }
      dynamic "transition" {
        for_each = rule.value
        content {
          days          = transition.key * 30
          storage_class = transition.value
        }
      }
    }
  }
}
