"""Functions that read files, against the real Terraform."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iac_readers.functions.comparing import Context, differences, evaluate
from tests.oracle import terraform

from tagwright_iac.terraform.functions import lookup
from tagwright_iac.terraform.functions.globbing import matcher
from tagwright_iac.terraform.values import EvalError, UnknownValue

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
EXPRESSIONS = (Path(__file__).parent / "files.txt").read_text("utf-8").splitlines()


@pytest.mark.skipif(terraform.binary() is None, reason="terraform is not installed")
def test_files_read_as_terraform_reads_them() -> None:
    """Contents, digests, globs and templates are Terraform's."""
    assert differences(EXPRESSIONS, FILES) == []


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
