x = "never read"
