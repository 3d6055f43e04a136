module "m" {
  source     = "./m"
  depends_on = [aws_s3_bucket.pending]
}

resource "aws_s3_bucket" "pending" {}
