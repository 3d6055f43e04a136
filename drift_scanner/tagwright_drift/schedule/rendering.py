"""From templates to files. Every value is quoted for the language it lands in."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tagwright_dictionary.errors import MissingExtraError
from tagwright_dictionary.judging.label_form import to_label
from tagwright_drift.schedule.request import DAYS, Request

_CRON_DAY = {day: (number + 1) % 7 for number, day in enumerate(DAYS)}


@dataclass(frozen=True, slots=True)
class Made:
    """One file of a schedule; `path` is POSIX and relative."""

    path: str
    text: str


def rendered(template: str, request: Request, **more: Any) -> str:
    """The text of a template in `data/`."""
    return str(_environment().get_template(template).render(**_context(request), **more))


@cache
def _environment() -> Any:
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - only this command needs it
    except ImportError:
        raise MissingExtraError("report", "writing schedules") from None
    environment = Environment(  # noqa: S701 - no HTML; each value is quoted by a filter for its own language
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update({"yaml": _yaml, "shell": _shell, "unit": _unit})
    return environment


def _source(name: str) -> str:
    return files("tagwright_drift.schedule").joinpath("data", name).read_text("utf-8")


def _context(request: Request) -> dict[str, Any]:
    week = request.weekly
    late = f"{max(2 * request.every, 24)}h"
    dictionary = ["--dictionary", request.dictionary] if request.dictionary else []
    config = ["--config", request.notify] if request.notify else []
    return {
        "at": request,
        "scan": _shell(request.scan),
        "cron_full": f"{week.minute} {week.hour} * * {_CRON_DAY[week.day]}",
        "cron_hot": f"17 */{request.every} * * *" if request.every < 24 else "17 3 * * *",
        "cron_watch": "47 7 * * *",
        "calendar_full": f"{week.day} *-*-* {week.hour:02d}:{week.minute:02d}:00 UTC",
        "calendar_hot": f"*-*-* 00/{request.every}:17:00 UTC" if request.every < 24 else "*-*-* 03:17:00 UTC",
        "calendar_watch": "*-*-* 07:47:00 UTC",
        "aws_full": f"cron({week.minute} {week.hour} ? * {week.day.upper()} *)",
        "aws_hot": f"cron(17 0/{request.every} * * ? *)" if request.every < 24 else "cron(17 3 * * ? *)",
        "aws_watch": "cron(47 7 * * ? *)",
        "bucket": request.bucket.partition("/")[0],
        "prefix": request.bucket.partition("/")[2],
        "late": late,
        "scan_full": ["drift", "scan", "--scope", "full", *dictionary, *request.scan],
        "scan_hot": ["drift", "scan", "--scope", "hot", *dictionary, *request.scan],
        "watch": ["drift", "notify", "--watch", "--full-within", "8d", "--hot-within", late, *config],
        "tell": ["tagwright", "drift", "notify", *config, *dictionary],
        "tags": [{"Key": key, "Value": value} for key, value in request.tags],
        "labels": [(key, to_label(value)) for key, value in request.tags],
    }


def _yaml(value: Any) -> str:
    """A JSON string is a YAML double-quoted one, as long as it is ASCII (it is: `request.checked`)."""
    return json.dumps(value)


def _shell(words: tuple[str, ...] | str) -> str:
    return shlex.join([words] if isinstance(words, str) else list(words))


def _unit(words: tuple[str, ...]) -> str:
    """Arguments of ExecStart (systemd.service(5), "Command lines"): `%` and `$` doubled, then quoted."""
    return " ".join(json.dumps(word.replace("%", "%%").replace("$", "$$")) for word in words)
