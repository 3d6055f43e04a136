"""A scan: plan every cell, read it, judge what is there, write it down."""
