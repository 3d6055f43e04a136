# What a data source returns is in no file.
data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_ami" "latest" {
  most_recent = true
  owners      = ["amazon"]
}

resource "aws_instance" "node" {
  ami  = data.aws_ami.latest.id
  tags = { account = data.aws_caller_identity.current.account_id, fixed = "f", owners = join(",", data.aws_ami.latest.owners) }
}

resource "aws_subnet" "zone" {
  count             = length(data.aws_availability_zones.available.names)
  availability_zone = data.aws_availability_zones.available.names[count.index]
  tags              = { tier = "gpu" }
}

resource "aws_s3_bucket" "b" {
  bucket = "logs-${data.aws_caller_identity.current.account_id}"
  tags   = { Name = "logs" }
}
