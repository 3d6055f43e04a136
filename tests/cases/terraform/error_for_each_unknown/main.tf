# Refused by Terraform: the instances are not known.
resource "terraform_data" "seed" {}

resource "aws_sqs_queue" "q" {
  for_each = toset([terraform_data.seed.id])
  tags     = { a = "1" }
}
