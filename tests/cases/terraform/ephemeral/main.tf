# Ephemeral values may feed default_tags but not resource tags.
variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}

provider "aws" {
  default_tags {
    tags = { tok = var.token, owner = "o" }
  }
}

resource "aws_sqs_queue" "q" {
  tags = { a = "1" }
}
