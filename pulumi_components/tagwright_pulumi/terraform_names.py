"""What a Pulumi type is called in Terraform, so that a dictionary's `types: [aws_sagemaker_*]` means the same here."""

from __future__ import annotations

import re

from tagwright_dictionary.catalogue.names import snake

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def candidates(token: str) -> tuple[str, ...]:
    """The Terraform names that the bridge may have made a token from, likeliest first: it cuts `aws_ec2_fleet` into
    module and name, and puts types without a module's name into one (`aws_instance` is `aws:ec2/instance:Instance`).
    """
    module = token.partition(":")[2].partition("/")[0].lower()
    name = token.rpartition(":")[2]
    humps, words = _HUMP.sub("_", name).lower(), snake(name)
    return tuple(dict.fromkeys((f"aws_{module}_{humps}", f"aws_{module}_{words}", f"aws_{humps}", f"aws_{words}")))
