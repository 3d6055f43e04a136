"""The table of AWS resource types: can they be tagged, how, and what else their tags have to be written into.

Generated from pulumi_aws (`tools/make_pulumi_types.py`) and shipped as JSON: asking the classes themselves would
import all of the package, which takes longer than most programs run.
"""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """One resource type.

    kind       map       `tags` is a map of strings, and the provider's default tags are merged into it
               list      `tags` is a list of {key, value, propagateAtLaunch}
               selector  it has `tags` that are not its own: never write into them; `why` says what they are
               none      it cannot be tagged
    terraform  what Terraform calls it, "" where that is not certain
    also       further properties (camelCase) that carry its tags to what is billed: {"as": "map"},
               {"as": "specifications"} (a list of {resourceType, tags}), {"set": value}
    """

    kind: str
    terraform: str = ""
    why: str = ""
    also: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def taggable(self) -> bool:
        return self.kind in {"map", "list"}


@cache
def type_table() -> Mapping[str, TypeInfo]:
    """Every type of the table, by token."""
    content = pkgutil.get_data("tagwright_pulumi", "data/types.json")
    if content is None:
        raise FileNotFoundError("data/types.json")
    return {
        token: TypeInfo(row["kind"], row.get("terraform", ""), row.get("why", ""), tuple(row.get("also", {}).items()))
        for token, row in json.loads(content)["types"].items()
    }


def type_info(token: str) -> TypeInfo | None:
    """How a type takes tags; None for a type that the table does not have (another provider's, or a newer one)."""
    return type_table().get(token)
