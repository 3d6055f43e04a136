locals {
  common_tags = {
    owner = "a@acme.example"
    "cost-center" = "cc-1234"
  }
  # Attributes of several types, as in the report: bridgecrewio/checkov#7680, repro-b.
  instances = {
    vm01 = {
      location = "uksouth"
      size     = "Standard_NC24ads_A100_v4"
      zone     = "1"
      tags = merge(local.common_tags,
        {
          workload = "training"
          os   = "Windows"
        }
      )
    }
  }
}
module "vm" {
  for_each = local.instances
  source   = "./mod"

  name              = each.key
  region            = each.value.location
  size              = each.value.size
  availability_zone = each.value.zone
  tags              = each.value.tags
}
