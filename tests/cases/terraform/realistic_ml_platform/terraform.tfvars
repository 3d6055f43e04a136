environment = "prod"
owner       = "ml-platform@acme.example"
pools = {
  a100 = { instance_type = "p4d.24xlarge", nodes = 2, tags = { model = "llm-7b" } }
  a10  = { instance_type = "g5.xlarge", workload = "inference" }
  off  = { instance_type = "p5.48xlarge", enabled = false }
}
