resource "aws_sqs_queue" "ignored" {
  tags = { a = "1" }
  lifecycle {
    ignore_changes  = [tags]
    prevent_destroy = true
  }
}

resource "aws_sqs_queue" "all" {
  tags = { a = "1" }
  lifecycle {
    ignore_changes = all
  }
  depends_on = [aws_sqs_queue.ignored]
}

moved {
  from = aws_sqs_queue.old
  to   = aws_sqs_queue.ignored
}

removed {
  from = aws_sqs_queue.gone
  lifecycle {
    destroy = false
  }
}

check "health" {
  assert {
    condition     = aws_sqs_queue.all.tags["a"] == "1"
    error_message = "no"
  }
}

import {
  to = aws_s3_bucket.imported
  id = "existing"
}

resource "aws_s3_bucket" "imported" {
  bucket = "existing"
  tags   = { imported = "yes" }
}

output "x" {
  value = aws_sqs_queue.all.tags
}

terraform {
  required_version = ">= 1.0"
}
