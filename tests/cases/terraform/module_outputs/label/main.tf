variable "name" {
  type = string
}

variable "context" {
  type    = any
  default = {}
}

locals {
  id   = join("-", compact([try(var.context.org, ""), var.name]))
  tags = merge({ for k, v in var.context : title(k) => v if k != "attributes" }, { Name = local.id })
}

resource "aws_sqs_queue" "internal" {
  name = local.id
}

output "id" {
  value = local.id
}

output "tags" {
  value = local.tags
}

output "context" {
  value = merge(var.context, { name = var.name, attributes = ["a"] })
}

output "queue_arn" {
  value = aws_sqs_queue.internal.arn
}
