provider "aws" {
  region = var.region

  default_tags {
    tags = {
      project       = "visual-search"
      environment   = var.environment
      business-unit = "consumer"
    }
  }
}

# Frankfurt keeps the customer images; nobody gave it the default tags.
provider "aws" {
  alias  = "frankfurt"
  region = "eu-central-1"
}
