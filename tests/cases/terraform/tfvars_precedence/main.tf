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

variable "e" {
  default = "default"
}

variable "f" {
  default = "default"
}

variable "m" {
  type    = map(string)
  default = { from = "default", only = "default" }
}

resource "aws_s3_bucket" "b" {
  tags = merge({ a = var.a, b = var.b, c = var.c, d = var.d, e = var.e, f = var.f }, var.m)
}
