"""Which digests were sent: a second call after the same scan tells nobody twice, and retries only what failed."""

from __future__ import annotations

import json
from pathlib import Path

from tagwright_dictionary.errors import OutputError

_FILE = "notified.json"
_KEPT = 10_000


class Memory:
    """What each channel and owner was last told about. A damaged file is as good as none: then they are told again."""

    def __init__(self, state: Path) -> None:
        self._path = state / _FILE
        self._told: dict[str, str] = {}
        try:
            found = json.loads(self._path.read_text("utf-8"))
            if isinstance(found, dict):
                self._told = {str(key): str(value) for key, value in found.items()}
        except (OSError, ValueError, RecursionError):
            self._told = {}

    def knows(self, channel: str, owner: str, run: str) -> bool:
        return self._told.get(f"{channel}\x1f{owner}") == run

    def remember(self, channel: str, owner: str, run: str) -> None:
        key = f"{channel}\x1f{owner}"
        self._told.pop(key, None)
        self._told[key] = run

    def save(self) -> None:
        """Raises OutputError."""
        newest = dict(list(self._told.items())[-_KEPT:])
        waiting = self._path.with_name(f".{_FILE}.new")
        try:
            waiting.write_text(json.dumps(newest, indent=1) + "\n", "utf-8")
            waiting.replace(self._path)
        except OSError as error:
            raise OutputError(
                f"{self._path} cannot be written: {error.strerror}", hint="they would be told again next time"
            ) from None
