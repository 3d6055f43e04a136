"""Whether the oracle can run here: skipped visibly on a developer's machine, failed in CI."""

from __future__ import annotations

import importlib.util
import os

import pytest
from tests.oracle import terraform


def oracle() -> None:
    """Call in a fixture or test that needs the real terraform and the stub providers.

    Without them the test is skipped with the reason, or fails when CI=true: there it must run.
    """
    missing = [name for name in ("tf", "grpc", "msgpack") if importlib.util.find_spec(name) is None]
    if terraform.binary() is None:
        missing.insert(0, "the terraform binary on PATH")
    if not missing:
        return
    reason = f"the Terraform oracle needs {', '.join(missing)}"
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(reason)
    pytest.skip(reason)
