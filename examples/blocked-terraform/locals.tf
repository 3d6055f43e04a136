locals {
  common = {
    owner = "ml-vision@acme.example"
    team  = "vision"
  }

  functions = {
    embed  = { memory = 3008, workload = "inference" }
    resize = { memory = 1024, workload = "data-prep" }
  }
}
