module "m" {
  source       = "./m"
  plain        = null
  not_nullable = null
  obj = {
    a = null
    c = "c"
    z = "dropped by the type"
  }
}
