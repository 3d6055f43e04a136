terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
    random = {
      source = "hashicorp/random"
    }
  }
}

provider "aws" {
  region = var.region
  default_tags {
    tags = local.default_tags
  }
}

provider "aws" {
  alias  = "billing"
  region = "us-east-1"
  default_tags {
    tags = merge(local.default_tags, { cost-center = "cc-9999" })
  }
}

resource "random_id" "suffix" {
  byte_length = 4
}

data "aws_caller_identity" "current" {}

module "train" {
  source        = "./modules/gpu-pool"
  for_each      = { for name, pool in var.pools : name => pool if pool.enabled }
  name          = each.key
  instance_type = each.value.instance_type
  nodes         = each.value.nodes
  tags          = merge(local.workload_tags[each.value.workload], each.value.tags)
}

module "data" {
  source = "./modules/bucket"
  name   = "acme-${var.environment}-datasets-${random_id.suffix.hex}"
  tags   = { workload = "data-prep", account = data.aws_caller_identity.current.account_id }
}

module "invoices" {
  source = "./modules/bucket"
  name   = "acme-invoices"
  providers = {
    aws = aws.billing
  }
}

resource "aws_lambda_function" "scorer" {
  function_name = "scorer"
  role          = aws_iam_role.lambda.arn
  environment {
    variables = { BUCKET = module.data.name }
  }
  tags = merge(module.data.tags, { workload = "inference", model = "ranker-v2" })
}

resource "aws_iam_role" "lambda" {
  name_prefix        = "lambda-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_cloudwatch_log_group" "lambda" {
  name              = "/aws/lambda/${aws_lambda_function.scorer.function_name}"
  retention_in_days = var.environment == "prod" ? 90 : 7
}
