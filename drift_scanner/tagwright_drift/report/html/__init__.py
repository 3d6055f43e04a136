"""The HTML form of the report: one file, charts included."""
