"""Help, completion and version."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys

import click
import pytest

from tagwright_cli.commands.dictionary import COMMANDS as OF_DICTIONARY
from tagwright_cli.lazy import LazyGroup
from tagwright_cli.main import main
from tagwright_cli.root import COMMANDS, cli
from tagwright_cli.version import __version__


def _paths():
    """Every command, those of groups included."""
    for name in COMMANDS:
        yield [name]
        command = cli.get_command(click.Context(cli), name)
        if isinstance(command, LazyGroup):
            yield from ([name, inner] for inner in command.lazy)


PATHS = [[], *_paths()]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_opens_with_a_sentence_and_two_examples(capsys, path):
    """The first line is one sentence; two examples follow, then the usage."""
    assert main([*path, "--help"]) == 0
    blocks = capsys.readouterr().out.split("\n\n")
    sentence = " ".join(blocks[0].split())
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert ". " not in sentence
    examples = blocks[1].splitlines()
    assert len(examples) == 2
    assert all("tagwright" in example for example in examples)
    assert any(block.startswith("Usage: tagwright") for block in blocks)


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_examples_of_help_are_real(path):
    """Every example parses: its options and commands exist."""
    command = cli
    for name in path:
        command = command.get_command(click.Context(command), name)
    for example in command.examples:
        words = shlex.split(re.split(r" >>? ", example.replace('eval "$(', "").replace(')"', ""))[0], comments=True)
        assert words[0] == "tagwright"
        with cli.make_context("tagwright", words[1:], resilient_parsing=True) as context:
            named = cli.get_command(context, words[1]) if not words[1].startswith("-") else cli
            rest = words[2:]
            if isinstance(named, LazyGroup) and named is not cli:
                named, rest = named.get_command(context, rest[0]), rest[1:]
            if named is not cli:
                named.make_context(words[1], list(rest))


GROUPS = [cli, *(cli.get_command(click.Context(cli), name) for name in ("dictionary", "drift", "checkov", "pulumi"))]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_summaries_are_those_of_the_commands(group):
    """The list of commands says of each what its own help says first."""
    for name, (_, summary) in group.lazy.items():
        command = group.get_command(click.Context(group), name)
        assert command.name == name
        own = command.help.split("\n\n")[0]
        assert own.split()[0] == summary.split()[0]


def test_version(capsys):
    """`--version`, `-V` and `version` print the same version."""
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"tagwright {__version__}\n"
    assert main(["-V"]) == 0
    assert capsys.readouterr().out == f"tagwright {__version__}\n"
    assert main(["version"]) == 0
    assert capsys.readouterr().out.startswith(f"tagwright {__version__}\n")


def test_version_imports_next_to_nothing():
    """`--version` loads none of click, the dictionary or a reader: it is as cheap as Python's own start."""
    code = (
        "import sys; before = set(sys.modules); from tagwright_cli.main import main; main(['--version']); "
        "print(sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = done.stderr.strip()
    loaded = {name.partition(".")[0] for name in names.strip("[]").replace("'", "").split(", ")}
    assert loaded <= {"tagwright_cli", "__future__", "collections", "_collections_abc"}


def _complete(words, shell="bash"):
    environ = {
        **os.environ,
        "_TAGWRIGHT_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(["tagwright", *words]),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tagwright_cli"], capture_output=True, text=True, check=False, env=environ, timeout=30
    )
    return [line.split(",", 1)[1] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["c"], ["check", "checkov", "completion"]),
        (["dictionary", ""], list(OF_DICTIONARY)),
        (["explain", "missing"], ["missing-tag"]),
        (["check", "--format", "g"], ["github", "gitlab"]),
        (["check", "--on-u"], ["--on-unknown"]),
    ],
)
def test_completion_answers(words, expected):
    """Commands, rules, formats and options are completed."""
    assert _complete(words) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script_is_valid(shell, tmp_path, capsys):
    """Each script names the command and its variable, and the shell itself accepts it where it is installed."""
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "tagwright" in script
    assert f"_TAGWRIGHT_COMPLETE={shell}_complete" in script
    if shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(script)
        subprocess.run([shell, "-n", str(file)], check=True, timeout=30)
