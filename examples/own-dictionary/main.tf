terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.80"
    }
  }
}

resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = "arn:aws:iam::123456789012:role/lab"
  instance_type = "ml.g5.xlarge"

  tags = {
    owner       = "ml-vision@acme.example"
    team        = "vision"
    cost-center = "cc-4200" # belongs to search
    workload    = "poc"
  }
}

resource "aws_s3_bucket" "index" {
  bucket = "acme-search-index"

  tags = {
    owner       = "ml-search@acme.exmaple"
    team        = "serch"
    cost-center = "cc-4000"
    workload    = "inference"
  }
}

resource "aws_s3_bucket" "flow_logs" {
  bucket = "acme-flow-logs"
}
