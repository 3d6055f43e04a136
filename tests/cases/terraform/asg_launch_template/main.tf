# What instances are launched with: tag blocks that propagate, and the template's specifications.
variable "team" {
  default = "vision"
}

provider "aws" {
  default_tags {
    tags = { owner = "platform@acme.example" }
  }
}

resource "aws_launch_template" "gpu" {
  name_prefix   = "gpu-"
  image_id      = "ami-1"
  instance_type = "p4d.24xlarge"
  tag_specifications {
    resource_type = "instance"
    tags          = { team = var.team, from = "template" }
  }
  tag_specifications {
    resource_type = "volume"
    tags          = { team = var.team }
  }
  tags = { Name = "template" }
}

resource "aws_autoscaling_group" "simple" {
  name     = "simple"
  max_size = 3
  min_size = 0
  launch_template {
    id      = aws_launch_template.gpu.id
    version = "$Latest"
  }
  tag {
    key                 = "propagated"
    value               = "yes"
    propagate_at_launch = true
  }
  tag {
    key                 = "kept"
    value               = "on the group"
    propagate_at_launch = false
  }
}

resource "aws_autoscaling_group" "by_name" {
  max_size = 1
  min_size = 1
  launch_template {
    name    = aws_launch_template.gpu.name
    version = aws_launch_template.gpu.latest_version
  }
}

resource "aws_autoscaling_group" "mixed" {
  max_size = 3
  min_size = 0
  mixed_instances_policy {
    instances_distribution {
      on_demand_base_capacity = 0
    }
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.gpu.id
        version            = "$Default"
      }
      override {
        instance_type = "g5.xlarge"
      }
      override {
        instance_type = "g5.2xlarge"
      }
    }
  }
  tag {
    key                 = "from"
    value               = "group"
    propagate_at_launch = true
  }
}

resource "aws_launch_configuration" "old" {
  image_id      = "ami-1"
  instance_type = "p3.2xlarge"
}

resource "aws_autoscaling_group" "old" {
  max_size             = 1
  min_size             = 1
  launch_configuration = aws_launch_configuration.old.name
}
