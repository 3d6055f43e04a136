"""Output formats of the drift report: one file each, and the explicit table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tagwright_cli.terminal import PLAIN, Style

if TYPE_CHECKING:
    from tagwright_drift.report.model import ReportData

MOST = 20
"""Findings that a person reads one by one where nothing else was asked for."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the user asked to see the report. `most` findings are described in text and Markdown (0: all)."""

    style: Style = PLAIN
    most: int = MOST


class DriftFormat(Protocol):
    """Turns a report into the whole text of a file, its last line ended. The same report gives the same text."""

    def __call__(self, data: ReportData, look: Look, /) -> str: ...


def _text() -> DriftFormat:
    from tagwright_cli.drift_formats import text  # noqa: PLC0415

    return text.render


def _json() -> DriftFormat:
    from tagwright_cli.drift_formats import json_document  # noqa: PLC0415

    return json_document.render


def _csv() -> DriftFormat:
    from tagwright_cli.drift_formats import csv_rows  # noqa: PLC0415

    return csv_rows.render


def _markdown() -> DriftFormat:
    from tagwright_cli.drift_formats import markdown  # noqa: PLC0415

    return markdown.render


def _html() -> DriftFormat:
    from tagwright_cli.drift_formats import html_page  # noqa: PLC0415
    from tagwright_drift.report.html.page import check_installed  # noqa: PLC0415

    check_installed()  # before any work is done
    return html_page.render


# A format is imported when it is asked for: the page needs an extra that the others do without.
DRIFT_FORMATS: dict[str, Callable[[], DriftFormat]] = {
    "text": _text,
    "json": _json,
    "csv": _csv,
    "markdown": _markdown,
    "html": _html,
}
