variable "users" {
  default = [
    { name = "ann", role = "admin", tags = { x = 1 } },
    { name = "bob", role = "dev", tags = { y = 2 } },
    { name = "cy", role = "dev", tags = { x = 3 } },
  ]
}

locals {
  m = { b = 2, a = 1, B = 3 }
}

resource "aws_sqs_queue" "maps" {
  tags = { for u in var.users : u.name => upper(u.role) }
}

resource "aws_sqs_queue" "filter" {
  tags = { for k, v in local.m : lower("${k}-${v}") => v * 10 if v > 1 }
}

resource "aws_sqs_queue" "grouping" {
  tags = { for role, names in { for u in var.users : u.role => u.name... } : role => join("+", names) }
}

resource "aws_sqs_queue" "lists" {
  tags = {
    index  = join(",", [for i, u in var.users : "${i}${u.name}"])
    keys   = join(",", [for k, v in local.m : k])
    nested = join(",", flatten([for u in var.users : [for k, v in u.tags : "${u.name}.${k}=${v}"]]))
    set    = join(",", [for x in toset(["c", "a", "b", "a"]) : x])
    nums   = join(",", [for x in toset([10, 9, 1]) : x])
    splat  = join(",", var.users[*].name)
    legacy = join(",", var.users.*.name)
    deep   = join(",", [for u in var.users[*].tags : join("", keys(u))])
    single = join(",", "x"[*])
    none   = length(null[*])
  }
}

resource "aws_sqs_queue" "spread" {
  tags = merge([for u in var.users : u.tags]...)
}

resource "aws_sqs_queue" "zip" {
  tags = zipmap(var.users[*].name, var.users[*].role)
}
