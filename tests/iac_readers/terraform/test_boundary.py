"""Nothing outside the repository (or the scanned tree) is ever opened."""

# ruff: noqa: E501 - rows of sample texts

from __future__ import annotations

import builtins
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.iac_readers.terraform.test_forest import BUCKET, call, write

from tagwright_dictionary.model import Reading
from tagwright_iac.reading import ReadOptions, read

STRANGER = 'resource "aws_s3_bucket" "secret" {\n  tags = {\n    secret = "leaked"\n  }\n}\n'


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The real path of everything that is opened or listed meanwhile."""
    seen: list[str] = []

    def watch(module: Any, name: str) -> None:
        original: Callable[..., Any] = getattr(module, name)

        def watched(path: Any, *arguments: Any, **options: Any) -> Any:
            if isinstance(path, str | bytes | os.PathLike):
                seen.append(os.path.realpath(os.fsdecode(path)))
            return original(path, *arguments, **options)

        monkeypatch.setattr(module, name, watched)

    for module, name in ((builtins, "open"), (os, "open"), (os, "scandir"), (os, "listdir")):
        watch(module, name)
    yield seen
    monkeypatch.undo()


def scan(tmp_path: Path, opened: list[str], paths: list[str] | None = None) -> Reading:
    """A reading of the tree, during which nothing in `outside` was opened."""
    tree = tmp_path / "tree"
    outside = str((tmp_path / "outside").resolve())
    opened.clear()
    reading = read(paths or ["."], ReadOptions(cwd=tree, cache=False, jobs=1))
    assert opened
    assert [path for path in opened if path.startswith(outside)] == []
    assert "leaked" not in repr(reading)
    return reading


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    write(tmp_path / "outside", {
        "main.tf": STRANGER, "secret.txt": "leaked", "m/main.tf": STRANGER, "terraform.tfvars": 'secret = "leaked"',
        "modules.json": '{"Modules": [{"Key": "m", "Dir": "../outside/m"}]}', "t.tftpl": "leaked", "environment": "leaked",
    })  # fmt: skip
    return write(tmp_path / "tree", {"good/main.tf": BUCKET % "good"})


@pytest.mark.parametrize("source", ["../outside", "../outside/m", "./../../tree/../outside", "./link", "./link/m"])
def test_module_sources_that_lead_outside(tmp_path: Path, tree: Path, opened: list[str], source: str) -> None:
    """The call is undecided, with the cause."""
    (tree / "link").symlink_to("../outside")
    write(tree, {"main.tf": call(source)})
    reading = scan(tmp_path, opened)
    (module,) = (resource for resource in reading.resources if resource.scope == ".")
    assert (module.address, module.tags.complete) == ("module.m", False)
    assert "leads outside the scanned tree" in module.note


def test_manifests_that_lead_outside(tmp_path: Path, tree: Path, opened: list[str]) -> None:
    """modules.json may name any directory; only those in the tree are entered."""
    write(tree, {
        "main.tf": call("x/y/aws"),
        ".terraform/modules/modules.json": '{"Modules": [{"Key": "m", "Source": "x/y/aws", "Dir": "../outside/m"}]}',
    })  # fmt: skip
    (module,) = (resource for resource in scan(tmp_path, opened).resources if resource.scope == ".")
    assert "leads outside the scanned tree" in module.note


@pytest.mark.parametrize(("link", "target"), [
    ("linked.tf", "main.tf"), ("linked.tf.json", "main.tf"), ("override.tf", "main.tf"), ("terraform.tfvars", "terraform.tfvars"),
    ("x.auto.tfvars", "terraform.tfvars"), (".terraform/modules/modules.json", "modules.json"),
])  # fmt: skip
def test_links_that_lead_outside(tmp_path: Path, tree: Path, opened: list[str], link: str, target: str) -> None:
    """A linked file of any kind is a problem and is not read."""
    path = write(tree, {"main.tf": BUCKET % "x"}) / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(tmp_path / "outside" / target)
    reading = scan(tmp_path, opened)
    assert [(problem.path, problem.reason) for problem in reading.problems] == [
        (link, "leads outside the scanned tree and is not followed")
    ]
    assert [resource.scope for resource in reading.resources] == [".", "good"]


def test_a_workspace_file_that_leads_outside(tmp_path: Path, tree: Path, opened: list[str]) -> None:
    """The workspace is then not known."""
    write(tree, {"main.tf": BUCKET.replace('"%s"', "terraform.workspace")})
    (tree / ".terraform").mkdir()
    (tree / ".terraform" / "environment").symlink_to(tmp_path / "outside" / "environment")
    scan(tmp_path, opened)


@pytest.mark.parametrize("expression", [
    'file("../outside/secret.txt")', 'file("${path.module}/../outside/secret.txt")', 'file("link/secret.txt")', 'templatefile("../outside/t.tftpl", {})',
    'filebase64("../outside/secret.txt")', 'filemd5("../outside/secret.txt")', 'file(join("/", ["..", "outside", "secret.txt"]))',
    'join(",", fileset("../outside", "*"))', 'join(",", fileset("link", "**"))', 'join(",", fileset(".", "../outside/*"))', 'tostring(fileexists("../outside/secret.txt"))',
    'file(abspath("../outside/secret.txt"))', 'try(file("../outside/secret.txt"), "none")',
])  # fmt: skip
def test_functions_that_lead_outside(tmp_path: Path, tree: Path, opened: list[str], expression: str) -> None:
    """The value is unknown."""
    (tree / "link").symlink_to("../outside")
    write(tree, {"main.tf": BUCKET.replace('"%s"', expression)})
    (bucket,) = (resource for resource in scan(tmp_path, opened).resources if resource.scope == ".")
    values = [tag.value for tag in bucket.tags.items]
    assert not bucket.tags.complete or not any(isinstance(value, str) for value in values), bucket.tags


def test_a_repository_is_the_boundary_of_what_is_scanned_in_it(tmp_path: Path, opened: list[str]) -> None:
    """A directory of a repository may use modules of the same repository, and nothing above it."""
    write(tmp_path, {
        "tree/.git/HEAD": "", "tree/modules/m/main.tf": BUCKET % "m", "outside/m/main.tf": STRANGER,
        "tree/live/main.tf": call("../modules/m") + call("../../outside/m", "n"),
    })  # fmt: skip
    reading = scan(tmp_path, opened, ["live"])
    assert [resource.address for resource in reading.resources] == ["module.n", "module.m.aws_s3_bucket.b"]


def test_files_the_user_names_may_be_anywhere(tmp_path: Path, tree: Path) -> None:
    """--var-file is the user's own word; what it names may lie outside, a pipe too."""
    write(tree, {"main.tf": 'variable "who" {\n}\n' + BUCKET.replace('"%s"', "var.who")})
    write(tmp_path / "outside", {"given.tfvars": 'who = "given"\n'})
    options = ReadOptions(cwd=tree, cache=False, jobs=1, assignments=(("file", "../outside/given.tfvars"),))
    reading = read(["."], options)
    assert [tag.value for tag in reading.resources[0].tags.items] == ["given"]
    receive, send = os.pipe()
    os.write(send, b'who = "piped"\n')
    os.close(send)
    piped = ReadOptions(cwd=tree, cache=False, jobs=1, assignments=(("file", f"/dev/fd/{receive}"),))
    reading = read(["."], piped)
    os.close(receive)
    assert [tag.value for tag in reading.resources[0].tags.items] == ["piped"]
    assert reading.problems == ()
