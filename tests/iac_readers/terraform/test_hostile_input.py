"""Broken, huge and hostile configurations: bounded time and memory, a problem or an unknown with its cause, never a
traceback, and what else there is in the tree is read all the same.
"""

# ruff: noqa: E501 - rows of sample texts; seeded randomness

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.iac_readers.terraform import bounded

from tagwright_dictionary.model import Reading, Unknown
from tagwright_iac.reading import ReadOptions

DEEP = 10_000
GOOD = 'resource "aws_s3_bucket" "good" {\n  tags = {\n    owner = "me"\n  }\n}\n'


def tagged(expression: str, before: str = "") -> str:
    """A bucket with one tag."""
    return f'{before}\nresource "aws_s3_bucket" "x" {{\n  tags = {{\n    k = {expression}\n  }}\n}}\n'


def chain(count: int, step: str, end: str) -> str:
    """Locals l0 to l<count>, each made of the next one, `N`."""
    lines = "".join(f"  l{index} = {step.replace('N', f'local.l{index + 1}')}\n" for index in range(count))
    return f"locals {{\n{lines}  l{count} = {end}\n}}\n"


def read(tree: Path, options: ReadOptions | None = None) -> Reading:
    """The tree, with a good root beside it that must come out whole."""
    good = tree / "good"
    good.mkdir()
    (good / "main.tf").write_text(GOOD)
    reading = bounded.reading(tree, options or ReadOptions(cache=False, jobs=1, cwd=tree))
    (found,) = (resource for resource in reading.resources if resource.scope == "good")
    assert [(tag.key, tag.value) for tag in found.tags.items] == [("owner", "me")]
    assert "good/main.tf" in reading.files
    return reading


def written(tmp_path: Path, text: str | bytes, name: str = "main.tf") -> Path:
    tree = tmp_path / "tree"
    path = tree / "bad" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return tree


BROKEN = {
    "unclosed block": ('resource "a" "b" {\n', 2, "to close the block"),
    "stray brace": ("a {\n}\n}\n", 3, "an argument or block name"),
    "no value": ("a {\n  b =\n}\n", 2, "expected an expression"),
    "no equals sign": ("a {\n  b 1\n}\n", 2, "a label or '{'"),
    "value in the next line": ("a {\n  b =\n    1\n}\n", 2, "expected an expression"),
    "unclosed string": ('a {\n  b = "x\n}\n', 2, "ends with its line"),
    "unclosed list": ("a {\n  b = [1,\n}\n", 3, "expected an expression"),
    "missing comma": ('a {\n  b = [\n    "x"\n    "y"\n  ]\n}\n', 4, "',' or ']'"),
    "missing separator in an object": ('a {\n  b = { c = "x" d = "y" }\n}\n', 2, "a new line, ',' or '}'"),
    "unclosed interpolation": ('a {\n  b = "${c"\n}\n', 2, "expected '}' to close the template sequence"),
    "unclosed heredoc": ("a {\n  b = <<EOT\nx\n}\n", 5, "never closed"),
    "unclosed comment": ("a {}\n/* x\n", 2, "an argument or block name"),
    "unknown escape": ('a {\n  b = "\\q"\n}\n', 2, "escape"),
    "single quotes": ("a {\n  b = 'x'\n}\n", 2, "expected an expression"),
    "conflict markers": ("<<<<<<< HEAD\na {}\n=======\n>>>>>>> x\n", 1, "found '<<<<<<< HEAD'"),
    "YAML": ("a:\n  - b\n", 1, "a label or '{'"),
    "JSON in HCL": ('{"resource": {}}\n', 1, "an argument or block name"),
    "template without end": ('a {\n  b = "%{ if c }x"\n}\n', 2, "endif"),
    "argument at the top": ("a = 1\n", 1, "not expected at the top level"),
    "argument twice": ("a {\n  b = 1\n  b = 2\n}\n", 3, "already set"),
    "two arguments on one line": ("a { b = 1, c = 2 }\n", 1, "holds one argument"),
    "number": ("a {\n  b = 1e999999999\n}\n", 2, "not a number"),
    "long number": ("a {\n  b = " + "1" * 1_000_000 + "\n}\n", 2, "not a number"),
    "NUL": ("a {\n  b = 1\0\n}\n", 2, "new line"),
    "two byte order marks": ("\ufeff\ufeffa {}\n", 1, "an argument or block name"),
    "lone carriage returns": ("a {\r  b = 1\r}\r", 1, ""),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_hcl_is_a_problem_with_its_place(tmp_path: Path, case: str) -> None:
    """Text that is not HCL names file and line and what was expected."""
    text, line, expected = BROKEN[case]
    (problem,) = read(written(tmp_path, text)).problems
    assert (problem.path, problem.line, expected in problem.reason) == ("bad/main.tf", line, True), problem
    assert "\n" not in problem.reason
    assert len(problem.reason) < 300


@pytest.mark.parametrize(("data", "reason"), [
    ("a {\n  # café\n}\n".encode("latin-1"), "is not UTF-8 (byte 0xe9)"),
    (b'a {\n  b = "\xed\xa0\x80"\n}\n', "is not UTF-8"),
    ("a {}\n".encode("utf-16"), "is not UTF-8"),
    (b"\x7fELF\x02\x01\xff\xfe" * 100, "is not UTF-8"),
    (b"#" * 50_000_000, "50,000,000 bytes"),
])  # fmt: skip
def test_bytes_that_are_no_configuration(tmp_path: Path, data: bytes, reason: str) -> None:
    """Latin-1, UTF-16, programs and 50 MB are refused by name."""
    (problem,) = read(written(tmp_path, data)).problems
    assert problem.path == "bad/main.tf"
    assert problem.reason.startswith(reason)


DEEP_TEXTS = {
    "parentheses": tagged("(" * DEEP + "1" + ")" * DEEP),
    "lists": tagged("[" * DEEP + "]" * DEEP),
    "objects": tagged("{a=" * DEEP + "1" + "}" * DEEP),
    "calls": tagged("f(" * DEEP + ")" * DEEP),
    "for": tagged("[for x in " * DEEP + "[]" + " : x]" * DEEP),
    "unary": tagged("!" * DEEP + "true"),
    "minus": tagged("-" * DEEP + "1"),
    "conditionals": tagged("true ? 1 : " * DEEP + "2"),
    "templates": tagged('"${' * DEEP + "1" + '}"' * DEEP),
    "splats": tagged("local.a" + "[*]" * DEEP),
    "indexes": tagged("local.a" + "[0]" * 2 * DEEP),
    "steps": tagged("local.a" + ".b" * 2 * DEEP),
    "steps beyond ASCII": tagged("local.a" + ".é" * 1_000_000),
    "blocks": "a {\n" * DEEP + "}\n" * DEEP,
    "open templates": "a {\n  b = " + '"${' * 1_000_000,
}


@pytest.mark.parametrize("case", DEEP_TEXTS)
def test_deep_nesting_is_refused(tmp_path: Path, case: str) -> None:
    """10,000 levels of anything end as one problem."""
    (problem,) = read(written(tmp_path, DEEP_TEXTS[case])).problems
    assert problem.path == "bad/main.tf"
    assert problem.line > 0
    assert "nested deeper than" in problem.reason or "steps in one reference" in problem.reason


@pytest.mark.parametrize(("text", "reason"), [
    ("[" * DEEP + "]" * DEEP, "nested deeper than"),
    ('{"a":' * DEEP + "1" + "}" * DEEP, "nested deeper than"),
    ('{"a": 1', "expected ',' or '}'"), ("", "expected a JSON value"), ("{'a': 1}", "expected a JSON string"),
    ('{"a": tru}', "expected a JSON value"), ('{"a": 01}', ""), ('{"a": 1.}', ""), ('{"a": "\\x"}', "JSON string"),
    ('{"a": "\n"}', "JSON string"), ('{"a": 1,}', "JSON string"), ("[1]", "objects"), ("5", "object"), ('"x"', "object"),
    ("null", "object"), ('{"a": 1} x', "end of the document"), ('{"resource": 5}', "object"), ('{"resource": {"a": [1]}}', "object"),
    ('{"resource": {"aws_s3_bucket": {"x": "y"}}}', "object"), ("\ufeff\ufeff{}", "JSON value"), ('{"a": NaN}', "JSON value"),
])  # fmt: skip
def test_broken_json_syntax(tmp_path: Path, text: str, reason: str) -> None:
    """.tf.json that is no JSON, or JSON that is no configuration."""
    (problem,) = read(written(tmp_path, text, "main.tf.json")).problems
    assert problem.path == "bad/main.tf.json"
    assert problem.line > 0
    assert reason in problem.reason


ODD_JSON = {
    "empty": "{}",
    "empty array": "[]",
    "comments": '{"//": 5, "resource": {"//": "x", "aws_s3_bucket": {"//": "y", "x": {"//": "z", "tags": {"//": "kept"}}}}}',
    "scalars for blocks": '{"resource": {"aws_instance": {"x": {"root_block_device": 5, "ebs_block_device": "y", "dynamic": 7}}}}',
    "dynamic of scalars": '{"resource": {"aws_instance": {"x": {"dynamic": {"root_block_device": 5, "ebs_block_device": {"content": 1}}}}}}',
    "scalar provider block": '{"provider": {"aws": {"default_tags": 5}}, "resource": {"aws_s3_bucket": {"x": {}}}}',
    "scalar requirements": '{"terraform": {"required_providers": 5}, "resource": {"aws_s3_bucket": {"x": {}}}}',
    "huge number": '{"resource": {"aws_s3_bucket": {"x": {"tags": {"a": 1e999999999}}}}}',
    "huge number as alias": '{"provider": {"aws": {"alias": 1e999999999}}, "resource": {"aws_s3_bucket": {"x": {}}}}',
    "half a surrogate pair": '{"resource": {"aws_s3_bucket": {"x": {"tags": {"\\ud800": "\\udfff"}}}}}',
    "broken template": '{"resource": {"aws_s3_bucket": {"x": {"tags": {"a": "${", "b": "${b", "%{": 1}}}}}',
    "null everywhere": '{"resource": {"aws_s3_bucket": {"x": null, "y": {"tags": null, "lifecycle": null}}, "a": null}, "locals": null}',
    "lists everywhere": '[{"resource": [{"aws_s3_bucket": [{"x": [{"tags": [{"a": "b"}]}]}]}]}, {"locals": [{"a": 1}, {"b": 2}]}]',
    "wrong types": '{"variable": {"v": {"type": 5, "default": {}}}, "module": {"m": {"source": {}}}, "output": {"o": {"value": []}}}',
    "duplicates": '{"locals": {"a": 1, "a": 2}, "resource": {"aws_s3_bucket": {"x": {}, "x": {}}}}',
}


@pytest.mark.parametrize("case", ODD_JSON)
def test_odd_json_syntax_is_read_or_refused(tmp_path: Path, case: str) -> None:
    """Valid JSON of any shape never ends in a crash."""
    reading = read(written(tmp_path, ODD_JSON[case], "main.tf.json"))
    assert all(problem.path == "bad/main.tf.json" and problem.line for problem in reading.problems)


PAIRS = ("[N, N]", '["x"]')
REFUSED = {
    "text doubled 60 times": tagged("local.l0", chain(60, '"${N}${N}"', '"xxxxxxxxxx"')),
    "lists doubled 60 times": tagged("length(local.l0)", chain(60, *PAIRS)),
    "lists compared": tagged("local.l0 == local.l0", chain(60, *PAIRS)),
    "lists chosen": tagged("(true ? local.l0 : local.l1)[0]", chain(60, *PAIRS)),
    "lists tried": tagged("try(local.l0, 1)", chain(60, *PAIRS)),
    "lists splatted": tagged("local.l0", chain(60, "[N, N][*][*]", '["x"]')),
    "lists as JSON": tagged("jsonencode(local.l0)", chain(60, *PAIRS)),
    "maps doubled": chain(60, "{a = N, b = N}", '{a = "x"}') + 'resource "aws_instance" "x" {\n  tags = local.l0\n  root_block_device = local.l0\n}\n',
    "maps for each": chain(60, "{a = N, b = N}", '{a = "x"}') + 'resource "aws_s3_bucket" "x" {\n  for_each = local.l0\n  tags = each.value\n}\n',
    "lists concatenated": tagged("length(local.l0)", chain(60, "concat(N, N)", '["x"]')),
    "wide lists": tagged("local.l0", chain(6, "[" + "N, " * 300 + "]", '["x"]')),
    "for in for in for": tagged("[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]"),
    "text reversed": tagged("local.l0", chain(60, 'strrev("${N}${N}")', '"éa"')),
    "text replaced": tagged("local.l0", chain(20, 'replace(N, "a", N)', '"aaaaaaaaaa"')),
    "text joined": tagged("local.l0", chain(60, 'join(N, ["a", "b", N])', '"aaaaaaaaaa"')),
    "wide format": tagged('format("%1000000000d", 1)'),
    "numbers squared": tagged("local.l0", chain(60, "N * N", "1234567")),
    "YAML aliases": tagged("yamldecode(<<E\na: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"b{i}: &b{i} [{','.join(['*a' if i == 0 else f'*b{i - 1}'] * 9)}]\n" for i in range(30)) + "E\n)"),
    "regular expression with 5,000 groups": tagged('regex("' + "(" * 5000 + ")" * 5000 + '", "x")'),
    "million pairs": 'locals {\n  a = range(1000)\n}\nresource "aws_s3_bucket" "x" {\n  for_each = {for p in setproduct(local.a, local.a) : join("-", p) => 1}\n}\n',
    "locals chained 20,000 deep": tagged("local.l0", chain(20_000, "[for x in [N] : x][0]", '"end"')),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_more_work_than_a_gate_may_spend_is_refused(tmp_path: Path, case: str) -> None:
    """A few lines that would grow without end are one problem of their root."""
    reading = read(written(tmp_path, REFUSED[case]))
    assert [problem.path for problem in reading.problems] == ["bad"]
    assert "is refused: " in reading.problems[0].reason


EXPANDED = {
    "count": ("count = 1000000000", "expands to 1,000,000,000 instances"),
    "count beyond integers": ("count = 1e300", "instances"),
    "for_each over literals": (
        "for_each = {\n" + "".join(f"    k{index} = {index}\n" for index in range(150_000)) + "  }",
        "150,000 instances",
    ),
}


@pytest.mark.parametrize("case", EXPANDED)
def test_more_instances_than_a_gate_may_spend(tmp_path: Path, case: str) -> None:
    """The block stands for an unknown number of instances; the rest of its root is judged."""
    argument, reason = EXPANDED[case]
    text = f'resource "aws_s3_bucket" "many" {{\n  {argument}\n}}\nresource "aws_s3_bucket" "other" {{\n}}\n'
    reading = read(written(tmp_path, text))
    (problem,) = reading.problems
    assert (problem.path, problem.line, reason in problem.reason) == ("bad/main.tf", 2, True), problem
    addresses = [resource.address for resource in reading.resources if resource.scope == "bad"]
    assert addresses == ["aws_s3_bucket.many[?]", "aws_s3_bucket.other"]


def test_a_for_each_over_a_million_keys_is_undecided(tmp_path: Path) -> None:
    """`range` ends at 1,024 as in Terraform: an unknown number of instances, with the cause."""
    text = 'resource "aws_s3_bucket" "x" {\n  for_each = toset([for i in range(1000000) : tostring(i)])\n}\n'
    reading = read(written(tmp_path, text))
    (found,) = (resource for resource in reading.resources if resource.scope == "bad")
    assert found.address == "aws_s3_bucket.x[?]"
    assert found.exists is not None
    assert "1024" in found.exists.cause


CIRCLES = {
    "locals": "locals {\n  a = local.b\n  b = local.a\n}\n",
    "locals nobody uses": "locals {\n  a = [for x in local.b : x]\n  b = { c = local.a }\n}\n",
    "a local of itself": "locals {\n  a = local.a\n}\n",
    "a resource of itself": 'resource "aws_s3_bucket" "x" {\n  tags = {\n    a = aws_s3_bucket.x.tags["a"]\n  }\n}\n',
    "resources of each other": 'resource "aws_s3_bucket" "x" {\n  bucket = aws_s3_bucket.y.bucket\n}\nresource "aws_s3_bucket" "y" {\n  bucket = aws_s3_bucket.x.bucket\n  tags = { a = aws_s3_bucket.x.bucket }\n}\n',
    "a module of itself": 'module "m" {\n  source = "./../bad"\n}\n',
}  # fmt: skip


@pytest.mark.parametrize("case", CIRCLES)
def test_circles_are_problems(tmp_path: Path, case: str) -> None:
    """Whatever refers to itself is named."""
    problems = read(written(tmp_path, CIRCLES[case])).problems
    assert len(problems) >= 1
    assert {problem.path for problem in problems} == {"bad/main.tf"}
    assert all(problem.line for problem in problems)
    assert any(word in problems[0].reason for word in ("cycle", "itself"))


def test_modules_that_call_each_other(tmp_path: Path) -> None:
    """A circle of two modules is a problem, not a hang."""
    tree = written(tmp_path, 'module "other" {\n  source = "../other"\n}\n')
    (tree / "other").mkdir()
    (tree / "other" / "main.tf").write_text(
        'module "bad" {\n  source = "../bad"\n}\nresource "aws_s3_bucket" "x" {\n}\n'
    )
    reading = read(tree)
    assert [problem.reason for problem in reading.problems] == ["module.bad includes itself"]
    assert "aws_s3_bucket.x" in {resource.address.rpartition("module.other.")[2] for resource in reading.resources}


@pytest.mark.parametrize(
    ("levels", "calls", "reason"), [(30, 2, "more than 20,000 module instances"), (200, 1, "deeper than 50 levels")]
)
def test_module_trees_that_grow_without_end(tmp_path: Path, levels: int, calls: int, reason: str) -> None:
    """Modules that call two others each double at every level; long chains are as bad."""
    tree = tmp_path / "tree"
    for level in range(levels):
        directory = tree / f"m{level}"
        directory.mkdir(parents=True)
        blocks = "".join(f'module "c{call}" {{\n  source = "../m{level + 1}"\n}}\n' for call in range(calls))
        (directory / "main.tf").write_text(blocks if level + 1 < levels else GOOD)
    reading = read(tree)
    assert any(reason in problem.reason for problem in reading.problems), reading.problems


DECIDED = {
    "100,000 operators": (tagged(" + ".join(["1"] * 100_000)), "100000"),
    "100,000 and": (tagged(" && ".join(["true"] * 100_000)), "true"),
    "5,000 locals in a chain": (tagged("local.l0", chain(5000, "N", '"end"')), "end"),
    "5,000 locals in for expressions": (tagged("local.l0", chain(5000, '[for x in [N] : "${x}"][0]', '"end"')), "end"),
    "10,000 template sequences": (tagged('"' + "${1}" * 10_000 + '"'), "1" * 10_000),
    "9 MB in one string": (tagged('"' + "x" * 9_000_000 + '"'), "x" * 9_000_000),
    "a pattern that blows up elsewhere": (tagged('can(regex("(a+)+$", "' + "a" * 50 + '!"))'), "false"),
    "a NUL in a string": (tagged('"a\0b"'), "a\0b"),
}


@pytest.mark.parametrize("case", DECIDED)
def test_large_but_sound_is_decided(tmp_path: Path, case: str) -> None:
    """What Terraform accepts is read, however long it is."""
    text, expected = DECIDED[case]
    reading = read(written(tmp_path, text))
    assert reading.problems == ()
    (found,) = (resource for resource in reading.resources if resource.scope == "bad")
    assert [tag.value for tag in found.tags.items] == [expected]


LARGE = {
    "400,000 locals": "locals {\n" + "".join(f"l{index} = {index}\n" for index in range(400_000)) + "}\n",
    "500,000 blocks": "a {\n}\n" * 500_000,
    "100,000 heredocs": "a {\n" + "".join(f"b{index} = <<E\nx\nE\n" for index in range(100_000)) + "}\n",
    "9 MB of comment": "/" * 9_000_000,
    "50,000 ignore comments above blocks": "".join(
        f'# tagwright:ignore[missing-tag] reason="x"\na "b{i}" {{\n}}\n' for i in range(50_000)
    ),
    "references that are none": 'locals {\n  a = "' + "local." * 100_000 + '"\n}\n',
}


@pytest.mark.parametrize("case", LARGE)
def test_large_files_take_time_in_proportion(tmp_path: Path, case: str) -> None:
    """Many of anything is only many."""
    assert read(written(tmp_path, LARGE[case])).problems == ()


NEVER_OPENED = {
    "file outside": 'file("/etc/passwd")',
    "file above": 'file("../../../../../../../../etc/passwd")',
    "home": 'file("~/.ssh/id_rsa")',
    "template": 'templatefile("/etc/passwd", {})',
    "base64": 'filebase64("/etc/passwd")',
    "digest": 'filesha256("/etc/passwd")',
    "existence": 'tostring(fileexists("/etc/passwd"))',
    "listing": 'join(",", fileset("/etc", "*"))',
    "NUL": 'file("a\\u0000b")',
    "long name": 'file("' + "a" * 100_000 + '")',
    "process files": 'file("/proc/self/environ")',
    "device": 'file("/dev/zero")',
}


@pytest.mark.parametrize("case", NEVER_OPENED)
def test_functions_read_nothing_outside_the_tree(tmp_path: Path, case: str) -> None:
    """Unknown, with the cause."""
    reading = read(written(tmp_path, tagged(NEVER_OPENED[case])))
    (found,) = (resource for resource in reading.resources if resource.scope == "bad")
    cause = found.tags.cause or next(tag.value for tag in found.tags.items)
    assert isinstance(cause, Unknown), found.tags
    expected = ("outside the scanned tree", "there is no file", "home directory")
    assert any(text in cause.cause for text in expected), cause


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's path may have 108 bytes
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


def _dangling(path: Path) -> None:
    path.symlink_to("missing.tf")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _outside(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _directory_link(path: Path) -> None:
    (path.parent / "real").mkdir()
    path.symlink_to("real")


@pytest.mark.parametrize("make", [_pipe, _socket, _dangling, _loop, _outside, _device, _directory_link])
@pytest.mark.parametrize("name", ["x.tf", "x.tf.json", "terraform.tfvars"])
def test_names_that_are_no_files(tmp_path: Path, make: Callable[[Path], None], name: str) -> None:
    """A pipe, socket, device, dangling or circular link, or a link out of the tree is a problem, and nobody waits."""
    tree = written(tmp_path, tagged('"v"'))
    make(tree / "bad" / name)
    reading = read(tree)
    (found,) = (resource for resource in reading.resources if resource.scope == "bad")
    assert [tag.value for tag in found.tags.items] == ["v"]
    if name == "terraform.tfvars" and reading.problems == ():
        return  # Terraform looks for a regular file of this name
    (problem,) = reading.problems
    assert problem.path == f"bad/{name}"
    assert any(word in problem.reason for word in ("outside", "regular file", "cannot be read")), problem


@pytest.mark.parametrize("name", ["x.tf", "x.tf.json"])
def test_directories_with_the_name_of_a_file_are_left_out(tmp_path: Path, name: str) -> None:
    """As in Terraform."""
    tree = written(tmp_path, tagged('"v"'))
    (tree / "bad" / name).mkdir()
    assert read(tree).problems == ()


@pytest.mark.parametrize(("name", "text"), [
    ("terraform.tfvars", "a ="), ("terraform.tfvars", "a {}\nb = [1"), ("x.auto.tfvars", "a = 1 b = 2"), ("terraform.tfvars.json", "{"),
    ("terraform.tfvars.json", "[1]"), ("terraform.tfvars", "a = " + "[" * DEEP), ("x.auto.tfvars.json", '{"a": ' + "[" * DEEP),
])  # fmt: skip
def test_broken_tfvars(tmp_path: Path, name: str, text: str) -> None:
    """A values file that does not parse is a problem; what it may have set is unknown."""
    tree = written(tmp_path, 'variable "a" {\n}\n' + tagged("var.a"))
    (tree / "bad" / name).write_text(text)
    reading = read(tree)
    assert [problem.path for problem in reading.problems] == [f"bad/{name}"]
    assert reading.problems[0].line > 0
    (found,) = (resource for resource in reading.resources if resource.scope == "bad")
    assert [tag.value for tag in found.tags.items] == [Unknown(f"bad/{name} cannot be read and may set var.a")]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "5", "null", '{"Modules": 5}', '{"Modules": [5]}', '{"Modules": [{"Key": "m"}]}', "[" * DEEP],
)
def test_broken_module_manifest(tmp_path: Path, text: str) -> None:
    """A manifest that is none is a problem, and its modules are undecided."""
    tree = written(tmp_path, 'module "m" {\n  source = "hashicorp/x/aws"\n  tags   = { a = "b" }\n}\n')
    manifest = tree / "bad" / ".terraform" / "modules" / "modules.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(text)
    reading = read(tree)
    assert [problem.path for problem in reading.problems] == ["bad/.terraform/modules/modules.json"]
    (found,) = (resource for resource in reading.resources if resource.scope == "bad")
    assert (found.address, found.tags.complete) == ("module.m", False)


def test_an_unreadable_file(tmp_path: Path) -> None:
    """No permission to read is a problem."""
    tree = written(tmp_path, tagged('"v"'))
    path = tree / "bad" / "secret.tf"
    path.write_text("")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    (problem,) = read(tree).problems
    assert (problem.path, problem.reason) == ("bad/secret.tf", "cannot be read: Permission denied")


def test_an_empty_directory_has_nothing(tmp_path: Path) -> None:
    """No files, no resources: the caller decides what that means."""
    assert bounded.reading(tmp_path) == Reading()


def test_a_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    """Its name can be printed."""
    tree = written(tmp_path, tagged('"v"'))
    odd = os.fsencode(tree) + b"/bad/caf\xe9.tf"
    Path(os.fsdecode(odd)).write_text("a {")
    (problem,) = read(tree).problems
    assert problem.path == "bad/caf\\xe9.tf"


def test_declared_twice(tmp_path: Path) -> None:
    """Resources, locals, variables, outputs, modules and providers of one name: each a problem at the second one."""
    text = "".join(
        block * 2
        for block in (
            'resource "aws_s3_bucket" "x" {\n}\n', 'data "aws_region" "x" {\n}\n', 'variable "x" {\n}\n', 'output "x" {\n  value = 1\n}\n',
            'module "x" {\n  source = "a/b/c"\n}\n', 'provider "aws" {\n}\n', "locals {\n  x = 1\n}\n",
        )
    )  # fmt: skip
    problems = read(written(tmp_path, text)).problems
    assert [(problem.line, problem.reason.partition(" is declared")[0]) for problem in problems] == [
        (3, "resource aws_s3_bucket.x"), (7, "data aws_region.x"), (11, "variable x"), (16, "output x"), (22, "module x"),
        (27, "provider aws"), (33, "local.x"),
    ]  # fmt: skip


def test_blocks_with_wrong_labels(tmp_path: Path) -> None:
    """A block without its labels is a problem, not a resource."""
    text = 'resource {\n}\nresource "a" {\n}\nresource "a" "b" "c" {\n}\nmodule {\n}\nvariable "a" "b" {\n}\nprovider {\n}\n'
    problems = read(written(tmp_path, text)).problems
    assert [problem.line for problem in problems] == [1, 3, 5, 7, 9, 11]


WRONG_TYPES = """
variable "v" {
  type    = foo(bar)
  default = v
}
variable "w" {
  type = object({ a = optional(string, file("x")), b = 5 })
}
provider "aws" {
  alias = var.v
}
module "m" {
  source    = var.v
  providers = 5
}
module "n" {
  source = "./a\\u0000b"
}
terraform {
  required_providers {
    aws = [1]
    b   = file("x")
  }
}
resource "aws_autoscaling_group" "x" {
  tags = "x"
  tag  = 5
}
resource "aws_instance" "x" {
  tags              = 5
  root_block_device = 5
  volume_tags       = [1]
  launch_template   = "x"
  provider          = 7
  count             = "many"
}
resource "aws_s3_bucket" "x" {
  tags     = [1]
  for_each = 5
  provider = aws.missing[0]
}
resource "aws_launch_template" "x" {
  tag_specifications = { resource_type = [] }
  dynamic "tag_specifications" {
    for_each = 5
    iterator = 7
    content {
      tags = var.w
    }
  }
  dynamic "monitoring" {
  }
}
locals {
  x = self.y
  y = each.key + count.index
  z = path.nothing + terraform.nothing
}
"""


def test_wrong_types_everywhere(tmp_path: Path) -> None:
    """Arguments of types that no provider accepts never crash, and every block is still there."""
    reading = read(written(tmp_path, WRONG_TYPES))
    found = {resource.block for resource in reading.resources if resource.scope == "bad"}
    blocks = {
        "module.m",
        "module.n",
        "aws_autoscaling_group.x",
        "aws_instance.x",
        "aws_s3_bucket.x",
        "aws_launch_template.x",
    }
    assert found == blocks
