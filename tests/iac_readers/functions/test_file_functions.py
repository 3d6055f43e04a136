"""Functions that read files, against the real Terraform."""

from __future__ import annotations

import pytest
from tagwright_iac.terraform.functions import lookup
from tagwright_iac.terraform.functions.globbing import matcher
from tagwright_iac.terraform.values import EvalError, UnknownValue
from tests.iac_readers.functions.comparing import Context, differences, evaluate
from tests.oracle import terraform

FILES = {
    "data/a.txt": "hello\n",
    "data/b.json": '{"team": "ml"}',
    "data/sub/c.txt": "c",
    "data/sub/deep/d.txt": "d",
    "data/sub/deep/e.yaml": "k: v",
    "data/.hidden": "h",
    "data/[x].txt": "bracket",
    "data/e\u0301.txt": "accent",
    "data/t.tftpl": "Hi ${name}%{ if extra }!%{ endif }\n",
    "data/only.tftpl": "${list}",
    "empty.txt": "",
}
EXPRESSIONS = (
    'file("data/a.txt")', 'file("./data/a.txt")', 'file("data/../empty.txt")', 'file("nope.txt")', 'file("data")',
    'file(null)', 'jsondecode(file("data/b.json")).team', 'yamldecode(file("data/sub/deep/e.yaml"))',
    'fileexists("data/a.txt")', 'fileexists("nope")', 'filebase64("data/a.txt")', 'filemd5("data/a.txt")',
    'filesha1("data/a.txt")', 'filesha256("data/a.txt")', 'filesha512("empty.txt")', 'filebase64sha256("data/a.txt")',
    'filebase64sha512("data/a.txt")', 'filemd5("nope")', 'file("${path.module}/data/a.txt")',
    'fileset("data", "*")', 'fileset("data", "*.txt")', 'fileset("data", "**")', 'fileset("data", "**/*.txt")',
    'fileset("data", "sub/*")', 'fileset("data", "sub/**")', 'fileset("data", "**/deep/*")', 'fileset("data", "?.txt")',
    'fileset("data", "[ab].*")', 'fileset("data", "[^a].*")', 'fileset("data", "{a,b}.*")', 'fileset("data", "a.txt")',
    'fileset("data", "*/*/*")', 'fileset("data", "nope/*")', 'fileset("nope", "*")', 'fileset(".", "data/sub/*")',
    'fileset("data/sub", "../*.json")', 'fileset("data", "**/**/*.yaml")', 'fileset("data", "\\\\[x].txt")',
    'fileset("data", "[")', 'fileset("data", "{a")', 'fileset("", "*.txt")', 'fileset("data", "")',
    'fileset("data", "sub")', 'fileset("data", "s*")', 'fileset("data", "*.{txt,json}")', 'fileset("./data/", "*.json")',
    'templatefile("data/t.tftpl", {name = "Bo", extra = true})', 'templatefile("data/t.tftpl", {name = "Bo"})',
    'templatefile("data/only.tftpl", {list = [1, "a"]})', 'templatefile("data/t.tftpl", "x")',
    'templatefile("nope.tftpl", {})', 'templatefile("data/t.tftpl", {name = local.u, extra = false})',
    'templatefile("data/t.tftpl", {"a b" = 1})', 'templatefile("data/a.txt", tomap({}))',
    'templatefile("data/t.tftpl", local.d)', 'templatefile(local.u, {})',
)  # fmt: skip


@pytest.mark.skipif(terraform.binary() is None, reason="terraform is not installed")
def test_files_read_as_terraform_reads_them() -> None:
    """Contents, digests, globs and templates are Terraform's."""
    expressions = [text for text in EXPRESSIONS if "path.module" not in text]
    assert differences(expressions, FILES) == []


def test_what_lies_outside_is_unknown() -> None:
    """A path outside the tree, the home directory and the working directory are not guessed."""
    for text in ('file("/etc/passwd")', 'file("../x")', 'file("~/x")', 'abspath("x")', 'pathexpand("~/x")'):
        assert isinstance(evaluate(text, FILES), UnknownValue), text
    assert evaluate('abspath("/a/../b")') == "/b"


def test_bytes_that_are_no_text_are_refused() -> None:
    """file() of Latin-1 bytes is an error, its digest is not."""
    context = Context()
    context.files["x"] = b"\xe9"
    read, digest = lookup("file"), lookup("filemd5")
    assert read is not None
    assert digest is not None
    with pytest.raises(EvalError):
        read.call(context, ["x"])
    assert digest.call(context, ["x"]) == "3406877694691ddd1dfb0aca54681407"


@pytest.mark.parametrize("pattern", ["*" * 60 + "b", "{a,aa}" * 40 + "b", "**/" * 40 + "b"])
def test_patterns_cannot_blow_up(pattern: str) -> None:
    """A glob is matched in linear time."""
    assert not matcher(pattern.split("/"))("/".join(["a" * 30] * 30))
