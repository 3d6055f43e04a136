resource "aws_sqs_queue" "q" {}

resource "google_storage_bucket" "b" {
  name = "b"
}
