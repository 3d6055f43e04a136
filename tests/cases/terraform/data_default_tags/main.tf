provider "aws" {
  default_tags {
    tags = { owner = "o@acme.example" }
  }
}

data "aws_default_tags" "current" {}

resource "aws_autoscaling_group" "g" {
  max_size = 1
  min_size = 1
  dynamic "tag" {
    for_each = data.aws_default_tags.current.tags
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}
