locals {
  last = { v = local.middle.v, list = join(",", local.lists.all) }
}

locals {
  middle = { v = "${local.first}-m" }
}

resource "aws_sqs_queue" "q" {
  tags = merge(local.last, local.by_team[var.team], { nested = local.nested.a.b[1].c })
}
