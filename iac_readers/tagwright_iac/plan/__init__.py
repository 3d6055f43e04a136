"""Terraform and OpenTofu plans (`terraform show -json`) as resources."""

from __future__ import annotations

from tagwright_iac.plan.document import looks_like_plan
from tagwright_iac.plan.reader import read_plan

__all__ = ["looks_like_plan", "read_plan"]
