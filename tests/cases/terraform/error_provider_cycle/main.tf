# A provider cannot be configured by its own data source.
provider "aws" {
  default_tags {
    tags = { account = data.aws_caller_identity.me.account_id }
  }
}

data "aws_caller_identity" "me" {}

resource "aws_sqs_queue" "q" {}
