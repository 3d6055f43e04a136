resource "aws_sqs_queue" "q" {
  tags = tomap({ a = 1, b = true })
}
