# An unknown key makes the whole map unknown.
resource "terraform_data" "seed" {}

locals {
  seed = terraform_data.seed.id
}

resource "aws_sqs_queue" "literal" {
  tags = { a = "1", (local.seed) = "x" }
}

resource "aws_sqs_queue" "for_key" {
  tags = { for s in ["a", local.seed] : s => "x" }
}

resource "aws_sqs_queue" "for_value" {
  tags = { for k, v in { a = "1", b = local.seed } : k => v }
}

resource "aws_sqs_queue" "filter_on_value" {
  tags = { for k, v in { a = "1", b = local.seed } : k => v if v != "x" }
}

resource "aws_sqs_queue" "filter_on_key" {
  tags = { for k, v in { a = "1", b = local.seed } : k => v if k != "x" }
}

resource "aws_sqs_queue" "upper_keys" {
  tags = { for k, v in { a = "1", b = local.seed } : upper(k) => v }
}
