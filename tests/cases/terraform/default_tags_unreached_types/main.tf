# default_tags reach neither groups, nor types without tags, nor another provider's resources.
provider "aws" {
  default_tags {
    tags = { owner = "a@acme.example" }
  }
}

provider "google" {
  default_labels = { owner = "g" }
}

resource "aws_autoscaling_group" "workers" {
  name     = "workers"
  max_size = 2
  min_size = 1
  tag {
    key                 = "team"
    value               = "vision"
    propagate_at_launch = true
  }
}

resource "aws_launch_template" "lt" {
  name = "lt"
  tag_specifications {
    resource_type = "instance"
    tags          = { team = "vision" }
  }
}

resource "aws_iam_policy_attachment" "p" {
  name = "p"
}

resource "google_storage_bucket" "b" {
  name     = "b"
  location = "EU"
  labels   = { team = "vision" }
}

resource "azurerm_storage_account" "s" {
  name = "s"
  tags = { team = "vision" }
}

resource "awscc_s3_bucket" "c" {
  tags = [{ key = "team", value = "vision" }]
}
