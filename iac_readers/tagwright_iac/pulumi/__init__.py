"""Pulumi's own JSON (`pulumi preview --json`, `pulumi stack export`) as resources, whatever language the program is
written in.
"""

from __future__ import annotations

from tagwright_iac.pulumi.document import looks_like_pulumi
from tagwright_iac.pulumi.reader import read_pulumi

__all__ = ["looks_like_pulumi", "read_pulumi"]
