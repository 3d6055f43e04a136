# Alias names are local to each module.
provider "aws" {
  alias = "a"
  default_tags {
    tags = { p = "a" }
  }
}

provider "aws" {
  alias = "b"
  default_tags {
    tags = { p = "b" }
  }
}

module "m" {
  source = "./m"
  providers = {
    aws.one = aws.a
    aws.two = aws.b
  }
}
