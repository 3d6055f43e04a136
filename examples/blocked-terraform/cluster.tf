resource "aws_iam_role" "nodes" {
  name = "visual-search-gpu-nodes"

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

  vpc_config {
    subnet_ids = var.subnet_ids
  }

  tags = merge(local.common, {
    cost-center = "cc-4100"
    workload    = "platform"
  })
}

# The tags of a node group stay on the node group: nothing here tags the instances it starts.
resource "aws_eks_node_group" "gpu" {
  cluster_name    = aws_eks_cluster.search.name
  node_group_name = "gpu"
  node_role_arn   = aws_iam_role.nodes.arn
  subnet_ids      = var.subnet_ids
  instance_types  = ["g6.12xlarge"]

  scaling_config {
    desired_size = 2
    max_size     = 6
    min_size     = 0
  }

  tags = merge(local.common, {
    cost-center = "cc-4100"
    workload    = "inference"
  })
}
