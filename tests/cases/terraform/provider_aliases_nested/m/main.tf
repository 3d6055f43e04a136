terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.one, aws.two]
    }
  }
}

resource "aws_sqs_queue" "one" {
  provider = aws.one
}

resource "aws_sqs_queue" "two" {
  provider = aws.two
}

# No default was given: an implied empty one.
resource "aws_sqs_queue" "default" {}

module "n" {
  source = "./n"
  providers = {
    aws = aws.two
  }
}
