variable "env" {
  default = "staging"
}

variable "extra" {
  type    = map(string)
  default = {}
}

locals {
  common = merge({ env = var.env, managed = "yes" }, var.extra)
}

provider "aws" {
  region = var.env == "prod" ? "eu-west-1" : "eu-central-1"
  default_tags {
    tags = local.common
  }
}

resource "aws_dynamodb_table" "t" {
  name = "t-${var.env}"
  tags = { Name = "t-${var.env}", managed = upper("no") }
}
