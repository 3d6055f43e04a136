resource "aws_sqs_queue" "q" {
  count = 2
}

resource "aws_sqs_queue" "numeric" {
  for_each = { 1 = "x", "02" = "y" }
  tags     = { v = each.value }
}
