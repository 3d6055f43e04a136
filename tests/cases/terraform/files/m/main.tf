# file() is relative to the working directory; path.module to this module.
resource "aws_sqs_queue" "q" {
  tags = {
    here  = file("${path.module}/here.txt")
    there = file("data/plain.txt")
    path  = path.module
    root  = path.root
  }
}
