"""Output formats: one file each, and the explicit table of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tagwright_cli.report import Rendering, Report


class Format(Protocol):
    """Turns a report into the whole text of a file, its last line ended. The same report gives the same text."""

    def __call__(self, report: Report, how: Rendering, /) -> str: ...


def _text() -> Format:
    from tagwright_cli.formats import text  # noqa: PLC0415

    return text.render


def _json() -> Format:
    from tagwright_cli.formats import json_document  # noqa: PLC0415

    return json_document.render


def _sarif() -> Format:
    from tagwright_cli.formats import sarif  # noqa: PLC0415

    return sarif.render


def _junit() -> Format:
    from tagwright_cli.formats import junit  # noqa: PLC0415

    return junit.render


def _github() -> Format:
    from tagwright_cli.formats import github  # noqa: PLC0415

    return github.render


def _gitlab() -> Format:
    from tagwright_cli.formats import gitlab  # noqa: PLC0415

    return gitlab.render


def _markdown() -> Format:
    from tagwright_cli.formats import markdown  # noqa: PLC0415

    return markdown.render


# A format is imported when it is asked for: the hook needs one of them and starts sooner without the others.
FORMATS: dict[str, Callable[[], Format]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "markdown": _markdown,
}
