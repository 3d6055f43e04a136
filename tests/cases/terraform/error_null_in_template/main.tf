variable "x" {
  default = null
}

resource "aws_sqs_queue" "q" {
  tags = { a = "x-${var.x}" }
}
