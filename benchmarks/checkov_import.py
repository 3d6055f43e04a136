"""What loading the Checkov bundle costs: the first time in a process, and the nineteen times after that.

    python benchmarks/checkov_import.py [BUNDLE]

Checkov loads every file of checks once a framework in each of its processes. Run it with the Python of a Checkov.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import time
from importlib import import_module
from pathlib import Path

LIMIT = 0.05
_BASES = ("arm.base_resource_check", "terraform.checks.resource.base_resource_check")


def main() -> int:
    place = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent / "policies" / "checkov")
    [file] = place.glob("tagwright_checks_*.py")
    try:
        for name in _BASES:
            import_module(f"checkov.{name}")
    except ImportError:
        print("Checkov is not installed beside this Python: pip install 'tagwright[checkov]'", file=sys.stderr)
        return 2
    times = []
    for _ in range(20):
        start = time.perf_counter()
        spec = importlib.util.spec_from_file_location(file.stem, file)
        if spec is None or spec.loader is None:
            return 2
        module = importlib.util.module_from_spec(spec)
        sys.modules[file.stem] = module
        spec.loader.exec_module(module)
        times.append(time.perf_counter() - start)
    later = times[1:]
    first, middle, worst = (value * 1000 for value in (times[0], statistics.median(later), max(later)))
    print(f"first {first:.1f} ms, then median {middle:.2f} ms, worst {worst:.2f} ms")
    return 1 if max(later) > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
