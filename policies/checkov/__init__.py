# Tag checks for Checkov, made by `tagwright checkov bundle`.
# Checkov loads no folder without this file.
