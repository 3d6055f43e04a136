"""Values where the provider allows label characters only (`providers: {gcp: {values: label}}`).

Google Cloud's labels hold lower-case letters, digits, `_` and `-`. There a value is written in its label form:
lower case, `@` as `_at_`, every other character as `_` (`ml-vision@acme.example` is `ml-vision_at_acme_example`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from tagwright_dictionary.judging.values import KeyCheck

_OTHER = re.compile(r"[^\w-]")
_LONGEST = 63


def to_label(value: str) -> str:
    """The label form of a dictionary value."""
    return _OTHER.sub("_", value.lower().replace("@", "_at_"))


def from_label(check: KeyCheck, label: str) -> str:
    """The dictionary value that `label` stands for: an approved value or alias, an e-mail address, else itself."""
    if len(label) > _LONGEST:
        return label
    known = _forms(check).get(label)
    if known is not None:
        return known
    if check.key.format == "email":
        local, at, domain = label.rpartition("_at_")
        if at and local and "@" not in label and "." not in domain:
            return f"{local}@{domain.replace('_', '.')}"
    return label


@lru_cache(maxsize=64)
def _forms(check: KeyCheck) -> dict[str, str]:
    """Label form to value; of two values with one form the first wins, and an approved one over an alias."""
    forms: dict[str, str] = {}
    for value in (*check.approved, *check.aliases):
        forms.setdefault(to_label(value), value)
    return forms
