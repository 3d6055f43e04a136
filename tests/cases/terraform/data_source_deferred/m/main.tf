data "aws_caller_identity" "me" {}

resource "aws_sqs_queue" "q" {
  tags = { account = data.aws_caller_identity.me.account_id, fixed = "f" }
}
