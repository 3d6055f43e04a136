"""Resources that are themselves what is billed: the rule for every type without one of its own."""

from __future__ import annotations

from tagwright_dictionary.model import Bill
from tagwright_iac.view import ResourceView

WORDS = frozenset({
    "account", "agent", "bucket", "cache", "cluster", "collection", "dashboard", "database", "disk", "domain",
    "endpoint", "environment", "function", "gateway", "group", "index", "instance", "job", "key", "model", "pipeline",
    "pool", "queue", "registry", "repository", "role", "secret", "service", "snapshot", "stream", "table", "topic",
    "volume", "warehouse", "workspace", "workgroup",
})  # fmt: skip
"""Last words of types that say in plain English what the resource is."""


def own_bill(view: ResourceView) -> tuple[Bill, ...]:
    """The resource itself, with the tags that end up on it."""
    return (Bill(plain_word(view.type), view.effective_tags, own=True),)


def plain_word(type_: str) -> str:
    """Such as "bucket" for aws_s3_bucket; "resource" where the type's last word says nothing."""
    word = type_.rsplit("_", 1)[-1]
    return word if word in WORDS else "resource"
