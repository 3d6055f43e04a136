"""Plan documents made by hand, and readings as plain data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tagwright_dictionary.model import Reading, Tags, Unknown
from tagwright_iac.plan import read_plan

AWS = "registry.terraform.io/hashicorp/aws"


def change(address: str = "aws_s3_bucket.b", /, actions: Any = ("create",), **parts: Any) -> dict[str, Any]:
    """An entry of resource_changes; `after`, `after_unknown`, `after_sensitive`, `importing` go into its change,
    everything else beside it."""
    plain = address.split("[", maxsplit=1)[0].split(".")
    inner = {
        name: parts.pop(name) for name in ("after", "after_unknown", "after_sensitive", "importing") if name in parts
    }
    return {
        "address": address,
        "mode": "managed",
        "type": plain[-2],
        "name": plain[-1],
        "provider_name": AWS,
        "change": {"actions": list(actions), "before": None, "after": {}, "after_unknown": {}, **inner},
        **parts,
    }


def block(type_: str, name: str, key: str = "aws", **expressions: Any) -> dict[str, Any]:
    """An entry of the configuration's resources."""
    return {
        "address": f"{type_}.{name}",
        "mode": "managed",
        "type": type_,
        "name": name,
        "provider_config_key": key,
        "expressions": expressions,
    }


def plan(*changes: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": list(changes), **sections}


def configured(*blocks: dict[str, Any], defaults: Any = None, version: str = "", **sections: Any) -> dict[str, Any]:
    """A configuration section with one aws provider; `defaults` is the expression of its default tags."""
    provider: dict[str, Any] = {"name": "aws", "full_name": AWS, "version_constraint": version}
    if defaults is not None:
        provider["expressions"] = {"default_tags": [{"tags": defaults}]}
    return {"provider_config": {"aws": provider}, "root_module": {"resources": list(blocks), **sections}}


def read(tmp_path: Path, document: Any, **options: Any) -> Reading:
    path = tmp_path / "plan.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return read_plan(path, cwd=tmp_path, **options)


def shown(tags: Tags) -> dict[str, Any]:
    """Tags as plain data: "?" for an unknown value, and "+?" when there may be more."""
    found = {tag.key: "?" if isinstance(tag.value, Unknown) else tag.value for tag in tags.items}
    return found if tags.complete else found | {"+?": "?"}


def tags_by_address(reading: Reading) -> dict[str, Any]:
    assert reading.problems == ()
    return {resource.address: shown(resource.tags) for resource in reading.resources}


def bills_by_address(reading: Reading) -> dict[str, Any]:
    return {
        resource.address: {bill.what: shown(bill.tags) for bill in resource.bills} for resource in reading.resources
    }
