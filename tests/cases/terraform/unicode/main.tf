locals {
  über = "ü"
}

resource "aws_sqs_queue" "q" {
  tags = { "ключ" = "значение", ü = local.über, len = length("👨‍👩‍👧"), sub = substr("éa", 0, 1), emoji = "😀" }
}
