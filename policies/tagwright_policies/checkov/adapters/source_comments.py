"""`# tagwright:ignore[...]` comments in and above a block, without a parser of HCL (Checkov brings none to checks).

A comment is what follows `#` or `//` outside of double quotes on a line. Heredocs are not known here: a line of one
that looks like such a comment counts as one.
"""

from __future__ import annotations

import re

from tagwright_dictionary.model import Location, Suppression
from tagwright_dictionary.suppression_syntax import parse
from tagwright_policies.checkov.adapters.files import text_of

_MARK = re.compile(r"tagwright\s*[:-]\s*[a-z]", re.IGNORECASE)
_COMMENT = re.compile(r'(?:[^"#/]|"(?:[^"\\]|\\.)*"|/(?!/))*(?P<comment>(?:#|//).*)')
_WHOLE_LINE = re.compile(r"\s*(?:#|//)")


def suppressions(file: str, block: Location) -> tuple[Suppression, ...]:
    """Those that concern the block at `block`, in order."""
    content = text_of(file) if file and block.line else None
    if content is None or not _MARK.search(content):
        return ()
    lines = content.split("\n")
    first = block.line
    while first > 1 and _WHOLE_LINE.match(lines[first - 2]):
        first -= 1
    found = []
    for number in range(first, min(max(block.end_line, block.line), len(lines)) + 1):
        line = lines[number - 1]
        comment = _COMMENT.match(line) if _MARK.search(line) else None
        if comment is not None:
            place = Location(block.path, number, comment.start("comment") + 1, number)
            suppression = parse(comment["comment"], place)
            if suppression is not None:
                found.append(suppression)
    return tuple(found)
