# Unknown values in default_tags keep their keys; an unknown map leaves everything below open.
provider "aws" {
  alias = "values"
  default_tags {
    tags = {
      known = "k"
      id    = terraform_data.seed.id
    }
  }
}

provider "aws" {
  alias = "whole"
  default_tags {
    tags = jsondecode(terraform_data.seed.id)
  }
}

resource "terraform_data" "seed" {
  input = "x"
}

resource "aws_sqs_queue" "values" {
  provider = aws.values
  tags     = { own = "o" }
}

resource "aws_sqs_queue" "values_hidden" {
  provider = aws.values
  tags     = { id = "mine" }
}

resource "aws_sqs_queue" "whole" {
  provider = aws.whole
  tags     = { own = "o" }
}
