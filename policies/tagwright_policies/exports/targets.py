"""The targets, by the name that the command line takes."""

from __future__ import annotations

from typing import Final

from tagwright_policies.exports.aws_tag_policy import AwsTagPolicy
from tagwright_policies.exports.contract import Target
from tagwright_policies.exports.custodian import Custodian
from tagwright_policies.exports.json_schema import JsonSchema
from tagwright_policies.exports.python_enums import PythonEnums
from tagwright_policies.exports.rego import Rego
from tagwright_policies.exports.terraform_module import TerraformModule
from tagwright_policies.exports.typescript_enums import TypescriptEnums

_ALL: tuple[Target, ...] = (
    AwsTagPolicy(),
    TerraformModule(),
    Rego(),
    Custodian(),
    JsonSchema(),
    PythonEnums(),
    TypescriptEnums(),
)

TARGETS: Final[dict[str, Target]] = {target.name: target for target in _ALL}
"""A new target is one module and one entry here."""
