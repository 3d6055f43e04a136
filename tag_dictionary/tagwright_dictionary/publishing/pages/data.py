"""The page for programs: each file of the site, what is in it, and how to prove that it is the right one."""

from __future__ import annotations

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.publishing import addresses
from tagwright_dictionary.publishing.html import el, escaped, together
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.shell import Page

FILES = (
    (
        "dictionary.json",
        "The whole dictionary with everything it pulls in: gates may load it. Its SHA-256 is the dictionary's digest.",
    ),
    (
        "values.csv",
        "Every approved value in a row, for spreadsheets. What would run as a formula begins with an apostrophe.",
    ),
    ("dictionary.schema.json", "The JSON Schema of the dictionary's format, for editors."),
    ("changes.json", "What each version changed, and what is coming up."),
    ("feed.xml", "The same as an Atom feed."),
    ("manifest.json", "Every file of this site with its SHA-256."),
)


def data_page(dictionary: Dictionary) -> Page:
    """What programs and spreadsheets may fetch."""
    rows = [(el("a", parts.code(name), href=name), escaped(says)) for name, says in FILES]
    proof = el(
        "section",
        el("h2", "Is it the right one?"),
        el("p", "This prints the digest that every report of the gate names:"),
        parts.copyable("sha256sum dictionary.json", "the command"),
        parts.definitions((("Digest", parts.code(dictionary.digest)),)),
    )
    stable = el(
        "section",
        el("h2", "Addresses that last"),
        el(
            "p",
            "A key lives at ",
            parts.code("keys/<key>.html"),
            ", a value at ",
            parts.code("values/<key>/<value>.html"),
            ". They do not change while the key and the value exist, and a value that was removed leaves a page that "
            "says so. Names that no file may have get a readable beginning and a digest instead.",
        ),
    )
    body = together(
        (
            el("h1", "Data"),
            el("p", "Everything on this site, for programs and spreadsheets.", class_="lead"),
            parts.table("Files", ("File", "What is in it"), rows),
            proof,
            stable,
        )
    )
    return Page(addresses.DATA, "Data", body, section=addresses.DATA)
