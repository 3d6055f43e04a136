# One-line blocks, parentheses over lines, unquoted labels.
resource "aws_sqs_queue" "one_line" { tags = { a = "1" } }

resource "aws_sqs_queue" "parens" {
  tags = (
    {
      a = (
        "1"
      )
    }
  )
}

resource aws_sqs_queue unquoted_labels {
  tags = { a = "1" }
}
