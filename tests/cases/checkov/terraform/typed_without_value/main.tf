variable "tags" {
  type = map(string)
}

variable "none" {
  type    = map(string)
  default = {}
}

# Checkov evaluates both to {}; only the second one is.
resource "aws_s3_bucket" "unknown" {
  tags = var.tags
}

resource "aws_s3_bucket" "empty" {
  tags = var.none
}

resource "aws_s3_bucket" "merged" {
  tags = merge(var.tags, { owner = "ml-data@acme.example" })
}

resource "aws_s3_bucket" "good" {
  tags = merge(var.none, { owner = "ml-data@acme.example", cost-center = "cc-4100", workload = "training" })
}
