# The name a provider goes by in a module need not be its type; a type without `provider` finds it all the same.
terraform {
  required_providers {
    amazon = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "amazon" {
  default_tags {
    tags = { via = "amazon" }
  }
}

provider "amazon" {
  alias = "west"
  default_tags {
    tags = { via = "amazon.west" }
  }
}

resource "aws_sqs_queue" "explicit" {
  provider = amazon
}

resource "aws_sqs_queue" "aliased" {
  provider = amazon.west
}

resource "aws_sqs_queue" "implied" {}
