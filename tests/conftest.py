"""What every test starts from: an environment that is nobody's in particular."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


# As every program that is told to start it here: nothing of the machine, nothing of the network.
_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real Chromium; a visible skip where the machine has none. A module each: while Playwright is open, its event
    loop is the thread's, and nobody else in the thread can run one.
    """
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("chromium is not installed: no page is opened in a browser (Debian: apt install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="the extra 'dev' has playwright")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=_CHROMIUM)
        yield browser
        browser.close()
