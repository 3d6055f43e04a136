"""Live AWS: accounts, regions, one lister a resource type, tags joined from one sweep an account and region."""
