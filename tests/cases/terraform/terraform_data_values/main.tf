resource "terraform_data" "x" {
  input = "known"
}

resource "aws_sqs_queue" "q" {
  tags = { input = terraform_data.x.input, output = terraform_data.x.output }
}
