variable "defaults" {
  type    = map(string)
  default = { team = "vision", stage = "dev" }
}

provider "aws" {
  dynamic "default_tags" {
    for_each = length(var.defaults) > 0 ? [var.defaults] : []
    content {
      tags = merge(default_tags.value, { made_by = "terraform" })
    }
  }
}

provider "aws" {
  alias = "bare"
  dynamic "default_tags" {
    for_each = []
    content {
      tags = { never = "here" }
    }
  }
}

resource "aws_instance" "with" {
  tags = { stage = "prod" }
}

resource "aws_instance" "without" {
  provider = aws.bare
  tags     = { stage = "prod" }
}
