variable "production" {
  type = bool
}

variable "size" {
  type = number
}

resource "aws_s3_bucket" "branch" {
  tags = {
    owner       = "ml-data@acme.example"
    cost-center = "cc-4100"
    workload    = var.size > 3 ? "training" : "nonsense"
  }
}

resource "aws_s3_bucket" "maybe" {
  count = var.production ? 1 : 0
}

resource "aws_s3_bucket" "never" {
  count = 0
}
