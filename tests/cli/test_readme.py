"""What the documents show of the program is what it prints today.

A block after `<!-- recorded: FOLDER -->` is a session in that folder of examples/ (`.`: the repository);
TAGWRIGHT_GOLDEN=write records it anew (`make golden`).
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "cli" / "README.md"]
BLOCK = re.compile(r"(<!-- recorded: (?P<folder>\S+) -->\n```console\n)(?P<session>.*?)(```\n)", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def _record(folder, session):
    """The session with what its commands print now."""
    lines = []
    for command in re.findall(r"^\$ (.*)$", session, re.MULTILINE):
        words = shlex.split(command)
        assert words[0] == "tagwright"
        done = subprocess.run(
            [sys.executable, "-m", "tagwright_cli", *words[1:]],
            cwd=ROOT / "examples" / folder,
            env={**os.environ, "TAGWRIGHT_TODAY": "2026-11-23"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        lines.append(f"$ {command}\n{done.stdout}")
    # The digest changes with every word of the dictionary; that is not what a document shows.
    return re.sub(r"\([0-9a-f]{8}\)", "(174da6c5)", "\n".join(lines))


def _recorded(text):
    return BLOCK.sub(lambda found: found[1] + _record(found["folder"], found["session"]) + found[4], text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_recorded_sessions_are_current(document):
    """Every recorded session, and every --help, is what the program prints."""
    text = document.read_text()
    current = _recorded(text)
    if os.environ.get("TAGWRIGHT_GOLDEN") == "write":
        document.write_text(current)
        text = current
    assert text == current


def test_readme_has_a_session_and_the_help():
    """The README shows a session with findings and the program's help."""
    sessions = "".join(found["session"] for found in BLOCK.finditer((ROOT / "README.md").read_text()))
    assert "$ tagwright --help" in sessions
    assert "\nblocked: " in sessions


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, ROOT / "CONTRIBUTING.md"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_links_lead_somewhere(document):
    """Every relative link names a file of the repository."""
    missing = [link for link in LINK.findall(document.read_text()) if not (document.parent / link).exists()]
    assert missing == []


def test_readme_names_every_format_and_exit_code():
    """The README's tables list the formats and exit codes that there are."""
    from tagwright_cli.formats import FORMATS

    text = (ROOT / "README.md").read_text()
    assert [name for name in FORMATS if f"`{name}`" not in text] == []
    assert re.findall(r"^\| (\d+) \|", text, re.MULTILINE) == ["0", "1", "2", "3", "4", "130"]


def test_snippets_of_the_readme_are_those_of_the_examples():
    """The hook and the CI gate in the README are the files under examples/ci, which are tested there."""
    text = (ROOT / "README.md").read_text()
    hook = (ROOT / "examples" / "ci" / "pre-commit-config.yaml").read_text()
    assert hook.partition("\n")[2] in text
    assert "uses: tagwright/tagwright@v0" in text


def test_every_command_is_documented():
    """docs/commands.md records the help of every command that there is."""
    import click

    from tagwright_cli.lazy import LazyGroup
    from tagwright_cli.root import COMMANDS, cli

    wanted = []
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        wanted.append(name)
        if isinstance(command, LazyGroup):
            wanted += [f"{name} {inner}" for inner in command.lazy]
    recorded = re.findall(r"^\$ tagwright (.*) --help$", (ROOT / "docs" / "commands.md").read_text(), re.MULTILINE)
    assert recorded == wanted
