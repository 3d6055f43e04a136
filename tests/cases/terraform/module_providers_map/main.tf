provider "aws" {
  default_tags {
    tags = { from = "default" }
  }
}

provider "aws" {
  alias = "other"
  default_tags {
    tags = { from = "other" }
  }
}

module "implicit" {
  source = "./child"
}

module "mapped" {
  source = "./child"
  providers = {
    aws = aws.other
  }
}

module "swapped" {
  source = "./two"
  providers = {
    aws      = aws.other
    aws.peer = aws
  }
}
