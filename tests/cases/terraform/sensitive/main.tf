variable "secret" {
  type      = string
  default   = "hush"
  sensitive = true
}

variable "map" {
  type      = map(string)
  sensitive = true
  default   = { owner = "o", hidden = "h" }
}

resource "aws_sqs_queue" "value" {
  tags = { a = var.secret, b = "b-${var.secret}", c = "c" }
}

resource "aws_sqs_queue" "whole" {
  tags = merge(var.map, { d = sensitive("d") })
}
