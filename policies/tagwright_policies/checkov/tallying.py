"""What the bundle's protocol says after a run (`runtime.tally`)."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Judged:
    """`loaded`: how many checks each process registered; `resources` and `broken` as the bundle wrote them."""

    loaded: tuple[int, ...]
    resources: tuple[dict[str, Any], ...]
    broken: tuple[dict[str, Any], ...]

    @property
    def verdicts(self) -> Counter[str]:
        return Counter(each["verdict"] for each in self.resources)

    @property
    def causes(self) -> list[tuple[str, int]]:
        """Why resources are undecided, with how many wait; most first."""
        waiting: Counter[str] = Counter()
        for each in self.resources:
            if each["verdict"] == "undecided":
                waiting.update({finding[4] for finding in each["findings"] if finding[4]})
        return sorted(waiting.items(), key=lambda item: (-item[1], item[0]))


def read(path: Path, digest: str) -> Judged:
    """The lines of the bundle whose dictionary has that digest; every resource once. Nothing where there is no file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    loaded: list[int] = []
    broken: list[dict[str, Any]] = []
    resources: dict[tuple[str, str, str, int], dict[str, Any]] = {}
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if not isinstance(row, dict) or row.get("dictionary") != digest:
            continue
        if "loaded" in row:
            loaded.append(row["loaded"])
        elif "broken" in row:
            broken.append(row)
        else:
            resources[(row["framework"], row["path"], row["address"], row["line"])] = row
    ordered = tuple(resources[name] for name in sorted(resources))
    return Judged(tuple(loaded), ordered, tuple(broken))
