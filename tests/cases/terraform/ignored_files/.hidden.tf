resource "aws_sqs_queue" "hidden" {}
