provider "aws" {
  default_tags {
    tags = { owner = "ml@acme.example" }
  }
}

resource "aws_iam_role" "node" {
  name = "node"
}

resource "aws_eks_cluster" "this" {
  name     = "ml"
  role_arn = aws_iam_role.node.arn
  vpc_config {
    subnet_ids = ["s-1", "s-2"]
  }
  tags = { Name = "ml" }
}

resource "aws_launch_template" "node" {
  name = "node"
  dynamic "tag_specifications" {
    for_each = toset(["instance", "volume", "network-interface"])
    content {
      resource_type = tag_specifications.key
      tags          = { cluster = "ml" }
    }
  }
}

resource "aws_eks_node_group" "plain" {
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = "plain"
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = ["s-1"]
  instance_types  = ["g5.xlarge"]
  scaling_config {
    desired_size = 1
    max_size     = 2
    min_size     = 0
  }
  tags = { stays = "on the node group" }
}

resource "aws_eks_node_group" "templated" {
  for_each        = { a = "g5.xlarge", b = "p4d.24xlarge" }
  cluster_name    = aws_eks_cluster.this.name
  node_group_name = each.key
  node_role_arn   = aws_iam_role.node.arn
  subnet_ids      = ["s-1"]
  instance_types  = [each.value]
  launch_template {
    id      = aws_launch_template.node.id
    version = aws_launch_template.node.latest_version
  }
  labels = { not = "tags" }
  tags   = { type = each.value }
}
