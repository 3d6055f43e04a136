# bridgecrewio/checkov#7680, repro-a: merge() inside a module that is called with for_each.
locals {
  buckets = {
    raw     = { name = "raw", retention = 30, workload = "data-prep" }
    curated = { name = "curated", retention = 7, workload = "training" }
  }
}

module "bucket" {
  for_each = local.buckets
  source   = "./mod"
  name     = each.value.name
  workload = each.value.workload
}
