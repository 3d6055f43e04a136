# resource "aws_sqs_queue" "hash" {}
// resource "aws_sqs_queue" "slashes" {}
/*
resource "aws_sqs_queue" "block" {
  tags = { a = "1" }
}
*/
resource "aws_sqs_queue" "q" { # trailing
  tags = {
    a = "1" # comment
    // b = "2"
    /* c = "3" */ d = "4"
    e = "# not a comment"
    f = "// nor this" /* but this */
  }
}
