terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.peer]
    }
  }
}

resource "aws_sqs_queue" "main" {}

resource "aws_sqs_queue" "peer" {
  provider = aws.peer
}

module "inner_peer" {
  source = "../inner"
  providers = {
    aws = aws.peer
  }
}
