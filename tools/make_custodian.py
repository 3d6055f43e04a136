"""Writes `policies/tagwright_policies/exports/data/custodian.json`: Cloud Custodian's resources that take tags, with
the CloudFormation type of each. Run it with the Python of an environment that has c7n installed, and name the folder
of the checkout's root: python tools/make_custodian.py .
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(root: str) -> None:
    # c7n is in another environment than the linters.
    from c7n.provider import clouds  # noqa: PLC0415
    from c7n.resources import load_resources  # noqa: PLC0415

    load_resources(("aws.*",))
    resources = clouds["aws"].resources
    found = {}
    for name in sorted(resources.keys()):
        resource = resources.get(name)
        kind = getattr(resource.resource_type, "cfn_type", None)
        if kind and "tag" in resource.action_registry:
            found[name] = kind
    target = Path(root) / "policies/tagwright_policies/exports/data/custodian.json"
    target.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(found)} resources")


if __name__ == "__main__":
    main(*sys.argv[1:])
