"""The dictionary inside Checkov: a self-contained bundle of checks, and commands that run and prove it.

`bundle` writes the bundle, `running` runs Checkov with it and fails closed, `verifying` proves that it bites, `signing`
signs it. `adapters` and `runtime` travel inside the bundle and import nothing but the standard library, the parts of
tagwright that travel with them, and Checkov itself.
"""
