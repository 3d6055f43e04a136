resource "aws_sqs_queue" "q" {
  tags = { from = "a_override" }
}
