variable "tags" {
  type = map(string)
}

resource "aws_sqs_queue" "c" {
  for_each = { one = 1 }
  tags     = merge(var.tags, { (each.key) = each.value })
}
