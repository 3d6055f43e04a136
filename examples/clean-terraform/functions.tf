module "function" {
  source = "./modules/function"

  for_each = {
    embed  = { memory = 3008, workload = "inference" }
    resize = { memory = 1024, workload = "data-prep" }
  }

  name   = each.key
  memory = each.value.memory
  tags   = { workload = each.value.workload }
}
