resource "aws_s3_bucket" "this" {
  for_each = {
    datasets    = "data-prep"
    checkpoints = "training"
    artifacts   = "platform"
  }

  bucket = "acme-visual-search-${each.key}"
  tags   = { workload = each.value }
}

resource "aws_s3_bucket" "customer_images" {
  provider = aws.frankfurt
  bucket   = "acme-visual-search-customer-images"
  tags     = { workload = "inference" }
}
