variable "name" {
  type = string
}

variable "owner" {
  type = string
}

variable "nodes" {
  type = number
}

variable "tags" {
  type = map(string)
}

locals {
  tags = merge({ owner = var.owner, team = var.name }, var.tags)
}

resource "aws_instance" "node" {
  count         = var.nodes
  instance_type = "g5.xlarge"
  tags          = merge(local.tags, { Name = "${var.name}-${count.index}" })
}

output "tags" {
  value = local.tags
}

output "count" {
  value = length(aws_instance.node)
}
