variable "x" {
  default = "hcl"
}

resource "aws_sqs_queue" "hcl" {
  tags = merge(local.from_json, { x = var.x })
}
