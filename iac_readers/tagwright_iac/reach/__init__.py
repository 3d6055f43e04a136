"""What of a resource is billed, and which tags reach it (rule `unreached`, docs/reach.md)."""

from __future__ import annotations

from tagwright_iac.reach.rules import CONSUMED, RULES
from tagwright_iac.reach.rules import bills_of as bills

__all__ = ["CONSUMED", "RULES", "bills"]
