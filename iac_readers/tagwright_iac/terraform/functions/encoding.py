"""Base64, URL escapes, CSV and other character sets."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import quote_plus

from tagwright_iac.terraform.calling import CallContext
from tagwright_iac.terraform.functions.signature import TEXT, function, normal
from tagwright_iac.terraform.values import EvalError, ListValue, ObjectValue, UnknownValue, Value

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII)

# IANA names (upper case) that Terraform knows, and Python's codec of the same bytes.
_CODECS = {
    "UTF-8": "utf-8", "CSUTF8": "utf-8",
    "UTF-16BE": "utf-16-be", "CSUTF16BE": "utf-16-be", "UTF-16LE": "utf-16-le", "CSUTF16LE": "utf-16-le",
    "IBM437": "cp437", "CP437": "cp437", "437": "cp437", "IBM850": "cp850", "CP850": "cp850",
    "IBM852": "cp852", "CP852": "cp852", "IBM855": "cp855", "CP855": "cp855", "IBM862": "cp862",
    "IBM866": "cp866", "CP866": "cp866", "KOI8-R": "koi8-r", "KOI8-U": "koi8-u", "MACINTOSH": "mac-roman",
    "GBK": "gbk", "CP936": "gbk", "GB18030": "gb18030", "BIG5": "big5", "EUC-JP": "euc_jp", "EUC-KR": "euc_kr",
    "SHIFT_JIS": "shift_jis", "MS_KANJI": "shift_jis", "ISO-2022-JP": "iso2022_jp",
}  # fmt: skip
_CODECS |= dict.fromkeys(("ISO-8859-1", "ISO_8859-1", "LATIN1", "L1", "ISO-IR-100", "IBM819", "CP819"), "latin-1")
for _number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16):
    _CODECS |= dict.fromkeys((f"ISO-8859-{_number}", f"ISO_8859-{_number}"), f"iso8859_{_number}")
for _number in (874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258):
    _CODECS[f"WINDOWS-{_number}"] = f"cp{_number}"


def decode_base64(text: str) -> bytes:
    """Standard base64 with padding; line ends are ignored. Raises EvalError."""
    plain = text.replace("\r", "").replace("\n", "")
    if not _BASE64.fullmatch(plain):
        raise EvalError("failed to decode base64 data")
    return binascii.a2b_base64(plain)


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def utf8(data: bytes) -> str:
    """`data` as text. Raises EvalError when it is not UTF-8."""
    try:
        return normal(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise EvalError("the contents are not valid UTF-8") from None


def _base64decode(ctx: CallContext, text: str) -> Value:
    ctx.spend(len(text))
    return utf8(decode_base64(text))


def _base64encode(ctx: CallContext, text: str) -> Value:
    ctx.spend(len(text))
    return encode_base64(text.encode())


def _base64gzip(ctx: CallContext, text: str) -> Value:
    del ctx, text
    return UnknownValue("the bytes that Terraform's gzip writes are not computed here", not_null=True)


def _urlencode(ctx: CallContext, text: str) -> Value:
    ctx.spend(len(text))
    return quote_plus(str(text), safe="~")


def _codec(name: str) -> str | None:
    return _CODECS.get(name.upper())


def _textencodebase64(ctx: CallContext, text: str, encoding: str) -> Value:
    ctx.spend(len(text))
    codec = _codec(encoding)
    if codec is None:
        return UnknownValue(f"the character set {encoding!r} is not known here", not_null=True)
    try:
        return encode_base64(text.encode(codec))
    except UnicodeEncodeError:
        raise EvalError(f"the given string contains characters that cannot be represented in {encoding}") from None


def _textdecodebase64(ctx: CallContext, text: str, encoding: str) -> Value:
    ctx.spend(len(text))
    codec = _codec(encoding)
    if codec is None:
        return UnknownValue(f"the character set {encoding!r} is not known here", not_null=True)
    try:
        decoded = decode_base64(text).decode(codec)
    except UnicodeDecodeError:
        raise EvalError(f"the given string contains symbols that are not defined for {encoding}") from None
    if "\ufffd" in decoded:
        raise EvalError(f"the given string contains symbols that are not defined for {encoding}")
    return normal(decoded)


def _csvdecode(ctx: CallContext, text: str) -> Value:
    ctx.spend(len(text))
    rows = csv_rows(str(text))
    if not rows:
        raise EvalError("missing header line")
    headers = [normal(name) for name in rows[0]]
    if len(set(headers)) != len(headers):
        raise EvalError("duplicate column name")
    found = []
    for row in rows[1:]:
        if len(row) != len(headers):
            raise EvalError("CSV parse error: wrong number of fields")
        ctx.spend(len(row))
        found.append(ObjectValue((name, normal(cell)) for name, cell in zip(headers, row, strict=True)))
    return ListValue(found)


def csv_rows(text: str) -> list[list[str]]:
    """The records of Go's strict `encoding/csv`: empty lines are skipped, a stray quote is an error (EvalError)."""
    rows = []
    lines = [line[:-2] + "\n" if line.endswith("\r\n") else line for line in re.findall(r"[^\n]*\n|[^\n]+", text)]
    if lines and lines[-1].endswith("\r"):
        lines[-1] = lines[-1][:-1]
    number = 0
    while number < len(lines):
        if lines[number] in ("\n", ""):
            number += 1
            continue
        row, number = _record(lines, number)
        rows.append(row)
    return rows


def _record(lines: list[str], number: int) -> tuple[list[str], int]:
    """One record, and the number of the line behind it."""
    cells: list[str] = []
    line = lines[number]
    position = 0
    while True:
        if line.startswith('"', position):
            cell, number, position = _quoted(lines, number, position + 1)
            line = lines[number]
        else:
            end = line.find(",", position)
            cell = line[position:].removesuffix("\n") if end < 0 else line[position:end]
            position = len(line) if end < 0 else end
            if '"' in cell:
                raise EvalError('CSV parse error: bare " in non-quoted-field')
        cells.append(cell)
        if not line.startswith(",", position):
            return cells, number + 1
        position += 1


def _quoted(lines: list[str], number: int, position: int) -> tuple[str, int, int]:
    """A quoted field from behind its opening quote: its text, the line and column behind its closing one."""
    parts: list[str] = []
    while True:
        line = lines[number]
        end = line.find('"', position)
        if end < 0:
            parts.append(line[position:])
            number += 1
            position = 0
            if number >= len(lines):
                raise EvalError('CSV parse error: extraneous or missing " in quoted-field')
            continue
        parts.append(line[position:end])
        if line.startswith('"', end + 1):
            parts.append('"')
            position = end + 2
            continue
        if line[end + 1 : end + 2] not in (",", "\n", ""):
            raise EvalError('CSV parse error: extraneous or missing " in quoted-field')
        return "".join(parts), number, end + 1


FUNCTIONS = {
    "base64decode": function(_base64decode, TEXT),
    "base64encode": function(_base64encode, TEXT),
    "base64gzip": function(_base64gzip, TEXT),
    "csvdecode": function(_csvdecode, TEXT),
    "textdecodebase64": function(_textdecodebase64, TEXT, TEXT),
    "textencodebase64": function(_textencodebase64, TEXT, TEXT),
    "urlencode": function(_urlencode, TEXT),
}
