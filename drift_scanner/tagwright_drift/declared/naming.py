"""Names of a managed resource: its type as scans call it, the keys by which it is found live."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from tagwright_dictionary.catalogue import find, provider_of
from tagwright_dictionary.model import Tags
from tagwright_drift.declared.model import Declared
from tagwright_drift.dollars.identifiers import account_of, canonical, keys_of, region_of


@cache
def live_type(name: str) -> str:
    """The catalogue's name of a Terraform type or a Pulumi token: what cells are called by."""
    found = find(name)
    return name if found is None else found.terraform or found.cloudformation or name


def declared(
    address: str, type_: str, source: str, identity: Iterable[str], tags: Tags, *, secret: bool = False
) -> Declared:
    """A managed resource with whatever the state has of ids and ARNs, the surest first."""
    names = [name for name in dict.fromkeys(identity) if name]
    arn = next((name for name in names if name.startswith("arn:")), "")
    keys: list[str] = list(keys_of(arn)) if arn else []
    for name in names:
        keys += [key for key in keys_of(name) if key != canonical(name)]
    type_ = live_type(type_)
    if type_ == "aws_s3_bucket" and not arn:
        keys += [f"s3:{name}" for name in names[:1]]
    return Declared(
        address=address,
        type=type_,
        source=source,
        keys=tuple(dict.fromkeys(keys)) if provider_of(type_) in ("aws", "awscc") else (),
        arn=canonical(arn),
        account=account_of(arn),
        region=region_of(arn),
        tags=tags,
        secret=secret,
    )
