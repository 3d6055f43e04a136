variable "teams" {
  type = map(object({
    owner = string
    size  = optional(number, 1)
    tags  = optional(map(string), {})
  }))
  default = {
    vision = { owner = "v@acme.example" }
    search = { owner = "s@acme.example", size = 2, tags = { tier = "gold" } }
  }
}

provider "aws" {
  default_tags {
    tags = { org = "acme" }
  }
}

module "team" {
  source   = "./team"
  for_each = var.teams
  name     = each.key
  owner    = each.value.owner
  nodes    = each.value.size
  tags     = each.value.tags
}

resource "aws_sqs_queue" "from_outputs" {
  for_each = module.team
  tags     = merge(each.value.tags, { team = each.key, nodes = each.value.count })
}
