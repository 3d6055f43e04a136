"""User-perceived characters (extended grapheme clusters, UAX #29), by which Terraform measures and cuts strings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_ZWJ = "\u200d"
_L, _V, _T, _LV, _LVT = "L", "V", "T", "LV", "LVT"
_CONTROL, _EXTEND, _SPACING, _PREPEND, _PICTURE, _REGIONAL, _OTHER = (
    "control",
    "extend",
    "mc",
    "prepend",
    "pic",
    "ri",
    "",
)
_JOINING = (_PICTURE, _REGIONAL, _L, _V, _T, _LV, _LVT)


def clusters(text: str) -> list[str]:
    """`text` cut into grapheme clusters."""
    if text.isascii() and "\r" not in text:
        return list(text)
    return list(_clusters(text))


def length(text: str) -> int:
    """How many grapheme clusters `text` has."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in _clusters(text))


def _clusters(text: str) -> Iterator[str]:
    start = 0
    before = ""
    joining = False  # the cluster so far is a picture (or, as Terraform's library has it, a Korean syllable or a
    joined = False  # flag) and its extenders; it ended in a joiner
    regionals = 0
    for position, char in enumerate(text):
        kind = _kind(char)
        if position:
            together = (
                _attached(before, kind, previous=text[position - 1], char=char)
                or (kind == _PICTURE and joined)
                or (kind == _REGIONAL and before == _REGIONAL and regionals % 2 == 1)
            )
            if not together:
                yield text[start:position]
                start = position
                joining = False
        joined = joining and char == _ZWJ
        joining = kind in _JOINING or (joining and kind in (_EXTEND, _SPACING))
        regionals = regionals + 1 if kind == _REGIONAL else 0
        before = kind
    if text:
        yield text[start:]


def _attached(before: str, kind: str, *, previous: str, char: str) -> bool:
    """Rules GB3 to GB9b: whether there is no boundary between two neighbours."""
    if previous == "\r" and char == "\n":
        return True
    if _CONTROL in (before, kind):
        return False
    if before == _L:
        hangul = kind in (_L, _V, _LV, _LVT)
    elif before in (_LV, _V):
        hangul = kind in (_V, _T)
    else:
        hangul = before in (_LVT, _T) and kind == _T
    return hangul or kind in (_EXTEND, _SPACING) or before == _PREPEND


def _kind(char: str) -> str:
    """Grapheme_Cluster_Break of one character."""
    point = ord(char)
    if point < 0x300:
        if point in (0xA9, 0xAE):
            return _PICTURE
        return _CONTROL if point < 0x20 or 0x7F <= point < 0xA0 or point == 0xAD else _OTHER
    if 0x1100 <= point <= 0x11FF or 0xA960 <= point <= 0xA97C or 0xAC00 <= point <= 0xD7FB:
        return _hangul(point)
    if 0x1F1E6 <= point <= 0x1F1FF:
        return _REGIONAL
    if point == 0xFFFD:
        return _CONTROL  # Terraform's library takes it for a decoding error and cuts around it
    if _within(point, _PICTURES):
        return _PICTURE
    if _within(point, _PREPENDS):
        return _PREPEND
    if point == 0x200C or char == _ZWJ or 0x1F3FB <= point <= 0x1F3FF or _within(point, _MORE_EXTENDS):
        return _EXTEND
    category = unicodedata.category(char)
    if category in ("Mn", "Me"):
        return _EXTEND
    if (category == "Mc" and not _within(point, _NOT_SPACING)) or point in (0xE33, 0xEB3):
        return _SPACING
    if category in ("Cc", "Cf", "Zl", "Zp", "Cs") or _within(point, _MORE_CONTROLS):
        return _CONTROL
    return _OTHER


def _hangul(point: int) -> str:
    if point <= 0x115F or 0xA960 <= point <= 0xA97C:
        return _L
    if point <= 0x11A7 or 0xD7B0 <= point <= 0xD7C6:
        return _V
    if point <= 0x11FF or 0xD7CB <= point <= 0xD7FB:
        return _T
    if point <= 0xD7A3:
        return _LV if (point - 0xAC00) % 28 == 0 else _LVT
    return _OTHER


def _within(point: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= point <= last for first, last in ranges)


# Extended_Pictographic (emoji-data.txt), unassigned pictographic blocks included.
_PICTURES = (
    (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139), (0x2194, 0x2199), (0x21A9, 0x21AA),
    (0x231A, 0x231B), (0x2328, 0x2328), (0x2388, 0x2388), (0x23CF, 0x23CF), (0x23E9, 0x23F3), (0x23F8, 0x23FA),
    (0x24C2, 0x24C2), (0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0), (0x25FB, 0x25FE), (0x2600, 0x2605),
    (0x2607, 0x2612), (0x2614, 0x2685), (0x2690, 0x2705), (0x2708, 0x2712), (0x2714, 0x2714), (0x2716, 0x2716),
    (0x271D, 0x271D), (0x2721, 0x2721), (0x2728, 0x2728), (0x2733, 0x2734), (0x2744, 0x2744), (0x2747, 0x2747),
    (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757), (0x2763, 0x2767), (0x2795, 0x2797),
    (0x27A1, 0x27A1), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2934, 0x2935), (0x2B05, 0x2B07), (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030), (0x303D, 0x303D), (0x3297, 0x3297), (0x3299, 0x3299),
    (0x1F000, 0x1F0FF), (0x1F10D, 0x1F10F), (0x1F12F, 0x1F12F), (0x1F16C, 0x1F171), (0x1F17E, 0x1F17F),
    (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F1AD, 0x1F1E5), (0x1F201, 0x1F20F), (0x1F21A, 0x1F21A),
    (0x1F22F, 0x1F22F), (0x1F232, 0x1F23A), (0x1F23C, 0x1F23F), (0x1F249, 0x1F3FA), (0x1F400, 0x1F53D),
    (0x1F546, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F774, 0x1F77F), (0x1F7D5, 0x1F7FF), (0x1F80C, 0x1F80F),
    (0x1F848, 0x1F84F), (0x1F85A, 0x1F85F), (0x1F888, 0x1F88F), (0x1F8AE, 0x1F8FF), (0x1F90C, 0x1F93A),
    (0x1F93C, 0x1F945), (0x1F947, 0x1FAFF), (0x1FC00, 0x1FFFD),
)  # fmt: skip
# GraphemeBreakProperty.txt: Prepend; Extend and Control beyond their general categories; Mc that are not SpacingMark.
_PREPENDS = (
    (0x600, 0x605), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2), (0xD4E, 0xD4E),
    (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x111C2, 0x111C3), (0x1193F, 0x1193F), (0x11941, 0x11941),
    (0x11A3A, 0x11A3A), (0x11A84, 0x11A89), (0x11D46, 0x11D46), (0x11F02, 0x11F02),
)  # fmt: skip
_MORE_EXTENDS = (
    (0x9BE, 0x9BE), (0x9D7, 0x9D7), (0xB3E, 0xB3E), (0xB57, 0xB57), (0xBBE, 0xBBE), (0xBD7, 0xBD7), (0xCC2, 0xCC2),
    (0xCD5, 0xCD6), (0xD3E, 0xD3E), (0xD57, 0xD57), (0xDCF, 0xDCF), (0xDDF, 0xDDF), (0x1B35, 0x1B35),
    (0x302E, 0x302F), (0xFF9E, 0xFF9F), (0x1133E, 0x1133E), (0x11357, 0x11357), (0x114B0, 0x114B0),
    (0x114BD, 0x114BD), (0x115AF, 0x115AF), (0x11930, 0x11930), (0x1D165, 0x1D165), (0x1D16E, 0x1D172),
    (0xE0020, 0xE007F),
    # Marks of Unicode 15, which the tables of Python 3.11 do not have.
    (0xCF3, 0xCF3), (0xECE, 0xECE), (0x10EFD, 0x10EFF), (0x11241, 0x11241), (0x11F00, 0x11F01), (0x11F03, 0x11F03),
    (0x11F34, 0x11F3A), (0x11F3E, 0x11F42), (0x13440, 0x13440), (0x13447, 0x13455), (0x1E08F, 0x1E08F),
    (0x1E4EC, 0x1E4EF),
)  # fmt: skip
_MORE_CONTROLS = (
    (0x2065, 0x2065), (0xFFF0, 0xFFF8), (0x13430, 0x1343F), (0xE0000, 0xE0FFF),
)  # fmt: skip
_NOT_SPACING = (
    (0x102B, 0x102C), (0x1038, 0x1038), (0x1062, 0x1064), (0x1067, 0x106D), (0x1083, 0x1083), (0x1087, 0x108C),
    (0x108F, 0x108F), (0x109A, 0x109C), (0x1A61, 0x1A61), (0x1A63, 0x1A64), (0xAA7B, 0xAA7B), (0xAA7D, 0xAA7D),
    (0x11720, 0x11721),
)  # fmt: skip
