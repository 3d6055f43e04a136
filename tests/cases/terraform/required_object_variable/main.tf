# A missing object still has the attributes of its type; a missing map has nobody knows what.
variable "settings" {
  type = object({
    owner = string
    tags  = map(string)
    size  = optional(number, 3)
  })
}

variable "stage" {
  type    = string
  default = "dev"
}

module "m" {
  source = "./m"
  owner  = var.settings.owner
  tags   = merge(var.settings.tags, { stage = var.stage })
}

resource "aws_sqs_queue" "q" {
  tags = { owner = var.settings.owner, stage = var.stage }
}
