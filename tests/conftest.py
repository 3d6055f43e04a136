"""What every test starts from: an environment that is nobody's in particular."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_OURS = ("TAGWRIGHT_", "_TAGWRIGHT_", "TF_VAR_", "TF_WORKSPACE", "GITHUB_")
_TERMINAL = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PYTHONUTF8")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the developer's shell or cache reaches a test; child processes find our packages."""
    golden = os.environ.get("TAGWRIGHT_GOLDEN")
    for name in tuple(os.environ):
        if name.startswith(_OURS) or name in _TERMINAL:
            monkeypatch.delenv(name)
    if golden:
        monkeypatch.setenv("TAGWRIGHT_GOLDEN", golden)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    rooms = sorted({str(init.parent.parent) for init in ROOT.glob("*/tagwright_*/__init__.py")})
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(rooms))
