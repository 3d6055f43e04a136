provider "aws" {
  default_tags {
    tags = { owner = "root", env = var.env }
  }
}

variable "env" {
  default = "dev"
}

module "child" {
  source = "./child"
  name   = "c"
  tags   = { extra = "1" }
}
