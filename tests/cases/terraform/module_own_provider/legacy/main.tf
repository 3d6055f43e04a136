variable "stage" {}

provider "aws" {
  default_tags {
    tags = { from = "legacy", stage = var.stage }
  }
}

resource "aws_sqs_queue" "q" {}

module "below" {
  source = "./below"
}
