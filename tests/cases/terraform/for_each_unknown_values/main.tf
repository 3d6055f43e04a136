# Known keys with unknown values are fine.
resource "aws_s3_bucket" "b" {
  for_each = toset(["x", "y"])
}

resource "aws_sqs_queue" "q" {
  for_each = { for k, b in aws_s3_bucket.b : k => b.arn }
  tags     = { Name = each.key, arn = each.value }
}

resource "aws_sqs_queue" "whole" {
  for_each = aws_s3_bucket.b
  tags     = merge({ bucket = each.value.bucket, key = each.key }, each.value.tags)
}
