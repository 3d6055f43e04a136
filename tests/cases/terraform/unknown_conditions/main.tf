resource "terraform_data" "seed" {}

locals {
  flag = terraform_data.seed.id == "x"
}

resource "aws_sqs_queue" "maps" {
  tags = local.flag ? { a = "1" } : { b = "2" }
}

resource "aws_sqs_queue" "equal_maps" {
  tags = local.flag ? { a = "1" } : { a = "1" }
}

resource "aws_sqs_queue" "same_keys" {
  tags = local.flag ? { a = "1", b = "1" } : { a = "1", b = "2" }
}

resource "aws_sqs_queue" "values" {
  tags = { a = local.flag ? "same" : "same", b = local.flag ? "x" : "y", c = "c" }
}

resource "aws_sqs_queue" "merged" {
  tags = merge({ A = "1" }, local.flag ? { B = "2" } : {})
}

resource "aws_sqs_queue" "merged_before" {
  tags = merge(local.flag ? { B = "2" } : {}, { A = "1" })
}

resource "aws_sqs_queue" "logic" {
  tags = { or = local.flag || true ? "t" : "f", and = local.flag && false ? "t" : "f", not = !local.flag ? "t" : "f" }
}

resource "aws_sqs_queue" "maybe_null" {
  tags = { a = local.flag ? "x" : null, b = "b" }
}
