resource "aws_s3_bucket" "b" {}

module "m" {
  source = "./m"
  name   = aws_s3_bucket.b.id
  tags   = { known = "k", arn = aws_s3_bucket.b.arn }
}

resource "aws_sqs_queue" "out" {
  tags = module.m.tags
}
