variable "names" {
  default = ["b", "a", "b"]
}

resource "aws_sqs_queue" "none" {
  count = 0
}

resource "aws_sqs_queue" "one" {
  count = 1
  tags  = { index = count.index }
}

resource "aws_sqs_queue" "conditional" {
  count = length(var.names) > 2 ? 2 : 0
  tags  = { Name = element(var.names, count.index) }
}

resource "aws_sqs_queue" "set" {
  for_each = toset(var.names)
  tags     = { key = each.key, value = each.value }
}

resource "aws_sqs_queue" "map" {
  for_each = { x = { size = 1 }, y = { size = 2 } }
  tags     = { Name = each.key, size = each.value.size }
}

resource "aws_sqs_queue" "empty" {
  for_each = {}
}

resource "aws_sqs_queue" "filtered" {
  for_each = { for k, v in { x = true, y = false } : k => v if v }
  tags     = { k = each.key }
}

resource "aws_sqs_queue" "chained" {
  for_each = aws_sqs_queue.map
  tags     = merge(each.value.tags, { chained = "yes" })
}

resource "aws_sqs_queue" "indexed" {
  tags = { one = aws_sqs_queue.one[0].tags.index, y = aws_sqs_queue.map["y"].tags["size"], all = join(",", [for q in aws_sqs_queue.map : q.tags.Name]), splat = join(",", aws_sqs_queue.conditional[*].tags.Name) }
}
