locals {
  common = { owner = "ml-data@acme.example" }
}

# default_tags stand in another file, where Checkov's own __provider_address__ does not look.
resource "aws_s3_bucket" "covered" {
  tags = { workload = "training" }
}

resource "aws_s3_bucket" "no_workload" {}

resource "aws_s3_bucket" "other_alias" {
  provider = aws.bare
  tags     = { workload = "training" }
}

resource "google_storage_bucket" "labels" {
  labels = { cost_center = "cc-4100", workload = "training" }
}

module "inherits" {
  source = "./inner"
}

module "given" {
  source    = "./inner"
  providers = { aws = aws.bare }
}
