"""The targets, by the name that the command line takes."""

from __future__ import annotations

from typing import Final

from tagwright_policies.exports.contract import Target
from tagwright_policies.exports.rego import Rego
from tagwright_policies.exports.terraform_module import TerraformModule

_ALL: tuple[Target, ...] = (
    Rego(),
    TerraformModule(),
)

TARGETS: Final[dict[str, Target]] = {target.name: target for target in _ALL}
"""A new target is one module and one entry here."""
