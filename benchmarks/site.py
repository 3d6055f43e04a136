"""What publishing a large dictionary costs: building the site, and an answer of its search in Chromium.

    python benchmarks/site.py [--values 50000] [--check]

Prints each measurement beside its budget; with --check it exits 1 when one is over it. Without Chromium or playwright
the search is left out, and that is said.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent
# In place of this file's own folder, whose name `site` is a module of Python's.
sys.path[:1] = [str(ROOT / "tag_dictionary")]

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.publishing import Options, publish

BUDGETS = {"build": 20.0, "load the index": 1.0, "slowest answer": 0.100}
"""Seconds, for 50,000 values."""

WORDS = ("vision", "search", "speech", "ranking", "pricing", "fraud", "growth", "ledger", "atlas", "nova")
QUERIES = (
    "c",
    "cc",
    "cc-41234",
    "vision",
    "B-0042 growth",
    "old-42",
    "fraud ledger",
    "cost-center:49",
    "zq",
    "vison 12",
)

ANSWER = """text => new Promise(done => {
    const field = document.querySelector('#q');
    field.value = text;
    const start = performance.now();
    field.dispatchEvent(new Event('input', {bubbles: true}));
    requestAnimationFrame(() => setTimeout(() => done((performance.now() - start) / 1000)));
})"""


def dictionary(count: int) -> Dictionary:
    """Cost centers as a large company has them: titles, owners, billing codes, teams, every third with an alias."""
    teams = tuple(Value(f"team-{number}", f"Team {number}") for number in range(300))
    values = tuple(
        Value(
            f"cc-{number:05d}",
            f"{WORDS[number % 10].title()} {WORDS[number // 10 % 10]} {number}",
            f"Costs of {WORDS[number % 7]} in region {number % 12}",
            (f"old-{number}",) if number % 3 == 0 else (),
            owner=f"{WORDS[number % 10]}@acme.example",
            billing_code=f"B-{number % 5000:04d}",
            relations=(("team", (f"team-{number % 300}",)),),
        )
        for number in range(count)
    )
    keys = (
        Key("team", "Team", "Who runs it.", teams),
        Key("cost-center", "Cost center", "Where it is booked.", values),
    )
    asks = (Requirement("accountable", Selector(everything=True), ("cost-center", "team")),)
    return Dictionary("large", "1.0.0", keys, asks)


def search(site: Path) -> dict[str, float]:
    """Seconds until the whole index is there, and for the slowest of the queries, key press to drawn list."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the build is measured without it too
    except ImportError:
        path = None
    if path is None:
        print("search: left out, it needs chromium and playwright")
        return {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"file://{site}/keys/team.html")
        start = time.perf_counter()
        page.evaluate("tagwright.searchReady()")
        loaded = time.perf_counter() - start
        answers = {text: page.evaluate(ANSWER, text) for text in QUERIES}
        browser.close()
    for text, took in answers.items():
        print(f"  {text!r:<18} {took * 1000:6.1f} ms")
    return {"load the index": loaded, "slowest answer": max(answers.values())}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--values", type=int, default=50_000)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    made = dictionary(options.values)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        start = time.perf_counter()
        done = publish(made, site, Options(date(2026, 1, 1)))
        found = {"build": time.perf_counter() - start}
        print(f"{options.values:,} values: {done.pages:,} pages, {done.bytes / 1e6:.0f} MB")
        found |= search(site)
    over = [name for name, took in found.items() if took > BUDGETS[name]]
    for name, took in found.items():
        print(f"{name:<18} {took:7.3f} s   budget {BUDGETS[name]:.3f} s{'   OVER' if name in over else ''}")
    return int(options.check and bool(over))


if __name__ == "__main__":
    sys.exit(main())
