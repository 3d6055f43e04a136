resource "aws_s3_bucket" "inside" {
  tags = { workload = "inference" }
}
