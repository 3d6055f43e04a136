provider "aws" {
  default_tags {
    tags = { where = "default" }
  }
}

provider "aws" {
  alias = "west"
  default_tags {
    tags = { where = "west", only_west = "1" }
  }
}

provider "aws" {
  alias = "bare"
}

resource "aws_sqs_queue" "default" {}

resource "aws_sqs_queue" "west" {
  provider = aws.west
  tags     = { own = "1" }
}

resource "aws_sqs_queue" "west_as_string" {
  provider = "aws.west"
}

resource "aws_sqs_queue" "bare" {
  provider = aws.bare
}

resource "aws_sqs_queue" "explicit_default" {
  provider = aws
}
