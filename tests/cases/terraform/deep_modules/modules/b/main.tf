variable "tags" {}

module "c" {
  source = "../c"
  count  = 2
  tags   = merge(var.tags, { c = count.index })
}
