"""The tests in this folder ask the real Terraform."""

from __future__ import annotations

import pytest
from tests.oracle import need


@pytest.fixture(scope="session")
def terraform() -> None:
    """Skips where there is no terraform (with the reason), fails there when CI=true."""
    need.oracle()
