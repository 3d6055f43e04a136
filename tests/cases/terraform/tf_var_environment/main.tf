variable "plain" {
  type = string
}

variable "untyped" {}

variable "map" {
  type    = map(string)
  default = {}
}

variable "number" {
  type    = number
  default = 1
}

resource "aws_s3_bucket" "b" {
  tags = merge(var.map, { plain = var.plain, untyped = var.untyped, number = var.number + 1 })
}
