# null elements: dropped before the merge, so they do not hide a default; merge() keeps them and hides earlier keys.
provider "aws" {
  default_tags {
    tags = {
      A = "default"
      N = null
    }
  }
}

resource "aws_sqs_queue" "null_element" {
  tags = { A = null, B = null, C = "c" }
}

resource "aws_sqs_queue" "merge_null_hides" {
  tags = merge({ B = "1", C = "1" }, { B = null })
}

resource "aws_sqs_queue" "merge_null_argument" {
  tags = merge(null, { B = "1" })
}

resource "aws_sqs_queue" "merge_only_null" {
  tags = merge(null, null)
}

resource "aws_sqs_queue" "conditional_null_argument" {
  tags = merge({ B = "1" }, false ? { C = "2" } : null)
}

resource "aws_sqs_queue" "null_key_is_a_name" {
  tags = { null = "x", "null2" = "y", true = "t", 1 = "one" }
}

resource "aws_sqs_queue" "try_null" {
  tags = { B = try(null, "x"), C = lookup({ a = null }, "a", "x"), D = coalesce(null, "x"), E = coalesce("", null, "y") }
}
