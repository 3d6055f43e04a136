variable "name" {
  type = string
}

variable "tags" {
  type = map(string)
}

variable "create" {
  default = true
}

resource "aws_sqs_queue" "q" {
  count = var.create ? 1 : 0
  tags  = merge(var.tags, { Name = var.name, const = "c" })
}

output "tags" {
  value = merge(var.tags, { out = "o" })
}
