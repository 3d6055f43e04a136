variable "suffix" {
  default = ""
}

resource "aws_s3_bucket" "b" {
  bucket = "bucket${var.suffix}"
  tags   = { Name = "bucket${var.suffix}" }
}

output "name" {
  value = aws_s3_bucket.b.bucket
}
