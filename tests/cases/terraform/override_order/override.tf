resource "aws_sqs_queue" "q" {
  tags = { from = "override" }
}
