locals {
  json = jsondecode(file("${path.module}/data/tags.json"))
  csv  = csvdecode(file("${path.module}/data/teams.csv"))
}

resource "aws_sqs_queue" "json" {
  tags = local.json
}

resource "aws_sqs_queue" "csv" {
  for_each = { for row in local.csv : row.name => row }
  tags     = { owner = each.value.owner, cc = each.value.cc }
}

resource "aws_sqs_queue" "template" {
  tags = { t = templatefile("${path.module}/data/t.tftpl", { name = "n", items = ["a", "b"] }) }
}

resource "aws_sqs_queue" "paths" {
  tags = {
    module  = path.module
    root    = path.root
    exists  = fileexists("${path.module}/data/tags.json")
    missing = fileexists("nope")
    set     = join(",", fileset("${path.module}/data", "*.json"))
    cwd     = file("data/plain.txt")
    b64     = filebase64("data/plain.txt")
    sha     = filesha256("data/plain.txt")
  }
}

module "m" {
  source = "./m"
}
