variable "name" { type = string }
variable "workload" { type = string }

locals {
  base = { owner = "ml-data@acme.example", cost-center = "cc-4100" }
}

resource "aws_s3_bucket" "this" {
  bucket = var.name
  tags   = merge(local.base, { workload = var.workload, Name = var.name })
}
