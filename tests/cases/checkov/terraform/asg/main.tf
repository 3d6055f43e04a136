locals {
  tags = { owner = "ml-data@acme.example", cost-center = "cc-4100", workload = "training" }
}

resource "aws_launch_template" "gpu" {
  instance_type = "p5.48xlarge"
  tags          = local.tags

  tag_specifications {
    resource_type = "volume"
    tags          = local.tags
  }
}

resource "aws_autoscaling_group" "reaches" {
  max_size = 2
  min_size = 0

  launch_template {
    id = aws_launch_template.gpu.id
  }

  dynamic "tag" {
    for_each = local.tags
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}

resource "aws_autoscaling_group" "stays" {
  max_size = 2
  min_size = 0

  launch_template {
    id = aws_launch_template.gpu.id
  }

  dynamic "tag" {
    for_each = local.tags
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }
}
