resource "aws_sqs_queue" "deep" {}
