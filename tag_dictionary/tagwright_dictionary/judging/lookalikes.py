"""Characters that pretend: invisible ones, and letters of other alphabets that look like Latin ones.

After Unicode TS 39 (confusables, mixed-script detection), reduced to what a tag can be spoofed with. Honest text in
any language is left alone: an invisible character counts unless its script needs it, and a foreign letter only in a
word that mixes it with Latin letters and would read as plain Latin.
"""

from __future__ import annotations

import re
import unicodedata

from tagwright_dictionary.judging.data import LOOKALIKES

_MIXING: dict[str, str] = {char: latin for script in LOOKALIKES["mixing"].values() for char, latin in script.items()}
_SIMILAR: dict[str, str] = {char: latin for script in LOOKALIKES["similar"].values() for char, latin in script.items()}
_TABLE = str.maketrans(_SIMILAR | _MIXING)

_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_JOINERS = "\u200c\u200d"
_IDEOGRAPHIC_SPACE = "\u3000"
_WORD = re.compile(r"[^\W_]+")
# Print as nothing although their category is a letter, a mark or a symbol: Hangul fillers, Braille blank, grapheme
# joiner, Khmer inherent vowels, Mongolian and other variation selectors.
_BLANK_GLYPHS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def is_invisible(char: str) -> bool:
    """Whether `char` prints as nothing or steers other text. Plain blanks, tabs and line breaks are not meant."""
    if char in " \t\r\n" or char == _IDEOGRAPHIC_SPACE:
        return False
    category = unicodedata.category(char)
    return category in ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs") or _BLANK_GLYPHS.match(char) is not None


def hidden(text: str) -> str | None:
    """The first invisible character that its neighbours do not need, or None."""
    if text.isascii():
        found = _ASCII_CONTROL.search(text)
        return found.group() if found else None
    for index, char in enumerate(text):
        if char.isascii():
            if _ASCII_CONTROL.match(char):
                return char
        elif is_invisible(char) and not _needed(text, index):
            return char
    return None


def mixed(text: str) -> tuple[str, str] | None:
    """(the first letter that imitates a Latin one, the word it stands in) where a word mixes alphabets, or None.

    Mathematical letters (U+1D400 to U+1D7FF) count in any word: nobody's language is written with them.
    """
    if text.isascii():
        return None
    for found in _WORD.finditer(text):
        word = found.group()
        if word.isascii():
            continue
        strange = [char for char in word if char in _MIXING or "\U0001d400" <= char <= "\U0001d7ff"]
        compatible = [char for char in word if "\uff21" <= char <= "\uff5a"]  # full-width A to z
        has_latin = any(char.isascii() and char.isalpha() for char in word)
        if not strange and not (compatible and has_latin):
            continue
        reads_latin = skeleton(word).isascii()
        if reads_latin and (has_latin or any(char not in _MIXING for char in strange)):
            return (strange or compatible)[0], word
    return None


def skeleton(text: str) -> str:
    """What `text` looks like: compatibility forms folded, invisible characters dropped, look-alikes made Latin."""
    if text.isascii():
        return _ASCII_CONTROL.sub("", text)
    folded = unicodedata.normalize("NFKC", text)
    seen = "".join(_digit(char) for char in folded if char.isascii() or not is_invisible(char))
    return _ASCII_CONTROL.sub("", seen.translate(_TABLE))


def first_strange(text: str) -> str | None:
    """The first character that its own skeleton does not keep, or None: what to name when a value imitates another."""
    for char in text:
        if not char.isascii() and skeleton(char) != char:
            return char
    found = _ASCII_CONTROL.search(text)
    return found.group() if found else None


def _digit(char: str) -> str:
    if char.isascii():
        return char
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _needed(text: str, index: int) -> bool:
    """Joiners inside Arabic, Indic and emoji sequences, and variation selectors after the sign they vary."""
    char = text[index]
    before = text[index - 1] if index else ""
    if char in _JOINERS:
        after = text[index + 1] if index + 1 < len(text) else ""
        return _joins(before) and _joins(after)
    if _BLANK_GLYPHS.match(char) and not before.isascii() and unicodedata.category(before) in ("So", "Sm", "Po", "Lo"):
        return "\u180b" <= char <= "\u180f" or char >= "\ufe00"
    return False


def _joins(char: str) -> bool:
    # From U+0600 (Arabic) on; a variation selector may stand between an emoji and its joiner.
    return char >= "\u0600" and (unicodedata.category(char)[0] in "LM" or unicodedata.category(char) in ("So", "Sk"))
