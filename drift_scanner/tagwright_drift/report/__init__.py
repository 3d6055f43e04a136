"""The report on live resources: what was seen, what it costs, what is new, what is due."""
