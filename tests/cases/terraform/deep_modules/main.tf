provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { level = "root" }
  }
}

provider "aws" {
  alias = "deep"
  default_tags {
    tags = { level = "deep" }
  }
}

module "a" {
  source = "./modules/a"
  tags   = { a = "1" }
  providers = {
    aws      = aws
    aws.deep = aws.deep
  }
}
