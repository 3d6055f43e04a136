# Object type constraints silently drop attributes the caller passes.
module "m" {
  source = "./m"
  tags = {
    owner = "o@acme.example"
    team  = "t"
    extra = "gone"
  }
}
