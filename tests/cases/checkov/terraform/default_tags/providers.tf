provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = merge(local.common, { cost-center = "cc-4100" })
  }
}

provider "aws" {
  alias  = "bare"
  region = "eu-west-1"
}

provider "google" {
  default_labels = { owner = "ml-data_at_acme_example" }
}
