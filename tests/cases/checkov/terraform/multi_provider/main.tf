provider "aws" {
  default_tags {
    tags = { owner = "ml-data@acme.example", cost-center = "cc-4100", workload = "training" }
  }
}

provider "azurerm" {
  features {}
}

# default_tags of aws reach no other provider's resources.
resource "azurerm_storage_account" "other" {
  name = "other"
}

resource "google_storage_bucket" "other" {
  name = "other"
}

resource "aws_s3_bucket" "covered" {}
