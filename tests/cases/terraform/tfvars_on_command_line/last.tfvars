b = "last.tfvars"
c = "last.tfvars"
