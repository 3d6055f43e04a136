a = "prod.tfvars, which nobody named"
