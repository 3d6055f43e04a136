# Only an aliased block: unaliased resources use an implied empty provider.
provider "aws" {
  alias = "west"
  default_tags {
    tags = { where = "west" }
  }
}

resource "aws_s3_bucket" "implied" {
  tags = { a = "1" }
}

resource "aws_s3_bucket" "west" {
  provider = aws.west
}
