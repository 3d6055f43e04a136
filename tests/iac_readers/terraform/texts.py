"""Files to parse: every configuration in the tests and examples, and a directory of public repositories when named."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[3]
CORPUS = os.environ.get("TAGWRIGHT_CORPUS", "")
"""A directory of unpacked repositories (read when the tests are collected, before their environment is cleaned)."""


def files(*suffixes: str) -> list[Path]:
    """Every file with one of the suffixes, in a stable order."""
    tops = [ROOT / "tests" / "cases", ROOT / "examples", *([Path(CORPUS)] if CORPUS else [])]
    return sorted(path for top in tops for path in top.rglob("*") if path.name.endswith(suffixes) and path.is_file())
