"""Which directories are read as roots, and what is reported of them."""

# ruff: noqa: E501 - rows of sample texts

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tagwright_dictionary.model import Reading, Resource
from tagwright_iac.reading import ReadOptions, read

BUCKET = 'resource "aws_s3_bucket" "b" {\n  tags = {\n    who = "%s"\n  }\n}\n'


def call(source: str, name: str = "m") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n}}\n'


def write(top: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return top


def options(cwd: Path, **changes: object) -> ReadOptions:
    return ReadOptions(cwd=cwd, cache=False, jobs=1, **changes)  # type: ignore[arg-type]


def found(reading: Reading) -> list[str]:
    """Root and address of every resource."""
    return [f"{resource.scope} {resource.address}" for resource in reading.resources]


def tag(resource: Resource) -> object:
    return {tag.key: tag.value for tag in resource.tags.items}


def test_called_directories_are_read_where_they_are_called(tmp_path: Path) -> None:
    """A module somebody calls is no root of its own; one that nobody calls is; directories are separate scopes."""
    write(tmp_path, {
        "live/prod/main.tf": call("../../modules/bucket"),
        "live/dev/main.tf": call("../../modules/bucket") + BUCKET % "dev",
        "modules/bucket/main.tf": BUCKET % "module" + call("./inner"),
        "modules/bucket/inner/main.tf": BUCKET % "inner",
        "modules/unused/main.tf": BUCKET % "unused",
    })  # fmt: skip
    reading = read(["."], options(tmp_path))
    assert found(reading) == [
        "live/dev aws_s3_bucket.b", "live/dev module.m.module.m.aws_s3_bucket.b", "live/dev module.m.aws_s3_bucket.b",
        "live/prod module.m.module.m.aws_s3_bucket.b", "live/prod module.m.aws_s3_bucket.b", "modules/unused aws_s3_bucket.b",
    ]  # fmt: skip
    assert reading.files == (
        "live/dev/main.tf", "live/prod/main.tf", "modules/bucket/inner/main.tf", "modules/bucket/main.tf",
        "modules/unused/main.tf",
    )  # fmt: skip
    assert reading.problems == ()


def test_a_module_named_on_the_command_line_is_a_root(tmp_path: Path) -> None:
    """Asked for by name, a called directory is judged by itself as well."""
    write(tmp_path, {"main.tf": call("./m"), "m/main.tf": BUCKET % "x"})
    assert found(read(["m"], options(tmp_path))) == [". aws_s3_bucket.b"]
    both = read([".", "m"], options(tmp_path))
    assert sorted(found(both)) == [". aws_s3_bucket.b", ". module.m.aws_s3_bucket.b"] or sorted(found(both)) == [
        ". module.m.aws_s3_bucket.b", "m aws_s3_bucket.b",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [
    '# module "x" { source = "./m" }\n', '/*\nmodule "x" {\n  source = "./m"\n}\n*/\n', 'locals {\n  a = "source = \\"./m\\""\n}\n',
    'locals {\n  source = "./m"\n}\n', 'resource "aws_s3_object" "o" {\n  source = "./m"\n}\n', 'locals {\n  a = <<EOT\nsource = "./m"\nEOT\n}\n',
])  # fmt: skip
def test_what_only_looks_like_a_call_hides_nothing(tmp_path: Path, text: str) -> None:
    """A comment or string that names a directory does not keep it from being judged."""
    write(tmp_path, {"main.tf": text, "m/main.tf": BUCKET % "x"})
    assert "m aws_s3_bucket.b" in found(read(["."], options(tmp_path)))


def test_directories_that_only_call_each_other(tmp_path: Path) -> None:
    """A circle without a way in is entered somewhere, once."""
    write(tmp_path, {"a/main.tf": call("../b"), "b/main.tf": call("../a") + BUCKET % "x"})
    reading = read(["."], options(tmp_path))
    assert found(reading) == ["a module.m.module.m", "a module.m.aws_s3_bucket.b"]
    assert [(problem.path, problem.line) for problem in reading.problems] == [("b/main.tf", 1)]


def test_symbolic_links_to_directories_are_not_followed(tmp_path: Path) -> None:
    """A loop of links, and a second way to the same directory, change nothing."""
    write(tmp_path, {"a/main.tf": BUCKET % "x"})
    (tmp_path / "a" / "loop").symlink_to("..")
    (tmp_path / "again").symlink_to("a")
    (tmp_path / "self").symlink_to("self")
    assert found(read(["."], options(tmp_path))) == ["a aws_s3_bucket.b"]
    assert found(read(["again"], options(tmp_path))) == [". aws_s3_bucket.b"]


def test_what_tools_put_there_is_left_out(tmp_path: Path) -> None:
    """.terraform, .git, virtual environments and the like hold no roots; other hidden directories do."""
    names = (".terraform", ".git", ".venv", "node_modules", ".terragrunt-cache")
    write(tmp_path, {f"{name}/x/main.tf": BUCKET % name for name in names})
    write(tmp_path, {".infra/main.tf": BUCKET % "mine"})
    assert found(read(["."], options(tmp_path))) == [".infra aws_s3_bucket.b"]


@pytest.mark.parametrize(("pattern", "left"), [
    ("legacy", ["live"]), ("leg*", ["live"]), ("*/legacy", ["legacy", "live"]), ("live/*", ["legacy"]), ("*", []),
    ("Legacy", ["legacy", "live"]), ("", ["legacy", "live"]), ("[", ["legacy", "live"]),
])  # fmt: skip
def test_excluded_directories(tmp_path: Path, pattern: str, left: list[str]) -> None:
    """Globs of names and of paths relative to the scanned directory."""
    write(tmp_path, {"legacy/main.tf": BUCKET % "x", "live/main.tf": BUCKET % "x"})
    reading = read(["."], options(tmp_path, exclude=(pattern,)))
    assert [resource.scope for resource in reading.resources] == left


def test_editors_leftovers_are_no_configuration(tmp_path: Path) -> None:
    """Hidden files, backups and locks are ignored as Terraform ignores them, also when broken."""
    write(tmp_path, dict.fromkeys((".x.tf", "x.tf~", "#x.tf#", ".#x.tf", "x.tf.bak", "x.txt", ".tf.json~"), "{"))
    assert read(["."], options(tmp_path)) == Reading()
    write(tmp_path, {"a.tf": BUCKET % "x"})
    reading = read(["."], options(tmp_path))
    assert (reading.files, reading.problems) == (("a.tf",), ())


def test_a_tofu_file_stands_for_its_twin(tmp_path: Path) -> None:
    """OpenTofu reads x.tofu instead of x.tf, and x.tofu.json instead of x.tf.json; a .tofu file alone counts too."""
    write(tmp_path, {
        "a.tf": BUCKET % "terraform", "a.tofu": BUCKET % "tofu", "b.tf.json": "{", "b.tofu.json": "{}",
        "c.tofu": 'resource "aws_s3_bucket" "c" {\n}\n', "override.tofu": BUCKET % "override",
    })  # fmt: skip
    reading = read(["."], options(tmp_path))
    assert reading.problems == ()
    assert [(resource.address, tag(resource)) for resource in reading.resources] == [
        ("aws_s3_bucket.b", {"who": "override"}), ("aws_s3_bucket.c", {}),
    ]  # fmt: skip


REPOSITORY = {
    ".git/HEAD": "",
    "live/main.tf": 'module "one" {\n  source = "../modules/bucket"\n  who    = local.who\n}\n' + BUCKET % "live",
    "live/locals.tf": 'locals {\n  who = var.who\n}\nvariable "who" {\n}\n',
    "live/terraform.tfvars": 'who = "me"\n',
    "live/unrelated.tf": 'resource "aws_s3_bucket" "other" {\n}\n',
    "other/main.tf": 'module "two" {\n  source = "../modules/bucket"\n  who    = "two"\n}\n',
    "modules/bucket/main.tf": 'variable "who" {\n}\nresource "aws_s3_bucket" "m" {\n  tags = {\n    who = var.who\n  }\n}\n',
    "alone/main.tf": BUCKET % "alone",
}


@pytest.mark.parametrize(("changed", "expected"), [
    (["live/main.tf"], ["live aws_s3_bucket.b", "live module.one.aws_s3_bucket.m"]),
    (["live/unrelated.tf"], ["live aws_s3_bucket.other"]),
    (["live/locals.tf"], ["live module.one.aws_s3_bucket.m"]),
    (["live/terraform.tfvars"], ["live module.one.aws_s3_bucket.m"]),
    (["modules/bucket/main.tf"], ["live module.one.aws_s3_bucket.m", "other module.two.aws_s3_bucket.m"]),
    (["alone/main.tf", "live/unrelated.tf"], ["alone aws_s3_bucket.b", "live aws_s3_bucket.other"]),
])  # fmt: skip
def test_changed_files_bring_in_what_they_concern(tmp_path: Path, changed: list[str], expected: list[str]) -> None:
    """A hook names files: their roots (and the callers of their module) are read whole, and what is declared in them
    or takes its tags from them is reported.
    """
    write(tmp_path, REPOSITORY)
    reading = read(changed, options(tmp_path))
    assert found(reading) == expected
    assert reading.problems == ()
    assert reading.files == tuple(sorted(changed))
    inside = [os.path.relpath(tmp_path / name, tmp_path / "live") for name in changed]
    assert sorted(found(read(inside, options(tmp_path / "live")))) == sorted(expected)


def test_values_of_a_changed_file_are_those_of_the_whole_root(tmp_path: Path) -> None:
    """Values from other files of the root are known though the hook did not name them."""
    write(tmp_path, REPOSITORY)
    reading = read(["modules/bucket/main.tf"], options(tmp_path))
    assert [tag(resource) for resource in reading.resources] == [{"who": "me"}, {"who": "two"}]
    assert reading.resources[0].sources == (
        "live/locals.tf",
        "live/main.tf",
        "live/terraform.tfvars",
        "modules/bucket/main.tf",
    )


def test_a_broken_file_of_the_root_shows_though_another_one_changed(tmp_path: Path) -> None:
    """What the changed file's root cannot be read without is a problem."""
    write(tmp_path, {**REPOSITORY, "live/broken.tf": "a {"})
    assert [problem.path for problem in read(["live/unrelated.tf"], options(tmp_path)).problems] == ["live/broken.tf"]


def test_files_beside_directories(tmp_path: Path) -> None:
    """A directory and a file of another one in one run: both are read."""
    write(tmp_path, REPOSITORY)
    reading = read(["alone", "live/unrelated.tf"], options(tmp_path))
    assert found(reading) == ["alone aws_s3_bucket.b", "live aws_s3_bucket.other"]


def test_without_a_repository_the_working_directory_is_the_tree(tmp_path: Path) -> None:
    """Callers are looked for below the working directory when there is no .git."""
    write(tmp_path, {name: text for name, text in REPOSITORY.items() if not name.startswith(".git")})
    reading = read(["modules/bucket/main.tf"], options(tmp_path))
    assert found(reading) == ["live module.one.aws_s3_bucket.m", "other module.two.aws_s3_bucket.m"]


def test_progress_counts_the_roots(tmp_path: Path) -> None:
    """`progress` is told after each root how many of how many are done."""
    write(tmp_path, {f"r{index}/main.tf": BUCKET % index for index in range(3)})
    calls: list[tuple[int, int]] = []
    read(["."], options(tmp_path, progress=lambda done, total: calls.append((done, total))))
    assert calls == [(1, 3), (2, 3), (3, 3)]


MANIFEST = '{"Modules": [{"Key": "", "Source": "", "Dir": "."}, {"Key": "m", "Source": "x/y/aws", "Dir": ".terraform/modules/m"}%s]}'


def test_downloaded_modules_are_entered(tmp_path: Path) -> None:
    """modules.json says where `terraform get` put a module, and the modules below it."""
    write(tmp_path, {
        "main.tf": call("x/y/aws"),
        ".terraform/modules/modules.json": MANIFEST % ', {"Key": "m.n", "Source": "z", "Dir": ".terraform/modules/m.n"}',
        ".terraform/modules/m/main.tf": BUCKET % "m" + call("git::https://example.com/z.git", "n"),
        ".terraform/modules/m.n/main.tf": BUCKET % "n",
    })  # fmt: skip
    reading = read(["."], options(tmp_path))
    assert found(reading) == [". module.m.module.n.aws_s3_bucket.b", ". module.m.aws_s3_bucket.b"]
    assert [tag(resource) for resource in reading.resources] == [{"who": "n"}, {"who": "m"}]


def test_a_module_that_is_not_on_disk_is_undecided(tmp_path: Path) -> None:
    """Never silent: one resource stands for the call, with the cause."""
    write(tmp_path, {"main.tf": call("x/y/aws"), ".terraform/modules/modules.json": '{"Modules": []}'})
    (module,) = read(["."], options(tmp_path)).resources
    assert (module.address, module.tags.complete, module.note) == (
        "module.m",
        False,
        "module.m (x/y/aws) is not on disk",
    )


def test_a_local_module_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    """Terraform refuses it; here it is a problem at the call, and what is passed is judged as undecided."""
    write(tmp_path, {"main.tf": call("./missing")})
    reading = read(["."], options(tmp_path))
    assert [(problem.path, problem.line, problem.reason) for problem in reading.problems] == [
        ("main.tf", 1, "the directory of module.m does not exist: ./missing")
    ]
    assert found(reading) == [". module.m"]


def test_order_does_not_depend_on_the_file_system(tmp_path: Path) -> None:
    """Files written in any order, paths named in any order: the same reading."""
    names = [f"d{index}/f{index % 3}.tf" for index in range(9)]
    first, second = tmp_path / "first", tmp_path / "second"
    for top, order in ((first, names), (second, names[::-1])):
        write(top, {name: BUCKET.replace('"b"', f'"b{name[-4]}"') % name for name in order})
    one = read([f"d{index}" for index in range(9)], options(first))
    two = read([f"d{index}" for index in reversed(range(9))], options(second))
    assert one == two


def test_a_directory_that_cannot_be_listed_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in it might have been blocked: never silent. (Whoever runs the tests may read everything.)"""
    write(tmp_path, {"a/main.tf": BUCKET % "x", "closed/main.tf": BUCKET % "x"})
    original = os.scandir

    def scandir(path: str = ".") -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    monkeypatch.setattr(os, "scandir", scandir)
    reading = read(["."], options(tmp_path))
    assert found(reading) == ["a aws_s3_bucket.b"]
    assert [(problem.path, problem.reason) for problem in reading.problems] == [
        ("closed", "cannot be listed: Permission denied")
    ]


def test_a_module_directory_that_cannot_be_listed_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no empty module."""
    write(tmp_path, {"main.tf": call("./closed"), "closed/main.tf": BUCKET % "x"})
    original = os.scandir

    def scandir(path: str = ".") -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path)

    monkeypatch.setattr(os, "scandir", scandir)
    problems = read(["main.tf"], options(tmp_path)).problems
    assert [problem.path for problem in problems] == ["closed"]


def test_sources_are_whole_whoever_asked_first(tmp_path: Path) -> None:
    """Tags that another resource has already asked for still name every file they come from."""
    write(tmp_path, {
        "a.tf": 'resource "aws_s3_bucket" "a" {\n  tags = aws_s3_bucket.b.tags_all\n}\n',
        "b.tf": 'resource "aws_s3_bucket" "b" {\n  tags = local.common\n}\n',
        "locals.tf": 'locals {\n  common = { who = "me" }\n}\n',
    })  # fmt: skip
    reading = read(["locals.tf"], options(tmp_path))
    assert [(resource.address, resource.sources) for resource in reading.resources] == [
        ("aws_s3_bucket.a", ("a.tf", "b.tf", "locals.tf")), ("aws_s3_bucket.b", ("b.tf", "locals.tf")),
    ]  # fmt: skip


def test_what_a_broken_file_may_have_said_is_unknown(tmp_path: Path) -> None:
    """Default tags and values that may stand in a file that cannot be read leave nothing definitely missing."""
    write(tmp_path, {
        "a/providers.tf": 'provider "aws" {\n  default_tags {\n', "a/main.tf": 'resource "aws_s3_bucket" "b" {\n}\n',
        "b/terraform.tfvars": "who = \n", "b/main.tf": 'variable "who" {\n  default = "me"\n}\n' + BUCKET.replace('"%s"', "var.who"),
    })  # fmt: skip
    first, second = read(["."], options(tmp_path)).resources
    assert first.tags.complete is False
    assert first.tags.cause is not None
    assert first.tags.cause.cause == "a/providers.tf cannot be read and may configure provider aws"
    assert [getattr(tag.value, "cause", tag.value) for tag in second.tags.items] == [
        "b/terraform.tfvars cannot be read and may set var.who"
    ]
