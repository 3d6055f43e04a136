locals {
  base = { Owner = "ml-data@acme.example", Workload = "training", Cost-Center = "cc-4100" }
}

resource "aws_s3_bucket" "lowered" {
  tags = { for key, value in local.base : lower(key) => value }
}
