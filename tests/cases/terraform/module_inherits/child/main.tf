variable "name" {}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_sqs_queue" "q" {
  tags = merge(var.tags, { Name = var.name })
}

module "grandchild" {
  source = "./grandchild"
  tags   = var.tags
}

output "tags" {
  value = aws_sqs_queue.q.tags
}
