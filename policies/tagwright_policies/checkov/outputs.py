"""Checkov's report in JSON beside the outputs that the user asked for: it is the only one that lists what could not be
parsed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OUTPUT = ("-o", "--output")
_PATH = "--output-file-path"
_DELIMITER = "--- OUTPUT DELIMITER ---"
_IN_FOLDER = "results_json.json"


@dataclass(frozen=True, slots=True)
class Outputs:
    """`extra` arguments to add. The report is in `file`, or printed (`file` None). `ours`: the user did not ask
    for the file.
    """

    extra: tuple[str, ...] = ()
    file: Path | None = None
    ours: bool = False

    def report(self, printed: str) -> list[dict[str, Any]] | None:
        """The reports, one a framework; None when there is none to be found."""
        try:
            text = printed if self.file is None else self.file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None
        for part in text.split(_DELIMITER):
            try:
                found = json.loads(part)
            except (ValueError, RecursionError):
                continue
            reports = found if isinstance(found, list) else [found]
            return [each for each in reports if isinstance(each, dict)]
        return None


def outputs(arguments: list[str], configured: dict[str, Any], scratch: Path) -> Outputs:
    """How to get the report. `configured` is the user's configuration file; `scratch` a path for a file of ours."""
    given = _values(arguments, _OUTPUT) or _listed(configured.get("output"))
    [path] = _values(arguments, (_PATH,))[-1:] or _listed(configured.get("output-file-path"))[-1:] or [""]
    places = path.split(",") if path else []
    if "json" in given:
        place = places[given.index("json")] if len(places) == len(given) else ""
        if len(places) == 1 and len(given) != 1:
            return Outputs(file=Path(places[0]) / _IN_FOLDER)
        if len(places) == 1 and place and not place.endswith(".json") and place != "console":
            return Outputs(file=Path(place) / _IN_FOLDER)
        return Outputs(file=None if place in ("", "console") else Path(place))
    named = given or ["cli"]
    again = tuple(word for name in given if not _values(arguments, _OUTPUT) for word in ("-o", name))
    if len(places) == len(named) and not (len(named) == 1 and not Path(places[0]).suffix and places[0] != "console"):
        extra = (*again, "-o", "json", _PATH, ",".join([*places, str(scratch)]))
        return Outputs(extra, scratch, ours=True)
    if places:
        file = Path(places[0]) / _IN_FOLDER
        return Outputs((*again, "-o", "json"), file, ours=not file.exists())
    first = again or (() if given else ("-o", "cli"))
    return Outputs(
        (*first, "-o", "json", _PATH, ",".join([*["console"] * len(named), str(scratch)])), scratch, ours=True
    )


def _values(arguments: list[str], names: tuple[str, ...]) -> list[str]:
    """The values of an option, written `-o x` or `--output=x`."""
    found = []
    for index, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if argument in names and index + 1 < len(arguments):
            found.append(arguments[index + 1])
        elif equals and name in names:
            found.append(value)
    return found


def _listed(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [str(item) for item in items]
