variable "tags" {
  type = object({
    owner = string
    team  = string
    level = optional(string)
  })
}

resource "aws_instance" "i" {
  tags = var.tags
}
