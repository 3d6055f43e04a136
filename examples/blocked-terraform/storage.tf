resource "aws_s3_bucket" "datasets" {
  bucket = "acme-visual-search-datasets"

  tags = merge(local.common, {
    cost-center = "cc-4100"
    workload    = "data-prep"
  })
}

resource "aws_s3_bucket" "checkpoints" {
  bucket = "acme-visual-search-checkpoints"

  tags = {
    owner       = "todo"
    Cost-Center = "cc-4100"
    workload    = "training"
  }
}

resource "aws_s3_bucket" "customer_images" {
  provider = aws.frankfurt
  bucket   = "acme-visual-search-customer-images"

  # tagwright:ignore[environment] until=2020-06-30 reason="the bucket moves to the new account"
  tags = merge(local.common, {
    cost-center = "cc-4110"
    workload    = "inference"
    environment = "production"
  })
}

# What the pipeline passes is not known here.
resource "aws_s3_bucket" "logs" {
  bucket = "acme-visual-search-logs"
  tags   = var.extra_tags
}
