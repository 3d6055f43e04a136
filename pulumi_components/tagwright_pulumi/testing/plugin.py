"""The pytest fixture: `pytest_plugins = ["tagwright_pulumi.testing.plugin"]` in a `conftest.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tagwright_pulumi.testing.model import Run
from tagwright_pulumi.testing.running import run


@pytest.fixture
def pulumi_loopback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Run]:
    """`tagwright_pulumi.testing.run`, in a project folder of its own unless `root` says otherwise, and without what
    the developer's shell sets for Pulumi.
    """
    for name in ("PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS", "PULUMI_ENABLE_LEGACY_APPLY"):
        monkeypatch.delenv(name, raising=False)

    def loopback(program: object, **options: object) -> Run:
        if callable(program):
            options.setdefault("root", tmp_path)
        return run(program, **options)  # type: ignore[arg-type]

    return loopback
