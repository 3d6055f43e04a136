"""From Checkov's configuration to `model.Resource`, one framework a file. Pure: these travel inside the bundle."""
