# Modules outside the root directory.
provider "aws" {
  default_tags {
    tags = { env = "prod" }
  }
}

module "bucket" {
  source = "../../modules/bucket"
  name   = "data"
}
