provider "aws" {
  region = var.region

  default_tags {
    tags = {
      project     = "visual-search"
      environment = var.environment
      managed-by  = "terraform"
    }
  }
}

# Frankfurt keeps the customer images; nobody gave it the default tags.
provider "aws" {
  alias  = "frankfurt"
  region = "eu-central-1"
}
