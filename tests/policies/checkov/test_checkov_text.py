"""Which of Checkov's texts are values, and which are expressions that it left standing."""

from __future__ import annotations

import pytest

from tagwright_policies.checkov.adapters.literals import misjudged, quoted_references
from tagwright_policies.checkov.adapters.text import is_expression

EXPRESSIONS = [
    "var.team",
    "local.base.owner",
    'var.tags["owner"]',
    "module.m.tags",
    "each.value.tags",
    "${var.team}-x",
    "%{if var.a}x%{endif}",
    "data.aws_caller_identity.me.account_id",
    "aws_s3_bucket.none.id",
    "aws_instance.node[0].arn",
    "tomap({'owner': 'b'})",
    "merge({'a': 'b'},{'Name': raw})",
    'jsondecode("{}").a',
    "{for k , v in {'a': 'b'} : k :> upper(v)}",
    "var.flag ? {'a': '1'} : {'b': '2'}",
    "terraform_data.u.output == None",
    "!False",
    "-var.size",
    '"4" + 1',
    "True",
    "> u.name ...} : role :> join(,names)}}'",
]
VALUES = [
    "",
    "training",
    "ml-vision@acme.example",
    "data.team@acme.example",
    "local.host.acme.example/path",  # a name, not a reference: it goes on with a slash
    "cc-4100",
    "10.0.0.1",
    "https://acme.example/a?b=c:d",
    "arn:aws:iam::123456789012:role/ml",
    "1.10",
    "2026-12-31",
    "a b (c)",
    "100%",
    "team: vision",
    "R&D",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expression(text: str) -> None:
    """Unknown, never a value."""
    assert is_expression(text)


@pytest.mark.parametrize("text", VALUES)
def test_value(text: str) -> None:
    """A value that only looks a little like one stays a value."""
    assert not is_expression(text)


def test_quoted_references_are_texts() -> None:
    """`owner = "var.owner"` is the text var.owner, and `owner = var.owner` is not."""
    source = 'tags = {\n  owner = "var.owner"\n  team = var.team\n  "a:b" = "local.x.y"\n  c = "${var.c}"\n}\n'
    assert quoted_references(source) == {"owner": "var.owner", "a:b": "local.x.y"}


def test_misjudged_lines() -> None:
    """Keys on lines with what Checkov evaluates otherwise; the others are left alone."""
    source = 'tags = {\n  a = trimsuffix(var.x, "lo")\n  b = lower("X")\n  c = count.index == 0 ? "p" : "q"\n}\n'
    assert misjudged(source) == {"a", "c"}
