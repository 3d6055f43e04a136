module "on" {
  source = "./m"
  count  = 1
}

module "off" {
  source = "./m"
  count  = 0
}

module "many" {
  source = "./m"
  count  = 2
  suffix = "-${count.index}"
}

resource "aws_sqs_queue" "splat" {
  tags = { names = join(",", module.many[*].name), first = module.many[0].name, off = try(module.off[0].name, "none") }
}
