"""The report as one self-contained page for finance and for the engineer on call."""

from __future__ import annotations

from tagwright_cli.drift_formats import Look
from tagwright_drift.report.html.page import page
from tagwright_drift.report.model import ReportData


def render(data: ReportData, look: Look, /) -> str:  # noqa: ARG001 - the DriftFormat protocol
    """Raises MissingExtraError without the extra `report`."""
    return page(data)
