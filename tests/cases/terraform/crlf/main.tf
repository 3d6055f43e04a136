# A byte order mark and CRLF line ends.
resource "aws_sqs_queue" "q" {
  tags = {
    a = "1"
    b = <<EOT
one
two
EOT
    c = <<-EOT
      x
    EOT
  }
}
