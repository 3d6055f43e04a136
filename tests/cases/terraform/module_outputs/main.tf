module "label" {
  source  = "./label"
  name    = "x"
  context = { org = "acme" }
}

module "label_child" {
  source  = "./label"
  name    = "y"
  context = module.label.context
}

resource "aws_s3_bucket" "b" {
  bucket = module.label.id
  tags   = module.label.tags
}

resource "aws_s3_bucket" "c" {
  tags = module.label_child.tags
}

resource "aws_sqs_queue" "unknown_output" {
  tags = { arn = module.label.queue_arn, id = module.label.id }
}
