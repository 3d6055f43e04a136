provider "azurerm" {
  features {}
}

locals {
  tags = { owner = "o", env = "prod" }
}

resource "azurerm_resource_group" "rg" {
  name     = "rg"
  location = "westeurope"
  tags     = local.tags
}

resource "azurerm_storage_account" "s" {
  name                = "s"
  resource_group_name = azurerm_resource_group.rg.name
  tags                = merge(azurerm_resource_group.rg.tags, { kind = "storage" })
}

resource "azurerm_linux_virtual_machine" "gpu" {
  name = "gpu"
  size = "Standard_NC24ads_A100_v4"
}

resource "azurerm_subnet" "untaggable" {
  name = "s"
}
