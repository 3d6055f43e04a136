extra = {
  from = "tfvars"
  n    = 7
}
