"""What code says exists (Terraform states, Pulumi exports) against what a scan saw."""
