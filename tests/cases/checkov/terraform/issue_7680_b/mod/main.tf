variable "name" { type = string }
variable "region" { type = string }
variable "size" { type = string }
variable "availability_zone" { type = string }
variable "tags" { type = map(string) }
resource "azurerm_windows_virtual_machine" "vm" {
  name     = var.name
  location = var.region
  size     = var.size
  zone     = var.availability_zone
  tags = var.tags
}
