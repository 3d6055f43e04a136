variable "tags" {
  type    = map(string)
  default = { never = "used" }
}

resource "aws_sqs_queue" "deep" {
  tags = merge({ deep = "yes" }, var.tags)
}
