resource "aws_sqs_queue" "q" {
  tags = { for x in ["a", "a"] : x => "1" }
}
