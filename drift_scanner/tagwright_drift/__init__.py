"""Live resources against the tag dictionary: inventories, runs, the history of findings, reports."""
