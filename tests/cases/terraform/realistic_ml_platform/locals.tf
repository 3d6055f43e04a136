locals {
  default_tags = {
    owner       = var.owner
    environment = var.environment
    managed-by  = "terraform"
    cost-center = lookup(local.cost_centers, var.environment, local.cost_centers.default)
  }
  cost_centers = {
    prod    = "cc-4100"
    default = "cc-4900"
  }
  workload_tags = {
    for w in ["training", "inference"] : w => { workload = w, tier = w == "inference" ? "hot" : "cold" }
  }
}
