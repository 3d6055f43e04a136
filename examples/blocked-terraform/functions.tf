module "function" {
  source   = "./modules/function"
  for_each = local.functions

  name   = each.key
  memory = each.value.memory
  tags = merge(local.common, {
    workload = each.value.workload
  })
}
