"""The resource types of AWS tag policies, which have names of their own, and what AWS lets a policy do with them.

From the AWS provider's cross reference and the AWS Organizations user guide (`sources` in `data/tag_policy.json`).
"""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

from tagwright_dictionary.catalogue.entries import find
from tagwright_dictionary.dictionary import Selector

ALL_SUPPORTED: Final = "ALL_SUPPORTED"


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(pkgutil.get_data(__package__, "data/tag_policy.json") or b"{}")
    return found


def terraform_types() -> Mapping[str, str]:
    """Tag policy type to Terraform type, for types that `report_required_tag_for` takes."""
    found: Mapping[str, str] = _data()["types"]
    return found


def enforceable() -> tuple[str, ...]:
    """Services for which `enforced_for` takes `SERVICE:ALL_SUPPORTED`."""
    return tuple(_data()["enforceable"])


def selected(selector: Selector) -> tuple[str, ...]:
    """The tag policy types that a selector picks whatever a resource is made of (never "a GPU instance")."""
    return tuple(name for name, kind in terraform_types().items() if _picks(selector, kind))


def _picks(selector: Selector, kind: str) -> bool:
    entry = find(kind)
    classes = entry.classes if entry else ()
    return (
        selector.everything
        or any(name in classes for name in selector.classes)
        or any(fnmatchcase(kind, glob) for glob in selector.types)
    )


def expanded(name: str) -> tuple[str, ...]:
    """The Terraform types behind a tag policy type or `SERVICE:ALL_SUPPORTED`; none where it is not known."""
    service, _, kind = name.partition(":")
    if kind in (ALL_SUPPORTED, "*"):
        return tuple(found for known, found in terraform_types().items() if known.startswith(f"{service}:"))
    known = terraform_types().get(name)
    return (known,) if known else ()
