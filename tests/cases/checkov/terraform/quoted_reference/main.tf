variable "owner" {
  default = "ml-data@acme.example"
}

# A text, not a reference: Terraform writes it as it stands, Checkov puts the variable's value in its place.
resource "aws_s3_bucket" "spoofed" {
  tags = {
    owner       = "var.owner"
    cost-center = "cc-4100"
    workload    = "training"
  }
}

resource "aws_s3_bucket" "referred" {
  tags = {
    owner       = var.owner
    cost-center = "cc-4100"
    workload    = "training"
  }
}
