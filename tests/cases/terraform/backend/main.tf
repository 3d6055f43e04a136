# A backend would need `terraform init`; it has no part in tags.
terraform {
  backend "s3" {
    bucket = "state"
  }
}

resource "aws_sqs_queue" "q" {
  tags = { a = "1" }
}
