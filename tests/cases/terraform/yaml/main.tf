locals {
  file  = yamldecode(file("${path.module}/tags.yaml"))
  typed = yamldecode("yes: 1\nY: 2\noct: 010\nooct: 0o10\nhex: 0x1F\nunder: 1_000\nsexa: 1:30\ndate: 2024-01-02\nfloat: 1.10\none: 1.0\ntilde: ~\nempty:\nquoted: \"010\"\nmulti: |\n  a\n  b\nfold: >-\n  a\n  b\nlist: [a, b]\nanchor: &x v\nref: *x\n")
}

resource "aws_sqs_queue" "file" {
  tags = local.file.common
}

resource "aws_sqs_queue" "team" {
  for_each = local.file.teams
  tags     = merge(local.file.common, { team = each.key, owner = each.value.owner })
}

resource "aws_sqs_queue" "typed" {
  tags = { for k, v in local.typed : "k-${k}" => v if k != "list" }
}
