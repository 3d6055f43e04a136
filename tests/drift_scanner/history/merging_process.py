"""A process that merges: `merging_process.py HISTORY FOLDER...`, or `HISTORY --recover RUNS`. Says "ready" first, waits
for a line, and says what it merged.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tagwright_drift.history.applying import apply
from tagwright_drift.history.recovering import recover
from tagwright_drift.history.store import open_history
from tagwright_drift.runs.reading import open_run


def main(url, *names):
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    history = open_history(url, create=True)
    if names[0] == "--recover":
        merged = recover(Path(names[1]), history)
    else:
        merged = [apply(history, [open_run(Path(name))]) for name in names]
    for each in merged:
        sys.stdout.write(f"{each.run} {'already' if each.already else 'merged'}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
