module "bucket" {
  source = "../../modules/bucket"
  name   = "dev"
}
