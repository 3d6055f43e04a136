# What is known only after apply: computed attributes; what is set is known.
resource "aws_s3_bucket" "named" {
  bucket = "data"
  tags   = { a = "1", self = "x" }
}

resource "aws_s3_bucket" "unnamed" {}

resource "aws_sqs_queue" "q" {
  tags = {
    set     = aws_s3_bucket.named.bucket
    unset   = aws_s3_bucket.unnamed.bucket
    arn     = aws_s3_bucket.named.arn
    id      = aws_s3_bucket.named.id
    tag     = aws_s3_bucket.named.tags["a"]
    missing = try(aws_s3_bucket.named.tags["nope"], "absent")
    text    = "bucket ${aws_s3_bucket.unnamed.id}"
  }
}

resource "aws_sqs_queue" "copied" {
  tags = aws_s3_bucket.named.tags
}

resource "aws_sqs_queue" "copied_more" {
  tags = merge(aws_sqs_queue.q.tags, { more = "1" })
}

resource "aws_sqs_queue" "hidden" {
  tags = merge(aws_sqs_queue.q.tags, { arn = "known", id = "known", text = "known", unset = "known" })
}

resource "aws_sqs_queue" "jsonencoded" {
  tags = { a = jsonencode({ id = aws_s3_bucket.named.id, k = 1 }), b = jsonencode(aws_s3_bucket.named.tags) }
}
