# ignore_tags changes what is compared, not what is created.
provider "aws" {
  default_tags {
    tags = { owner = "o", temp_default = "1" }
  }
  ignore_tags {
    keys         = ["ignored"]
    key_prefixes = ["temp_"]
  }
}

resource "aws_sqs_queue" "q" {
  tags = { a = "1" }
}
