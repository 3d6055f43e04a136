"""Reports on histories made by hand, and a real Chromium to open them with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.drift_scanner.report.estate import LEVELS, NOW, History

from tagwright_drift.report.assembling import assemble
from tagwright_drift.report.model import ReportData


def report(history: History, **options: Any) -> ReportData:
    given = {"now": NOW, "tool_version": "0.1.0", "deadlines": LEVELS, **options}
    return assemble(history, **given)


class Opened:
    """A report in a page, with what went wrong on it and every address it asked for."""

    def __init__(self, page: Any, file: Path) -> None:
        self.page = page
        self.file = file
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("requestfailed", lambda request: self.errors.append(f"failed {request.url}"))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("dialog", lambda dialog: (self.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation', (event) => "
            "console.log('policy: ' + event.violatedDirective + ' ' + event.blockedURI));"
        )
        page.goto(f"file://{file}")

    def rows(self) -> list[str]:
        """The names that the list shows."""
        names: list[str] = self.page.locator("#list .name").all_inner_texts()
        return names

    def said(self) -> str:
        text: str = self.page.locator("#count").inner_text()
        return text

    def until(self, selector: str, start: str) -> None:
        """Waits for a text to begin so. Not with Playwright's own wait: the page's policy forbids it to evaluate."""
        deadline = time.monotonic() + 15
        while True:
            text = self.page.locator(selector).text_content() or ""
            if text.startswith(start) and (start or not text):
                return
            assert time.monotonic() < deadline, f"{selector} says {text!r}, not {start!r}"
            time.sleep(0.02)

    def is_clean(self) -> bool:
        """Nothing on the console, no violation of its policy, and nothing asked for but the file itself."""
        assert (self.errors, set(self.requests)) == ([], {f"file://{self.file}"})
        return True


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """`opened(html, color_scheme="dark", viewport=...)`: the page in a context of its own."""
    contexts = []

    def made(html: str, **options: Any) -> Opened:
        file = tmp_path / f"report-{len(contexts)}.html"
        file.write_text(html, encoding="utf-8", errors="backslashreplace")
        context = chromium.new_context(reduced_motion="reduce", **options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        return Opened(context.new_page(), file)

    yield made
    for context in contexts:
        context.close()
