variable "a" {
  default = "default"
}

variable "b" {
  default = "default"
}

variable "c" {
  default = "default"
}

variable "d" {
  default = "default"
}

variable "untyped" {
  default = { x = "default" }
}

variable "numbers" {
  type    = list(number)
  default = []
}

resource "aws_s3_bucket" "b" {
  tags = {
    a       = var.a
    b       = var.b
    c       = var.c
    d       = var.d
    untyped = try(var.untyped.x, "a string: ${var.untyped}")
    sum     = sum(concat(var.numbers, [0]))
  }
}
