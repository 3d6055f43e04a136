"""What tags cost: billing exports (FOCUS 1.x, CUR 2.0) joined with what a scan saw, or an estimate from prices."""
