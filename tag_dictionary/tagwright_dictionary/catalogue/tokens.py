"""What a Pulumi type is called elsewhere, so that a dictionary's `types: [aws_sagemaker_*]` means the same there."""

from __future__ import annotations

import re
from functools import lru_cache

from tagwright_dictionary.catalogue.entries import find
from tagwright_dictionary.catalogue.names import snake
from tagwright_dictionary.catalogue.taggable import tag_support

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PREFIXES = {"aws": "aws", "azure": "azurerm", "gcp": "google"}


@lru_cache(maxsize=4096)
def also_known(token: str) -> tuple[str, ...]:
    """The Terraform and CloudFormation names of a token. Where the Terraform name is not certain, all likely ones: a
    requirement on `aws_*` must not pass over a type because of its name.
    """
    entry = find(token)
    if entry is not None:
        return tuple(name for name in (entry.terraform, entry.cloudformation) if name)
    likely = candidates(token)
    known = [name for name in likely if tag_support(name).taggable is not None and not _is_another(name, token)]
    return tuple(known[:1]) or likely


def candidates(token: str) -> tuple[str, ...]:
    """The Terraform names that the bridge may have made a token from, likeliest first: it cuts `aws_ec2_fleet` into
    module and name, and puts types without a module's name into one (`aws_instance` is `aws:ec2/instance:Instance`).
    None for providers that are not bridged from Terraform's.
    """
    package, _, rest = token.partition(":")
    prefix = _PREFIXES.get(package)
    if prefix is None:
        return ()
    module = rest.partition("/")[0].lower()
    name = token.rpartition(":")[2]
    humps, words = _HUMP.sub("_", name).lower(), snake(name)
    spelled = (f"{module}_{humps}", f"{module}_{words}", humps, words)
    return tuple(dict.fromkeys(f"{prefix}_{each}" for each in spelled))


def _is_another(name: str, token: str) -> bool:
    """Whether the catalogue says that this Terraform name belongs to a different token."""
    entry = find(name)
    return entry is not None and bool(entry.pulumi) and entry.pulumi != token and token not in entry.aliases
