locals {
  serving = {
    workload = "inference"
    model    = "clip-vit-l14"
  }
}

resource "aws_iam_role" "nodes" {
  name = "visual-search-gpu-nodes"
  tags = local.serving

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role" "cluster" {
  name = "visual-search-cluster"
  tags = { workload = "platform" }

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "eks.amazonaws.com" }
    }]
  })
}

resource "aws_eks_cluster" "search" {
  name     = "visual-search"
  role_arn = aws_iam_role.cluster.arn
  tags     = { workload = "platform" }

  vpc_config {
    subnet_ids = var.subnet_ids
  }
}

# A node group starts instances from this template; only what stands in tag_specifications reaches the bill.
resource "aws_launch_template" "gpu" {
  name_prefix   = "visual-search-gpu-"
  instance_type = "g6.12xlarge"
  tags          = local.serving

  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = merge(local.default_tags, local.serving)
    }
  }
}

resource "aws_eks_node_group" "gpu" {
  cluster_name    = aws_eks_cluster.search.name
  node_group_name = "gpu"
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = var.subnet_ids
  tags            = local.serving

  launch_template {
    id      = aws_launch_template.gpu.id
    version = aws_launch_template.gpu.latest_version
  }

  scaling_config {
    desired_size = 2
    max_size     = 6
    min_size     = 0
  }
}
