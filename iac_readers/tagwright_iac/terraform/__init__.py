"""Terraform and OpenTofu configuration, read and evaluated as Terraform does."""
