# A module may have its own provider block, which the modules below it inherit.
provider "aws" {
  default_tags {
    tags = { from = "root" }
  }
}

module "legacy" {
  source = "./legacy"
  stage  = "prod"
}

resource "aws_sqs_queue" "root" {}
