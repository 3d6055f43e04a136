"""The pages of the site, one kind a file: each turns facts into `shell.Page`."""
