"""Quoted text that Checkov takes for a reference.

Checkov evaluates `owner = "var.owner"` as if the quotes were not there. Terraform takes the text as it stands, which
would let anybody spell a tag that only looks like one. The source of the block says which it is.
"""

from __future__ import annotations

import re

_QUOTED = re.compile(
    r'(?:^|[{,(])[ \t]*"?(?P<key>[\w.:/@+-]+)"?[ \t]*[=:][ \t]*'
    r'"(?P<text>(?:var|local|module|data|each|path|terraform)\.[A-Za-z_][\w.\-\[\]*]*)"',
    re.MULTILINE,
)


# Where Checkov's own evaluation differs from Terraform's (measured, see docs/checkov.md), or takes a branch blindly.
_OTHERWISE = re.compile(
    r"\b(?:element|trimsuffix|trimprefix|trim|replace|regexreplace|substr|title|indent|timestamp|formatdate|timeadd|plantimestamp)"
    r"\(|<<-?\s*\w|\b(?:count|each)\.(?:index|key|value)[^\n?]*\?|\?[^\n:]*\bnull\b|\?[^\n]*:\s*null\b"
)
_KEY = re.compile(r'(?:^|[{,(])[ \t]*"?([\w.:/@+-]+)"?[ \t]*[=:](?!=)', re.MULTILINE)


def misjudged(source: str) -> frozenset[str]:
    """Keys of a block's source on a line with something that Checkov evaluates otherwise than Terraform."""
    if not _OTHERWISE.search(source):
        return frozenset()
    return frozenset(key for line in source.split("\n") if _OTHERWISE.search(line) for key in _KEY.findall(line))


def quoted_references(source: str) -> dict[str, str]:
    """Keys of a block's source whose value is a quoted text in the form of a reference, with that text."""
    if '"' not in source:
        return {}
    return {found["key"]: found["text"] for found in _QUOTED.finditer(source)}
