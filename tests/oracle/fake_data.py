"""What the stub providers' data sources return.

Nothing of a data source can be read from the code, so what it returns is made to depend on a `salt`, in its values
and in its lengths: `harness.plan` plans twice with different salts, and what differs depends on data. What a real
provider would take from its own configuration (the region) does not depend on the salt.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def fake(data_type: str, name: str, type_: Any, configuration: Mapping[str, Any], salt: int) -> Any:
    """The value of one computed attribute, of the given Terraform type."""
    region = configuration.get("region")
    if data_type == "aws_region" and name in ("name", "id") and isinstance(region, str):
        return region
    if data_type == "aws_partition" and name in ("partition", "id"):
        return ("aws", "aws-cn")[salt % 2]
    if name in ("account_id", "owner_id"):
        return str(salt + 1) * 12
    text = f"{name}-{'abcdefgh'[salt % 8]}"
    match type_:
        case "string" | "dynamic":
            return text
        case "number":
            return 10 + salt
        case "bool":
            return salt % 2 == 0
        case ["map", _]:
            return {f"{text}-{index}": text for index in range(salt + 1)}
        case _:
            return [f"{text}-{index}" for index in range(salt + 2)]
