# Maps of which only some entries are known, through conditionals and merges.
variable "tags" {
  type = map(string)
}
locals {
  m = merge(var.tags, { a = "1" })
  n = merge(var.tags, var.tags)
}
resource "aws_sqs_queue" "c1" {
  tags = false ? var.tags : local.m
}
resource "aws_sqs_queue" "c2" {
  tags = true ? local.m : var.tags
}
resource "aws_sqs_queue" "c3" {
  tags = true ? local.m : {}
}
resource "aws_sqs_queue" "c4" {
  tags = false ? var.tags : local.n
}
resource "aws_sqs_queue" "c5" {
  tags = true ? local.m : tomap({ z = "1" })
}
resource "aws_sqs_queue" "c6" {
  tags = true ? aws_sqs_queue.c1.tags : { z = 1 }
}
resource "aws_sqs_queue" "c7" {
  tags = true ? local.m : { a = 1 }
}
resource "aws_sqs_queue" "c8" {
  tags = true ? aws_sqs_queue.c4.tags : var.tags
}
resource "aws_sqs_queue" "src" {
  tags = merge(var.tags, var.tags)
}
resource "aws_sqs_queue" "c9" {
  tags = true ? aws_sqs_queue.src.tags : var.tags
}
resource "aws_sqs_queue" "c10" {
  tags = true ? aws_sqs_queue.src.tags : null
}
