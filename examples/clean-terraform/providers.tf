locals {
  default_tags = {
    owner         = "ml-vision@acme.example"
    team          = "vision"
    project       = "visual-search"
    environment   = var.environment
    cost-center   = "cc-4100"
    business-unit = "consumer"
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = local.default_tags
  }
}

provider "aws" {
  alias  = "frankfurt"
  region = "eu-central-1"

  default_tags {
    tags = local.default_tags
  }
}
