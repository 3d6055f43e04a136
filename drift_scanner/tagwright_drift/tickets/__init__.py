"""Findings as issues of a tracker: one issue a group, updated in place, closed when the history says it is over."""
