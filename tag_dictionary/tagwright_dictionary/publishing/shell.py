"""The frame of every page: head with a strict content security policy, header with search, footer with the version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.publishing import addresses
from tagwright_dictionary.publishing.html import Html, attribute, el, escaped, is_mail, together

# No inline script or style, nothing from elsewhere, no plug-in, no frame, no form that leaves. 'self' also stands for
# the folder when the site is opened from a disk.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"

_NAVIGATION = (
    (addresses.START, "Keys"),
    (addresses.NEEDS, "Which tags do I need?"),
    (addresses.REQUIREMENTS, "Rules"),
    (addresses.AHEAD, "Coming up"),
    (addresses.CHANGES, "Changes"),
    (addresses.DATA, "Data"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page before it is framed. `path` is relative to the site; `scripts` are further files of `assets/`;
    `section` is the entry of the navigation it belongs to; `hero` pages bring a search field of their own.
    """

    path: str
    title: str
    body: Html
    description: str = ""
    scripts: tuple[str, ...] = ()
    section: str = addresses.START
    hero: bool = False
    gone: bool = False


class Shell:
    """Frames pages of one dictionary. What does not differ between pages is made once for each depth and section."""

    def __init__(self, dictionary: Dictionary, maker: str) -> None:
        self._dictionary = dictionary
        self._maker = maker
        self._name = escaped(dictionary.name)
        # A cache on the instance, so that it ends with it.
        self._top = lru_cache(maxsize=None)(self._make_top)
        self._head = lru_cache(maxsize=None)(self._make_head)
        self._foot = lru_cache(maxsize=None)(self._make_foot)

    def frame(self, page: Page) -> bytes:
        """The whole page."""
        root = addresses.root_of(page.path)
        robots = '<meta name="robots" content="noindex">' if page.gone else ""
        about = f'<meta name="description" content="{attribute(page.description)}">' if page.description else ""
        text = (
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f"<title>{escaped(page.title)} · {self._name}</title>{about}{robots}"
            f"{self._head(root, page.scripts)}{self._top(root, page.section, page.hero)}"
            f'<main id="content" tabindex="-1">{page.body}</main>\n{self._foot(root)}'
        )
        return text.encode("utf-8")

    def _make_head(self, root: str, scripts: tuple[str, ...]) -> str:
        more = "".join(f'<script src="{root}assets/{name}" defer></script>' for name in scripts)
        return (
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">'
            f'<link rel="icon" href="{root}assets/icon.svg" type="image/svg+xml">'
            f'<link rel="stylesheet" href="{root}assets/style.css">'
            f'<link rel="alternate" type="application/atom+xml" title="Changes" href="{root}feed.xml">'
            f'<script src="{root}assets/theme.js"></script>'
            f'<script src="{root}assets/site.js" defer></script>'
            f'<script src="{root}assets/search.js" defer></script>{more}\n</head>\n'
        )

    def _make_top(self, root: str, section: str, hero: bool) -> str:
        links = together(
            el(
                "a",
                name,
                href=root + path,
                aria_current=("page" if path == section else None),
            )
            for path, name in _NAVIGATION
        )
        return (
            f'<body data-root="{root}">\n<a class="skip" href="#content">Skip to the content</a>\n'
            f'<header class="top"><div class="wide">'
            f'<a class="brand" href="{root}{addresses.START}">{self._name}'
            f'<span class="version">{escaped(self._dictionary.version)}</span></a>'
            f'<nav aria-label="Site">{links}</nav>'
            f"{'' if hero else search_field('Search')}"
            '<button type="button" class="theme js" id="theme" aria-label="Theme: as the system"></button>'
            "</div></header>\n"
        )

    def _make_foot(self, root: str) -> str:
        found = self._dictionary
        contacts = together(
            (el("a", each, href=f"mailto:{each}") if is_mail(each) else escaped(each) for each in found.contacts), ", "
        )
        asks = f"<p>Questions: {contacts}</p>" if contacts else ""
        digest = f' · digest <code title="{attribute(found.digest)}">{found.digest[:12]}</code>' if found.digest else ""
        return (
            f'<footer><div class="wide">{asks}<p>{self._name} {escaped(found.version)}{digest} · '
            f'<a href="{root}{addresses.DATA}">data for programs</a> · <a href="{root}feed.xml">feed</a> · '
            f"made by {escaped(self._maker)}</p></div></footer>\n"
            '<div id="said" class="unseen" role="status" aria-live="polite"></div>\n</body>\n</html>\n'
        )


def search_field(label: str, *, hint: str = "", big: bool = False) -> Html:
    """The search field with its list of answers; without JavaScript it is not shown."""
    kind = "hero" if big else "small"
    return Html(
        f'<div class="search js {kind}" role="search" data-search="{kind}">'
        f'<label for="q" class="{"" if big else "unseen"}">{escaped(label)}</label>'
        f'<input id="q" type="search" autocomplete="off" spellcheck="false" autocapitalize="none" maxlength="200" '
        f'placeholder="{attribute(hint or "Search")}" aria-controls="answers" aria-describedby="search-help">'
        '<p id="search-help" class="unseen">Answers appear below while you type; '
        "the down arrow key moves to them, Escape clears.</p>"
        '<div class="answers" id="answers" hidden></div></div>'
    )
