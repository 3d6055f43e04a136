"""The drift report at size: time and memory of each format, the size of its file, and how Chromium copes with it.

    python benchmarks/report.py                  # 100,000 findings
    python benchmarks/report.py --findings 5000  # a smoke test

Each format is made in a process of its own from a generated history held in memory, so that its peak memory is its own
(the findings themselves included); the time is that of assembling and rendering. The page is then opened in a real
Chromium: until the list stands, and from a key press until a search, a filter and an order are drawn. The report goes
to stdout and benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
FORMATS = ("text", "json", "csv", "markdown", "html")
TARGETS = {"the list stands": 3_000.0, "search": 500.0, "filter": 500.0, "order": 500.0}  # ms, at 100,000
_READY = "() => document.getElementById('count').textContent.length > 0"
_TIMED = """async ([selector, value, kind, words]) => {
  document.getElementById('clear').click();
  const said = () => document.getElementById('count').textContent + document.querySelector('#list .name')?.textContent;
  const element = document.querySelector(selector), before = said(), start = performance.now();
  element.value = value === null ? element.options[words].value : value;
  element.dispatchEvent(new Event(kind));
  while (said() === before) {
    if (performance.now() - start > 20000) return null;
    await new Promise((go) => setTimeout(go, 1));
  }
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  return performance.now() - start;
}"""


def child(name: str, findings: int, folder: Path) -> None:
    """One format in a process of its own; prints its figures as JSON."""
    from tests.drift_scanner.report.conftest import report  # noqa: PLC0415 - only the child pays for it
    from tests.drift_scanner.report.estate import estate, many  # noqa: PLC0415

    from tagwright_cli.drift_formats import DRIFT_FORMATS, Look  # noqa: PLC0415

    history = estate(0)
    history.records = many(findings)
    render = DRIFT_FORMATS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    data = report(history)
    assembled = time.perf_counter()
    text = render(data, Look(most=0))
    ended = time.perf_counter()
    file = folder / f"report.{name}"
    file.write_text(text, encoding="utf-8", errors="backslashreplace")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures = {
        "assembling_s": assembled - start,
        "rendering_s": ended - assembled,
        "findings_mb": before / 1024,
        "peak_mb": peak / 1024,
        "file_mb": file.stat().st_size / 1_000_000,
    }
    print(json.dumps(figures))


def chromium(file: Path, rounds: int) -> dict[str, float | None]:
    """Milliseconds; None where the browser gave no answer in 20 seconds."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not needed without a browser

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        return {}
    taken: dict[str, list[float | None]] = {name: [] for name in TARGETS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(rounds):
            page = browser.new_page(reduced_motion="reduce")
            start = time.perf_counter()
            page.goto(f"file://{file}")
            while not page.evaluate(_READY):
                time.sleep(0.005)
            taken["the list stands"].append((time.perf_counter() - start) * 1_000)
            for name, arguments in {
                "search": ["#q", "unreached gpu us-west-2", "input", 0],
                "filter": ["#f-rule", None, "change", 2],
                "order": ["#sort", "name", "change", 0],
            }.items():
                taken[name].append(page.evaluate(_TIMED, arguments))
            page.close()
        browser.close()
    return {name: _median(values) for name, values in taken.items()}


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if len(known) == len(values) else None


def measured(findings: int, rounds: int) -> dict[str, Any]:
    formats: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in FORMATS:
            command = [sys.executable, __file__, "--child", each, "--findings", str(findings), "--folder", name]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.stderr)
            formats[each] = json.loads(done.stdout)
        browser = chromium(folder / "report.html", rounds)
    return {"findings": findings, "formats": formats, "chromium_ms": browser}


def written(result: dict[str, Any]) -> str:
    lines = [f"drift report, {result['findings']:,} findings, Python {platform.python_version()}", ""]
    lines.append(f"{'format':<10}{'assembling':>12}{'rendering':>12}{'peak memory':>14}{'file':>10}")
    for name, figures in result["formats"].items():
        lines.append(
            f"{name:<10}{figures['assembling_s']:>10.2f} s{figures['rendering_s']:>10.2f} s"
            f"{figures['peak_mb']:>11.0f} MB{figures['file_mb']:>7.1f} MB"
        )
    first = next(iter(result["formats"].values()))
    lines += [f"the history alone, held in memory: {first['findings_mb']:.0f} MB", ""]
    if not result["chromium_ms"]:
        lines.append("Chromium is not installed: the page was not opened")
    for name, value in result["chromium_ms"].items():
        target = TARGETS[name]
        verdict = "no answer in 20 s" if value is None else f"{value:,.0f} ms"
        met = "met" if value is not None and value <= target else "MISSED"
        lines.append(f"Chromium, {name:<16} {verdict:>12}   target {target:,.0f} ms: {met}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.findings, given.folder)
        return
    result = measured(given.findings, given.rounds)
    text = written(result)
    print(text, end="")
    if given.findings >= 100_000:
        (HERE / "results").mkdir(exist_ok=True)
        (HERE / "results" / "report.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
