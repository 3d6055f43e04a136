variable "x" {
  default = "default"
}

resource "aws_sqs_queue" "q" {
  tags = { x = var.x }
}
