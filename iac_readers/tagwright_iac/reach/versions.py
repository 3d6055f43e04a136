"""Terraform version constraints, as far as "may a version of at least X be installed?" needs them.

Terraform takes the newest version that every constraint allows, so the answer is the upper bound:
https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

import re

Version = tuple[int, ...]
_TERM = re.compile(r"\s*(=|!=|>=|<=|~>|>|<)?\s*v?(\d+(?:\.\d+)*)(?:[-+][0-9A-Za-z.+-]*)?\s*")


def allows_at_least(constraints: str, version: Version) -> bool:
    """Whether the newest version that `constraints` ("~> 5.0, != 5.3") allows is at least `version`.

    No constraint, or one that cannot be read, bounds nothing: then the newest release is assumed.
    """
    return all(_reaches(term, version) for term in constraints.split(","))


def _reaches(term: str, version: Version) -> bool:
    match = _TERM.fullmatch(term)
    if match is None:
        return True
    operator, digits = match.group(1) or "=", match.group(2)
    if len(digits) > 64:
        return True
    bound = tuple(int(part) for part in digits.split("."))
    wanted, limit = _padded(version, bound)
    if operator in {"=", "<="}:
        return limit >= wanted
    if operator == "<":
        return limit > wanted
    if operator == "~>":
        # "~> 5.38.0" ends below 5.39, "~> 5.0" below 6, and "~> 5" is ">= 5" with the major free.
        if len(bound) == 1:
            return True
        ceiling, wanted = _padded((*bound[:-2], bound[-2] + 1), version)
        return ceiling > wanted
    return True


def _padded(left: Version, right: Version) -> tuple[Version, Version]:
    length = max(len(left), len(right))
    return left + (0,) * (length - len(left)), right + (0,) * (length - len(right))
