"""A protocol of what was judged, for `tagwright checkov run` and `verify`: JSON lines in the file that the environment
names. Without it nothing is written anywhere.

Lines are appended in one write each, so that Checkov's worker processes do not mix them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tagwright_dictionary.model import Finding, Judgement, Unknown

VARIABLE = "TAGWRIGHT_CHECKOV_TALLY"


@dataclass(frozen=True, slots=True)
class Tally:
    """Silent where nobody asked; an error of the file system is a missing line, which the reader of it notices."""

    digest: str

    def loaded(self, checks: int) -> None:
        self._write({"loaded": checks})

    def broke(self, framework: str, path: str, name: str, problem: str) -> None:
        self._write({"framework": framework, "path": path, "address": name, "broken": problem})

    def judged(self, framework: str, path: str, judgement: Judgement, findings: Iterable[Finding], result: str) -> None:
        if not os.environ.get(VARIABLE):
            return
        resource = judgement.resource
        self._write(
            {
                "framework": framework,
                "path": path,
                "address": resource.address,
                "type": resource.type,
                "line": resource.location.line if resource.location else 0,
                "verdict": judgement.verdict.value,
                "result": result,
                "tags": {
                    tag.key: None if isinstance(tag.value, Unknown) or tag.sensitive else tag.value
                    for tag in resource.tags.items
                },
                "complete": resource.tags.complete,
                "note": judgement.note,
                "findings": [
                    [
                        each.rule,
                        each.key,
                        each.severity.value,
                        each.certainty.value,
                        each.cause.cause if each.cause else "",
                    ]
                    for each in findings
                ],
            }
        )

    def _write(self, line: dict[str, Any]) -> None:
        path = os.environ.get(VARIABLE)
        if not path:
            return
        data = json.dumps({"dictionary": self.digest, **line}, ensure_ascii=True).encode() + b"\n"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, data)
            finally:
                os.close(descriptor)
        except OSError:
            return
