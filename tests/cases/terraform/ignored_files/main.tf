resource "aws_sqs_queue" "q" {
  tags = { main = "1" }
}
