variable "team" {
  default = "search"
}

locals {
  first   = "f"
  lists   = { all = concat(["a"], [local.first]) }
  by_team = { vision = { cc = "1" }, search = { cc = "2" } }
  nested  = { a = { b = [{ c = 1 }, { c = 2 }] } }
}
