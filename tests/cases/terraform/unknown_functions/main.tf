resource "terraform_data" "seed" {}

locals {
  u = terraform_data.seed.id
  m = { k = local.u, n = "n" }
}

resource "aws_sqs_queue" "known_in_spite" {
  tags = {
    length     = length(local.m)
    keys       = join(",", keys(local.m))
    lookup     = lookup(local.m, "n", "x")
    contains   = contains(["n", local.u], "n")
    startswith = startswith("abc-${local.u}", "abc-")
    not_null   = "abc-${local.u}" == null
    coalesce   = coalesce("first", local.u)
  }
}

resource "aws_sqs_queue" "not_known" {
  tags = {
    coalesce = coalesce(local.u, "x")
    can      = can(local.u)
    try      = try(local.u, "x")
    equal    = "${local.u}" == ""
    substr   = substr("abc${local.u}", 0, 2)
    upper    = upper(local.u)
    format   = format("%s-%s", "a", local.u)
    join     = join("-", ["a", local.u])
    replace  = replace("a-${local.u}", "a", "b")
    input    = terraform_data.seed.output
    stamp    = timestamp()
    uuid     = uuid()
  }
}

resource "aws_sqs_queue" "zipmap" {
  tags = zipmap(["a", "b"], ["1", local.u])
}

resource "aws_sqs_queue" "tomap" {
  tags = tomap(local.m)
}

resource "aws_sqs_queue" "merge_unknown_map" {
  tags = merge({ a = "1" }, jsondecode(local.u))
}

resource "aws_sqs_queue" "merge_unknown_value" {
  tags = merge({ a = "1", b = local.u }, { b = "later known" }, { c = local.u })
}

resource "aws_sqs_queue" "try_map" {
  tags = try({ a = local.u, b = "1" }, {})
}

resource "aws_sqs_queue" "pure_time" {
  tags = { day = formatdate("YYYY-MM-DD", "2026-01-02T03:04:05Z"), v5 = uuidv5("dns", "acme.example"), sha = sha1("x") }
}
