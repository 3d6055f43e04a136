# A providers map for google still lets aws be inherited.
provider "aws" {
  default_tags {
    tags = { from = "aws-root" }
  }
}

provider "google" {
  default_labels = { from = "google-root" }
}

provider "google" {
  alias          = "x"
  default_labels = { from = "google-x" }
}

module "m" {
  source = "./m"
  providers = {
    google = google.x
  }
}
