resource "terraform_data" "seed" {}

resource "aws_autoscaling_group" "unknown_blocks" {
  max_size = 1
  min_size = 1
  tag {
    key                 = "static"
    value               = "s"
    propagate_at_launch = true
  }
  dynamic "tag" {
    for_each = jsondecode(terraform_data.seed.id)
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}

resource "aws_autoscaling_group" "unknown_values" {
  max_size = 1
  min_size = 1
  dynamic "tag" {
    for_each = { a = terraform_data.seed.id, b = "known" }
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}
