"""The history of findings across runs: what is new, what persists, what is resolved, what came back."""
