resource "aws_sqs_queue" "q" {
  tags = { a = coalesce("", null) }
}
