variable "owner" {
  type = string
}

variable "tags" {
  type = map(string)
}

resource "aws_sqs_queue" "q" {
  tags = merge({ a = "1" }, var.tags, { owner = var.owner, b = "2" })
}
