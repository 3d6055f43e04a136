resource "aws_sqs_queue" "inner" {
  tags = { level = "2" }
}
