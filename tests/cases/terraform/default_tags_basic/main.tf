# Own tags win over default_tags; keys that differ in case are different tags.
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = {
      Owner       = "platform@acme.example"
      environment = "prod"
      cost-center = "cc-4100"
    }
  }
}

resource "aws_instance" "gpu" {
  ami           = "ami-1"
  instance_type = "p4d.24xlarge"
  tags = {
    owner       = "vision@acme.example"
    cost-center = "cc-4200"
  }
}

resource "aws_s3_bucket" "plain" {
  bucket = "plain"
}

resource "aws_s3_bucket" "empty" {
  tags = {}
}

resource "aws_s3_bucket" "null_tags" {
  tags = null
}

resource "aws_iam_role_policy_attachment" "untaggable" {
  role       = "x"
  policy_arn = "y"
}
