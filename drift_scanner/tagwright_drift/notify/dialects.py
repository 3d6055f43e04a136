"""Text for each kind of channel: what a tag's value says is shown, and never does anything there."""

from __future__ import annotations

import re
from collections.abc import Callable

from tagwright_dictionary.judging.text import plain

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+!|~-])")
_LONGEST = 300


def _as_it_is(text: str) -> str:
    return text


def _slack(text: str) -> str:
    """`<!channel>`, `<@U1>` and `<https://...|text>` are commands in any text (Slack, "Escaping text")."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


def _discord(text: str) -> str:
    """`@everyone` also works in the middle of a word; a backslash does not stop it, a zero-width space does."""
    return _markdown(text).replace("@", "@\u200b")


_DIALECTS: dict[str, Callable[[str], str]] = {
    "slack": _slack,
    "discord": _discord,
    "workflow": _markdown,
    "workflows": _markdown,
    "msteams": _markdown,
    "gchat": _markdown,
    "mattermost": _discord,
    "mmost": _discord,
    "rocket": _discord,
    "rocketchat": _discord,
    "matrix": _markdown,
    "tgram": _markdown,
}
"""By the scheme of an Apprise address, without its trailing s for TLS; all others take plain text."""


_TITLES_ESCAPED = {"slack"}  # Apprise escapes Slack's titles itself, but not its texts


_AS_TEXT = {"slack", "mailto", "mailtos"}


_WHOLE = {"slack", "workflow", "workflows", "msteams", "mailto", "json", "xml", "form"}
"""What takes a whole digest (`digest.ROOM`). Apprise takes Teams for a service of 1,000 characters."""


def as_text(url: str) -> str:
    """The address, asking for plain text where Apprise would make Markdown or HTML of it, and escape it again; and for
    several messages where a service takes short ones only (Discord 2,000 characters, Telegram 4,096).
    """
    scheme = url.partition(":")[0].lower()
    wanted = []
    if scheme in _AS_TEXT and "format=" not in url:
        wanted.append("format=text")
    if not {scheme, scheme.removesuffix("s")} & _WHOLE and "overflow=" not in url:
        wanted.append("overflow=split")
    if not wanted:
        return url
    return f"{url}{'&' if '?' in url else '?'}{'&'.join(wanted)}"


def dialect_of(url: str) -> Callable[[str], str]:
    """What a value has to go through on its way to that address: one line, nothing invisible, nothing that acts."""
    scheme = url.partition(":")[0].lower()
    speak = _DIALECTS.get(scheme) or _DIALECTS.get(scheme.removesuffix("s"), _as_it_is)
    return lambda text: speak(plain(text, _LONGEST))


def title_dialect_of(url: str) -> Callable[[str], str]:
    """The same for a title."""
    return _plain_line if url.partition(":")[0].lower() in _TITLES_ESCAPED else dialect_of(url)


def _plain_line(text: str) -> str:
    return plain(text, _LONGEST)
