resource "aws_sqs_queue" "q" {}

# A child inherits what its parent was given.
module "inner" {
  source = "../inner"
}
