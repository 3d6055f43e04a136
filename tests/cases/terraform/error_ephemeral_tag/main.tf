variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}

resource "aws_sqs_queue" "q" {
  tags = { a = var.token }
}
