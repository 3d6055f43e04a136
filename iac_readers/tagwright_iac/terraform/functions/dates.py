"""Timestamps (RFC 3339), durations and their formatting. The present time is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from tagwright_iac.terraform import numbers
from tagwright_iac.terraform.calling import CallContext, Function
from tagwright_iac.terraform.functions.signature import TEXT, function
from tagwright_iac.terraform.values import EvalError, UnknownValue, Value

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_STRICT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
# time.Parse also takes an hour of one digit and a comma before the fraction.
_LENIENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_DAY = 86_400
_NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time with its offset from UTC in seconds. `seconds` counts from 0000-03-01 UTC."""

    seconds: int
    nanoseconds: int
    offset: int

    def parts(self) -> tuple[int, int, int, int, int, int]:
        """Year, month, day, hour, minute, second at its own offset."""
        days, rest = divmod(self.seconds + self.offset, _DAY)
        year, month, day = _civil(days)
        return year, month, day, rest // 3600, rest // 60 % 60, rest % 60

    def weekday(self) -> str:
        return _WEEKDAYS[((self.seconds + self.offset) // _DAY + 2) % 7]  # 0000-03-01 was a Wednesday

    def zone(self, separator: str = ":") -> str:
        hours, minutes = divmod(abs(self.offset) // 60, 60)
        return f"{'-' if self.offset < 0 else '+'}{hours:02d}{separator}{minutes:02d}"

    def rfc3339(self) -> str:
        year, month, day, hour, minute, second = self.parts()
        zone = self.zone() if self.offset else "Z"
        return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone}"


def _days(year: int, month: int, day: int) -> int:
    """Days since 0000-03-01 in the proleptic Gregorian calendar."""
    if month <= 2:
        year -= 1
        month += 12
    return year * 365 + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 1


def _civil(days: int) -> tuple[int, int, int]:
    era, rest = divmod(days, 146_097)
    of_era = (rest - rest // 1460 + rest // 36_524 - rest // 146_096) // 365
    of_year = rest - (365 * of_era + of_era // 4 - of_era // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    return era * 400 + of_era + (month >= 10), month + 3 if month < 10 else month - 9, day


def moment(date: tuple[int, int, int], clock: tuple[int, int, int], nanoseconds: int, offset: int) -> Moment | None:
    """The moment, or None when there is no such day or time."""
    year, month, day = date
    hour, minute, second = clock
    if not (1 <= month <= 12 and hour < 24 and minute < 60 and second < 60):
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = 29 if month == 2 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    if not 1 <= day <= last:
        return None
    seconds = _days(year, month, day) * _DAY + hour * 3600 + minute * 60 + second - offset
    return Moment(seconds, nanoseconds, offset)


def parse_timestamp(text: str, *, strict: bool) -> Moment:
    """An RFC 3339 timestamp. Raises EvalError."""
    found = (_STRICT if strict else _LENIENT).fullmatch(text)
    if found is None:
        raise EvalError("not a valid RFC3339 timestamp")
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    fraction, sign, zone_hours, zone_minutes = found.groups()[6:]
    offset = 0
    if sign:
        hours, minutes = int(zone_hours), int(zone_minutes)
        # time.Parse lets "+24:00" and "+00:60" pass, the strict parser does not.
        if hours > (23 if strict else 24) or minutes > (59 if strict else 60):
            raise EvalError("not a valid RFC3339 timestamp: UTC offset out of range")
        offset = (hours * 3600 + minutes * 60) * (-1 if sign == "-" else 1)
    parsed = moment((year, month, day), (hour, minute, second), int((fraction or "0")[:9].ljust(9, "0")), offset)
    if parsed is None:
        raise EvalError("not a valid RFC3339 timestamp: a part is out of range")
    return parsed


_DURATION = re.compile(r"(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": _NANO,
    "m": 60 * _NANO,
    "h": 3600 * _NANO,
}


def parse_duration(text: str) -> int:
    """Nanoseconds of a Go duration ("-1h30m"). Raises EvalError."""
    body = text[1:] if text[:1] in ("+", "-") else text
    total = 0
    position = 0
    if body != "0":
        while position < len(body) or not body:
            found = _DURATION.match(body, position)
            if found is None or len(found[1] or "") > 20:
                raise EvalError("invalid duration")
            unit = _UNITS[found[4]]
            decimals = (found[2] or found[3] or "")[:18]
            total += int(found[1] or 0) * unit + int(Fraction(int(decimals or 0) * unit, 10 ** len(decimals)))
            position = found.end()
    signed = -total if text[:1] == "-" else total
    if not -(1 << 63) <= signed < 1 << 63:
        raise EvalError("invalid duration")
    return signed


def _timeadd(ctx: CallContext, timestamp: str, duration: str) -> Value:
    del ctx
    start = parse_timestamp(timestamp, strict=True)
    carry, nanoseconds = divmod(start.nanoseconds + parse_duration(duration), _NANO)
    return replace(start, seconds=start.seconds + carry, nanoseconds=nanoseconds).rfc3339()


def _timecmp(ctx: CallContext, first: str, second: str) -> Value:
    del ctx
    one, other = parse_timestamp(first, strict=False), parse_timestamp(second, strict=False)
    left, right = (one.seconds, one.nanoseconds), (other.seconds, other.nanoseconds)
    return numbers.counted((left > right) - (left < right))


_TOKEN = re.compile(r"'(?:[^']|'')*'|''|([A-Za-z])\1*|'[^']*|[^A-Za-z']+")


def _formatdate(ctx: CallContext, template: str, timestamp: str) -> Value:
    ctx.spend(len(template))
    when = parse_timestamp(timestamp, strict=True)
    out = []
    for found in _TOKEN.finditer(template):
        piece = found[0]
        if piece.startswith("'"):
            if len(piece) == 1 or not piece.endswith("'"):
                raise EvalError("unterminated literal '")
            out.append("'" if piece == "''" else piece[1:-1].replace("''", "'"))
        elif found[1]:
            out.append(_verb(piece, when))
        else:
            out.append(piece)
    return "".join(out)


def _verb(token: str, when: Moment) -> str:
    year, month, day, hour, minute, second = when.parts()
    verbs: dict[str, str] = {
        "YY": f"{year % 100:02d}", "YYYY": f"{year:04d}",
        "M": str(month), "MM": f"{month:02d}", "MMM": _MONTHS[month - 1][:3], "MMMM": _MONTHS[month - 1],
        "D": str(day), "DD": f"{day:02d}", "EEE": when.weekday()[:3], "EEEE": when.weekday(),
        "h": str(hour), "hh": f"{hour:02d}", "H": str(hour % 12 or 12), "HH": f"{hour % 12 or 12:02d}",
        "AA": "PM" if hour >= 12 else "AM", "aa": "pm" if hour >= 12 else "am",
        "m": str(minute), "mm": f"{minute:02d}", "s": str(second), "ss": f"{second:02d}",
        "Z": when.zone() if when.offset else "Z", "ZZZ": when.zone("") if when.offset else "UTC",
        "ZZZZ": when.zone(""), "ZZZZZ": when.zone(),
    }  # fmt: skip
    if token not in verbs:
        raise EvalError(f'invalid date format verb "{token}"')
    return verbs[token]


def _now(name: str) -> Function:
    cause = f"{name}() is only known when Terraform runs"
    call: Callable[[CallContext], Value] = lambda _ctx: UnknownValue(cause, not_null=True)  # noqa: E731
    return function(call)


FUNCTIONS = {
    "formatdate": function(_formatdate, TEXT, TEXT),
    "plantimestamp": _now("plantimestamp"),
    "timeadd": function(_timeadd, TEXT, TEXT),
    "timecmp": function(_timecmp, TEXT, TEXT),
    "timestamp": _now("timestamp"),
}
