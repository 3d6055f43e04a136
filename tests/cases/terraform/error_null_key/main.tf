locals {
  k = null
}

resource "aws_sqs_queue" "q" {
  tags = { (local.k) = "1" }
}
