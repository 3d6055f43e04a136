"""EC2 instance families out of botocore's wheel: read as data, never imported."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path


def read_instance_families(wheel: Path) -> tuple[str, ...]:
    """Every family of EC2's `InstanceType` enumeration, sorted."""
    with zipfile.ZipFile(wheel) as archive:
        name = max(name for name in archive.namelist() if name.startswith("botocore/data/ec2/") and "service-2" in name)
        content = archive.read(name)
    model = json.loads(gzip.decompress(content) if name.endswith(".gz") else content)
    return tuple(sorted({one.partition(".")[0] for one in model["shapes"]["InstanceType"]["enum"]}))
