a = "prod.tfvars"
b = "prod.tfvars"
