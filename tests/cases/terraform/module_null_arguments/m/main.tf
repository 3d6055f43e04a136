variable "plain" {
  type    = string
  default = "default"
}

variable "not_nullable" {
  type     = string
  default  = "default"
  nullable = false
}

variable "obj" {
  type = object({
    a = optional(string, "a-default")
    b = optional(string)
    c = string
  })
}

resource "aws_sqs_queue" "q" {
  tags = merge({ b = "base" }, var.obj, { plain = var.plain, not_nullable = var.not_nullable })
}

resource "aws_sqs_queue" "compact" {
  tags = { for k, v in var.obj : k => v if v != null }
}
