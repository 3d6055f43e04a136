terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.deep]
    }
  }
}

variable "tags" {}

module "b" {
  source   = "../b"
  for_each = toset(["x", "y"])
  tags     = merge(var.tags, { b = each.key })
  providers = {
    aws = aws.deep
  }
}

resource "aws_sqs_queue" "a" {
  tags = var.tags
}
