"""What a schedule is made from, checked: the values end up in YAML, unit files and shell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tagwright_dictionary.errors import InputError

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ARN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,512}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[\w.-]+)*")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d")
_IMAGE = re.compile(r"[\w][\w.:/@-]{0,500}")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_WEEKLY = re.compile(rf"({'|'.join(DAYS)}) ([01]\d|2[0-3]):([0-5]\d)", re.IGNORECASE)
_PRINTABLE = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True, slots=True)
class Weekly:
    """A day of the week and a time in UTC."""

    day: str
    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class Request:
    """What the user wants scheduled. Empty: not given.

    weekly     when everything is scanned
    every      hours between two scans of accelerators: a divisor of 24
    scan       further arguments of every `tagwright drift scan`
    role       the role that the scheduler's own identity becomes
    bucket     `bucket/prefix` that keeps the state between runs
    tags       tags of what the files themselves create
    """

    weekly: Weekly
    every: int
    version: str
    scan: tuple[str, ...] = ()
    role: str = ""
    bucket: str = ""
    region: str = ""
    image: str = ""
    namespace: str = "tagwright"
    tags: tuple[tuple[str, str], ...] = ()
    dictionary: str = ""
    notify: str = ""


def checked(request: Request, needs: tuple[str, ...]) -> Request:
    """The same request. Raises InputError for what is missing or would not survive its way into a file."""
    for name in needs:
        if not getattr(request, name):
            raise InputError(f"this schedule needs --{name}", hint=_EXAMPLES.get(name, f"--{name} VALUE"))
    for name, pattern in (
        ("role", _ARN),
        ("bucket", _BUCKET),
        ("region", _REGION),
        ("image", _IMAGE),
        ("namespace", _NAME),
    ):
        value = getattr(request, name)
        if value and not pattern.fullmatch(value):
            raise InputError(f"--{name} {value!r} cannot be used", hint=_EXAMPLES[name])
    for text in texts(request):
        if not _PRINTABLE.fullmatch(text):
            raise InputError(f"{text!r} holds characters that no schedule can carry", hint="use printable ASCII")
    if request.every not in (1, 2, 3, 4, 6, 8, 12, 24):
        raise InputError(f"--every {request.every} does not divide a day", hint="1, 2, 3, 4, 6, 8, 12 or 24 hours")
    return request


def texts(request: Request) -> tuple[str, ...]:
    """What the user may write freely."""
    return (*request.scan, request.dictionary, request.notify, *(text for pair in request.tags for text in pair))


def weekly(text: str) -> Weekly:
    """`Mon 05:00`. Raises InputError."""
    found = _WEEKLY.fullmatch(text.strip())
    if found is None:
        raise InputError(f"--weekly {text!r} is no day and time", hint='write it in UTC: --weekly "Mon 05:00"')
    return Weekly(found[1].capitalize(), int(found[2]), int(found[3]))


_EXAMPLES = {
    "role": "--role arn:aws:iam::111122223333:role/tagwright-drift",
    "bucket": "--bucket acme-tagwright/drift: the bucket, and a folder in it",
    "region": "--region eu-west-1",
    "image": "--image registry.acme.example/tagwright:0.1.0, built from the Containerfile of the repository",
    "namespace": "--namespace finops",
}
