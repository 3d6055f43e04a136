locals { a = "1", b = "2" }

resource "aws_sqs_queue" "q" {
  tags = { a = local.a }
}
