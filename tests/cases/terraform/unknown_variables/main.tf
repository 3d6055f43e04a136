# Required variables without a value are unknown, whatever their type.
variable "owner" {
  type = string
}

variable "extra" {
  type = map(string)
}

variable "anything" {}

variable "obj" {
  type = object({ a = string, b = optional(string, "b") })
}

variable "given" {
  default = "given"
}

provider "aws" {
  default_tags {
    tags = { owner = var.owner, env = "prod" }
  }
}

resource "aws_instance" "value" {
  tags = { Name = "n-${var.owner}", given = var.given }
}

resource "aws_instance" "whole" {
  tags = var.extra
}

resource "aws_instance" "merged_before" {
  tags = merge(var.extra, { owner = "fixed" })
}

resource "aws_instance" "merged_after" {
  tags = merge({ owner = "fixed" }, var.extra)
}

resource "aws_instance" "attribute" {
  tags = { a = var.obj.a, b = var.obj.b }
}

resource "aws_instance" "object" {
  tags = var.obj
}

resource "aws_instance" "untyped" {
  tags = merge({ k = "v" }, { x = var.anything })
}

resource "aws_instance" "lookup" {
  tags = { a = lookup(var.extra, "a", "fallback"), b = try(var.extra["b"], "fallback"), prefix = startswith("ab-${var.owner}", "ab-") }
}
