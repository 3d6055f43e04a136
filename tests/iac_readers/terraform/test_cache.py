"""The cache changes the time a reading takes and nothing else."""

# ruff: noqa: E501 - seeded randomness

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.iac_readers.terraform.test_forest import call, write

from tagwright_dictionary.model import Reading
from tagwright_iac.reading import ReadOptions, read

TREE = {
    ".git/HEAD": "",
    "live/main.tf": call("../modules/m") + 'resource "aws_s3_bucket" "b" {\n  tags = merge(local.common, { who = var.who })\n}\n',
    "live/locals.tf": 'locals {\n  common = { file = try(file("owner.txt"), "none"), ws = terraform.workspace }\n}\nvariable "who" {\n}\n',
    "live/more.tf": 'resource "aws_sqs_queue" "q" {\n  for_each = fileset("data", "*.json")\n  tags = { there = fileexists("flag") }\n}\n'
    + call("x/y/aws", "down"),
    "live/terraform.tfvars": 'who = "tfvars"\n',
    "live/data/one.json": "{}",
    "modules/m/main.tf": 'resource "aws_s3_bucket" "m" {\n  tags = { a = file("${path.module}/text") }\n}\n',
    "modules/m/text": "text",
    "modules/alone/main.tf": 'resource "aws_s3_bucket" "alone" {\n}\n',
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache directory of this test."""
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "readings"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write(tmp_path / "tree", TREE)


def warm(tree: Path, **options: Any) -> Reading:
    return read(["."], ReadOptions(cwd=tree, jobs=1, **options))


def cold(tree: Path, **options: Any) -> Reading:
    return read(["."], ReadOptions(cwd=tree, jobs=1, cache=False, **options))


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The roots that are evaluated from now on."""
    from tagwright_iac.terraform import roots

    seen: list[str] = []
    original = roots.RootTask.run

    def run(self: Any, library: Any, root: str) -> Any:
        seen.append(Path(root).name)
        return original(self, library, root)

    monkeypatch.setattr(roots.RootTask, "run", run)
    return seen


def test_a_second_reading_evaluates_nothing(tree: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unchanged trees come from the cache, equal in every part."""
    first = warm(tree)
    assert first == cold(tree)
    seen = reads(monkeypatch)
    assert warm(tree) == first
    assert seen == []
    assert len(list(store.iterdir())) == 2


EDITS = {
    "a value": lambda top: write(top, {"live/terraform.tfvars": 'who = "else"\n'}),
    "values removed": lambda top: (top / "live/terraform.tfvars").unlink(),
    "values added": lambda top: write(top, {"live/z.auto.tfvars": 'who = "auto"\n'}),
    "a file added": lambda top: write(top, {"live/new.tf": 'resource "aws_s3_bucket" "new" {\n}\n'}),
    "a file removed": lambda top: (top / "live/more.tf").unlink(),
    "a file renamed to an override": lambda top: (top / "live/more.tf").rename(top / "live/more_override.tf"),
    "a file spoiled": lambda top: write(top, {"live/locals.tf": "locals {"}),
    "a module's file": lambda top: write(top, {"modules/m/main.tf": 'resource "aws_s3_bucket" "other" {\n}\n'}),
    "a module's text": lambda top: write(top, {"modules/m/text": "other"}),
    "a module's text removed": lambda top: (top / "modules/m/text").unlink(),
    "a module's directory removed": lambda top: (top / "modules/m").rename(top / "gone"),
    "a text that was missing": lambda top: write(top, {"live/owner.txt": "me"}),
    "a file that was looked for": lambda top: write(top, {"live/flag": ""}),
    "a file in a listing": lambda top: write(top, {"live/data/two.json": "{}"}),
    "a listing emptied": lambda top: (top / "live/data/one.json").unlink(),
    "a workspace": lambda top: write(top, {"live/.terraform/environment": "prod"}),
    "a manifest": lambda top: write(top, {
        "live/.terraform/modules/modules.json": '{"Modules": [{"Key": "down", "Dir": "../modules/alone"}]}',
    }),
    "a file that becomes a link": lambda top: ((top / "live/more.tf").unlink(), (top / "live/more.tf").symlink_to("/etc/passwd")),
    "a file that becomes a directory": lambda top: ((top / "live/more.tf").unlink(), (top / "live/more.tf").mkdir()),
    "a twin": lambda top: write(top, {"live/more.tofu": 'resource "aws_s3_bucket" "tofu" {\n}\n'}),
    "a new caller": lambda top: write(top, {"live/call.tf": call("../modules/alone", "alone")}),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.usefixtures("store")
def test_an_edit_is_seen(tree: Path, edit: str) -> None:
    """After any edit the remembered reading is not used, and after its reversal the result is the first one again."""
    first = warm(tree)
    EDITS[edit](tree)
    after = warm(tree)
    assert after == cold(tree)
    assert after != first
    assert warm(tree) == after


@pytest.mark.usefixtures("store")
def test_options_are_part_of_the_question(tree: Path, tmp_path: Path) -> None:
    """Variables, files, environment, and where paths are shown from."""
    given = tmp_path / "given.tfvars"
    given.write_text('who = "given"\n')
    asked: list[dict[str, Any]] = [
        {}, {"assignments": (("var", "who=a"),)}, {"assignments": (("var", "who=b"),)}, {"assignments": (("file", str(given)),)},
        {"environ": (("TF_WORKSPACE", "x"),)}, {"environ": (("TF_VAR_who", "env"),)}, {"exclude": ("more.tf",)},
        {"assignments": (("var", "who=a"), ("var", "who=b"))}, {"assignments": (("var", "who=b"), ("var", "who=a"))},
    ]  # fmt: skip
    for options in (*asked, *reversed(asked)):
        assert warm(tree, **options) == cold(tree, **options)
    given.write_text('who = "changed"\n')
    options = {"assignments": (("file", str(given)),)}
    assert warm(tree, **options) == cold(tree, **options)
    from_below = [read([".."], ReadOptions(cwd=tree / "live", jobs=1, cache=cache)) for cache in (True, False)]
    assert from_below[0] == from_below[1]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.usefixtures("store")
def test_random_edits(tree: Path, seed: int) -> None:
    """Warm equals cold after every one of many random changes."""
    random = Random(seed)
    names = [
        *TREE,
        "live/x.tf",
        "live/y.auto.tfvars",
        "live/owner.txt",
        "live/data/three.json",
        "modules/m/text",
        "other/main.tf",
    ]
    texts = [*TREE.values(), 'who = "x"\n', "locals {\n}\n", "", "{"]
    for _ in range(12):
        path = tree / random.choice(names)
        if path.name == "HEAD":
            continue
        kind = random.randrange(4)
        if kind == 0 and path.exists():
            path.unlink()
        elif kind == 1 and path.exists():
            target = tree / random.choice(names)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
        else:
            write(tree, {str(path.relative_to(tree)): random.choice(texts)})
        assert warm(tree) == cold(tree)


@pytest.mark.parametrize("spoil", [
    lambda data: b"", lambda data: b"{}\n", lambda data: data[: len(data) // 2], lambda data: data.replace(b"live", b"evil"),
    lambda data: b"\xff" + data, lambda data: data.split(b"\n")[0] + b"\n[]", lambda data: b"[" * 100_000, lambda data: b"5\n" + data,
    lambda data: b'{"directories": 5, "files": 5, "listings": 5, "reached": 5}\n{}', lambda data: b"\x00" * 1000,
    lambda data: data.split(b"\n")[0] + b"\n" + b'{"resources": [[]]}', lambda data: b"\n" + data, lambda data: data.replace(b"[", b"{"),
])  # fmt: skip
def test_spoiled_entries_are_misses(tree: Path, store: Path, spoil: Any) -> None:
    """Truncated, foreign or broken entries are read past and replaced."""
    first = warm(tree)
    for entry in store.iterdir():
        entry.write_bytes(spoil(entry.read_bytes()))
    assert warm(tree) == first
    assert warm(tree) == first


def test_entries_of_other_code_are_misses(tree: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new version of the program reads anew."""
    from tagwright_iac.terraform import cache

    first = warm(tree)
    seen = reads(monkeypatch)
    monkeypatch.setattr(cache, "_code_version", lambda: "another")
    assert warm(tree) == first
    assert sorted(seen) == ["alone", "live"]


@pytest.mark.parametrize("where", ["/proc/nothing", "/dev/null/x", "file", "dangling"])
def test_a_cache_that_cannot_be_written_is_no_error(
    tree: Path, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then everything is read."""
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to("/proc/nothing")
    monkeypatch.setenv("TAGWRIGHT_CACHE_DIR", where if where.startswith("/") else str(tmp_path / where))
    assert warm(tree) == cold(tree)
    assert warm(tree) == cold(tree)


def test_old_entries_are_dropped(tree: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache keeps the newest entries, temporary files included, and no more."""
    from tagwright_iac.terraform import cache

    monkeypatch.setattr(cache, "MAX_ENTRIES", 3)
    for index in range(6):
        warm(tree, assignments=(("var", f"who={index}"),))
    assert len(list(store.iterdir())) <= 3
    assert not list(store.glob("*.tmp"))


def test_entries_name_only_what_their_root_was_read_from(tmp_path: Path, store: Path) -> None:
    """A root's entry does not grow with the number of roots read before it."""
    top = write(tmp_path / "many", {f"r{index}/main.tf": 'resource "aws_s3_bucket" "b" {\n}\n' for index in range(30)})
    warm(top)
    heads = [json.loads(entry.read_bytes().split(b"\n")[0]) for entry in store.iterdir()]
    assert len(heads) == 30
    assert {len(head["files"]) for head in heads} == {1}
    assert {len(head["directories"]) for head in heads} == {1}


def test_two_processes_at_once(tree: Path, store: Path) -> None:
    """Runs side by side write whole entries and agree."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom tagwright_iac.codec import encode\n"
        "from tagwright_iac.reading import ReadOptions, read\n"
        "for i in range(5):\n    text = encode(read(['.'], ReadOptions(cwd=Path(sys.argv[1]), jobs=2)))\nprint(text)\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "random"}
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(tree)], stdout=subprocess.PIPE, env=environment)
        for _ in range(3)
    ]
    outputs = {run.communicate(timeout=60)[0] for run in runs}
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert len(outputs) == 1
    assert not list(store.glob("*.tmp"))
    assert warm(tree) == cold(tree)


def test_changed_files_come_from_the_same_entries(tree: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook's run after a full one evaluates nothing either."""
    warm(tree)
    seen = reads(monkeypatch)
    options = ReadOptions(cwd=tree, jobs=1)
    assert read(["live/locals.tf"], options) == read(["live/locals.tf"], replace(options, cache=False))
    assert seen == ["live"]
