"""Patterns of CODEOWNERS: git, whose patterns they are, is the oracle."""

from __future__ import annotations

import os
import subprocess
import time

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tagwright_dictionary.lifecycle.owner_patterns import matches

PATH = st.lists(st.text("ab.", min_size=1, max_size=3).filter(lambda part: part.strip(".")), min_size=1, max_size=3)
PATTERN = st.lists(st.sampled_from(["a", "b", ".", "/", "*", "**/", "/**", "?", "\\a"]), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def ignored(tmp_path_factory):
    """ignored(pattern, path): whether git ignores the path by that pattern alone."""
    folder = tmp_path_factory.mktemp("patterns")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def git(*arguments):
        return subprocess.run(
            ["git", *arguments], cwd=folder, env=environment, capture_output=True, check=False
        ).returncode

    assert git("init", "--quiet") == 0

    def ask(pattern, path):
        (folder / ".git" / "info" / "exclude").write_text(pattern + "\n")
        code = git("check-ignore", "--quiet", "--no-index", "--", path)
        assert code in (0, 1)
        return code == 0

    return ask


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PATTERN, PATH)
def test_as_git(ignored, pattern, path):
    """Whatever the pattern, but for `folder/*`, which GitHub takes for what is directly in the folder, and for `a**`,
    which git's manual defines in another way than git does it.
    """
    text, name = "".join(pattern), "/".join(path)
    assume(
        all("**" not in part or part == "**" for part in text.split("/"))
        and "//" not in text
        and not text.rstrip("/").endswith("/*")
    )
    assert matches(text, name) == ignored(text, name)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        # from GitHub's own examples
        ("*", "a/b.js", True),
        ("*.js", "a/b.js", True),
        ("/build/logs/", "build/logs/x/y", True),
        ("/build/logs/", "a/build/logs/x", False),
        ("docs/*", "docs/getting-started.md", True),
        ("docs/*", "docs/build-app/troubleshooting.md", False),
        ("apps/", "x/apps/y", True),
        ("/docs/", "docs/x", True),
        ("**/logs", "build/logs/x", True),
        ("**/logs", "deeply/nested/logs/x", True),
        ("/apps/github", "apps/github/x", True),
        # and what must not fit
        ("", "a", False),
        ("/", "a", False),
        ("a", "ab", False),
        ("A", "a", False),
        ("a\\", "a", False),
    ],
)
def test_examples(pattern, path, expected):
    """As GitHub documents them."""
    assert matches(pattern, path) is expected


def test_patterns_made_to_explode():
    """Do not."""
    start = time.perf_counter()
    assert not matches("**/" * 200 + "*a" * 200 + "b", "a/" * 200 + "a" * 400)
    assert time.perf_counter() - start < 5
