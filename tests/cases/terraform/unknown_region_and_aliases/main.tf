# Other provider arguments do not matter, even unknown ones.
resource "aws_kms_key" "k" {}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "dr"
  region = aws_kms_key.k.id
  assume_role {
    role_arn = aws_kms_key.k.arn
  }
  default_tags {
    tags = { site = "dr" }
  }
}

resource "aws_s3_bucket" "copy" {
  provider = aws.dr
  tags     = { a = "1" }
}
