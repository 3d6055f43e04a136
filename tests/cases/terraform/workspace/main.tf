# The workspace is an input: TF_WORKSPACE says which.
resource "aws_sqs_queue" "q" {
  tags = { env = terraform.workspace, tier = terraform.workspace == "prod" ? "gold" : "bronze" }
}
