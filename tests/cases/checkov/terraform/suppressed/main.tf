# tagwright:ignore[missing-tag] until=2099-12-31 reason="moves next sprint"
resource "aws_s3_bucket" "suppressed" {}

resource "aws_s3_bucket" "expired" {
  tags = { owner = "ml-data@acme.example" } # tagwright:ignore[missing-tag] until=2020-01-01 reason="was long ago"
}

resource "aws_s3_bucket" "text" {
  bucket = "# tagwright:ignore[missing-tag] until=2099-12-31 reason=no comment"
}
