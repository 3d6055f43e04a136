variable "x" {}

variable "y" {}

resource "aws_sqs_queue" "q" {
  tags = { x = var.x, y = var.y }
}
