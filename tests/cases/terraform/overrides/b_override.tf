resource "aws_instance" "i" {
  instance_type = "b"
}
