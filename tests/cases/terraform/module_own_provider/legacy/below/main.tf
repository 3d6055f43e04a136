resource "aws_sqs_queue" "q" {
  tags = { below = "1" }
}
