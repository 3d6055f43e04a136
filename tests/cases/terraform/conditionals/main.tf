variable "env" {
  default = "prod"
}

locals {
  is_prod = var.env == "prod"
}

resource "aws_sqs_queue" "q" {
  tags = merge(
    { env = var.env },
    local.is_prod ? { critical = "yes" } : {},
    local.is_prod ? {} : { ephemeral = "yes" },
    { tier = local.is_prod ? "gold" : var.env == "staging" ? "silver" : null },
    var.env != "prod" ? { never = "1" } : null,
  )
}

resource "aws_sqs_queue" "null_branch" {
  tags = local.is_prod ? null : { a = "1" }
}

resource "aws_sqs_queue" "count_condition" {
  count = local.is_prod ? 0 : 1
}
