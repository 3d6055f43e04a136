"""Dictionaries to publish, their sites, and a real Chromium to open them with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.loading import digest, load
from tagwright_dictionary.publishing import Options, Release, publish

DAY = date(2026, 11, 23)
OPTIONS = Options(DAY, "tagwright test")
DATA = Path(__file__).parent / "data"
SHIPPED = Path(__file__).parents[3] / "tag_dictionary" / "tagwright_dictionary" / "data" / "dictionary.yaml"

# Each would do harm where it is not escaped; the loader refuses some, a dictionary built by hand has them all.
HOSTILE = (
    "<script>document.title='owned'</script>",
    "</script><script>document.title='owned'</script>",
    "</title><img src=x onerror=\"document.title='owned'\">",
    "\"' onmouseover='document.title=1' x=\"",
    "--></style></textarea>]]><svg onload=alert(1)>",
    '=HYPERLINK("http://evil.example","x")',
    "+1", "-1", "@SUM(A1)", "\t=1+1", "\uff1d1+1",
    "a\u202eevil\u2066b", "zero\u200bwidth", "line\u2028sep\u2029", "nul\x00\x1b[31m",
    "../../etc/passwd", "..", ".", "con", "NUL.txt", "index", "a/b\\c", "UPPER", "upper", "caf\u00e9", "\u6771\u4eac",
    "${jndi:x}", "%{for}", "{{7*7}}", "&lt;b&gt;", "javascript:alert(1)", "x" * 300, "lone\ud800surrogate", " ", "~",
)  # fmt: skip


def hostile() -> Dictionary:
    """Every hostile text in every place that takes text."""
    values = tuple(
        Value(text, text, text, (f"alias {text}",), "deprecated", DAY, HOSTILE[0], text, text, (("team", (text,)),))
        for text in HOSTILE
    )
    keys = (
        Key("team", HOSTILE[1], HOSTILE[0], values, approvers=HOSTILE[:3]),
        *(Key(text, text, text, None, ".*", "", (), HOSTILE[:2], (text,)) for text in HOSTILE[:8]),
    )
    requirements = (
        Requirement(HOSTILE[0], Selector(everything=True), ("team", HOSTILE[0]), description=HOSTILE[2]),
        Requirement("types", Selector(types=tuple(HOSTILE[:3])), (HOSTILE[1],)),
    )
    made = Dictionary("</title><script>evil</script>", "1.0.0+<b>", keys, requirements, contacts=HOSTILE[:2])
    return replace(made, source="<i>")


def dictionary_of(count: int) -> Dictionary:
    """A cost-center key with that many values, each with a title, an owner, a billing code and a team."""
    teams = tuple(Value(f"team-{number}", f"Team {number}") for number in range(200))
    words = ("vision", "search", "speech", "ranking", "pricing", "fraud", "growth", "ledger")
    values = tuple(
        Value(
            f"cc-{number:05d}",
            f"{words[number % 8].title()} {words[number // 8 % 8]} {number}",
            f"Costs of {words[number % 7]}",
            (f"old-{number}",) if number % 3 == 0 else (),
            owner=f"{words[number % 8]}@acme.example",
            billing_code=f"B-{number % 5000:04d}",
            relations=(("team", (f"team-{number % 200}",)),),
        )
        for number in range(count)
    )
    keys = (
        Key("team", "Team", "Who runs it.", teams),
        Key("cost-center", "Cost center", "Where it is booked.", values),
    )
    asks = (Requirement("accountable", Selector(everything=True), ("cost-center", "team")),)
    made = Dictionary("large", "1.0.0", keys, asks)
    return replace(made, digest=digest(made), _index={})


@pytest.fixture(scope="session")
def acme() -> Dictionary:
    return load(DATA / "acme.yaml", cache=False)


@pytest.fixture(scope="session")
def acme_before() -> Dictionary:
    return load(DATA / "acme_before.yaml", cache=False)


@pytest.fixture(scope="session")
def acme_next() -> Dictionary:
    return load(DATA / "acme_next.yaml", cache=False)


@pytest.fixture(scope="session")
def acme_site(
    acme: Dictionary, acme_before: Dictionary, acme_next: Dictionary, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Version 2.3.0 with the one before it and the one that is being prepared."""
    folder = tmp_path_factory.mktemp("acme") / "site"
    coming = Release(acme_next, date(2027, 1, 15))
    publish(acme, folder, OPTIONS, [Release(acme_before, date(2026, 9, 1))], coming=coming)
    return folder


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a version before it and one after it that lack some of the values: they are told as changes too."""
    folder = tmp_path_factory.mktemp("hostile") / "site"
    now = hostile()
    before = _without(now, "0.9.0", now.keys[0].values[::2])
    after = _without(now, "2.0.0+<i>", now.keys[0].values[1::2])
    gone = Key("gone", HOSTILE[0], HOSTILE[2], (Value(HOSTILE[0], HOSTILE[1]),))
    publish(
        now,
        folder,
        OPTIONS,
        [Release(replace(before, keys=(*before.keys, gone)), DAY)],
        coming=Release(after),
    )
    return folder


def _without(dictionary: Dictionary, version: str, values: tuple[Value, ...]) -> Dictionary:
    key = replace(dictionary.keys[0], values=values)
    return replace(dictionary, version=version, keys=(key, *dictionary.keys[1:]), _index={})


@pytest.fixture(scope="session")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long") / "site"
    publish(dictionary_of(3_050), folder, OPTIONS)
    return folder


@pytest.fixture(scope="session")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "site"
    publish(dictionary_of(50_000), folder, OPTIONS)
    return folder


class Watched:
    """A page with what went wrong on it, and every address it asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type != "info" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("requestfailed", self._failed)
        page.on("request", lambda request: self.requests.append(request.url))

    def _failed(self, request: Any) -> None:
        # A request that is under way when the next page is opened is given up by the browser.
        if request.failure != "net::ERR_ABORTED":
            self.errors.append(f"failed {request.url}: {request.failure}")

    def open(self, site: Path, path: str) -> Any:
        self.page.goto("about:blank")
        self.page.goto(f"file://{site}/{path}")
        return self.page

    def is_clean(self, site: Path) -> bool:
        """Nothing was written to the console, and nothing asked for but files of the site."""
        foreign = [url for url in self.requests if not url.startswith((f"file://{site}/", "about:blank"))]
        assert (self.errors, foreign) == ([], [])
        return True


@pytest.fixture
def watch(chromium: Any) -> Iterator[Callable[..., Watched]]:
    """Open a page of its own context: `watch(color_scheme="dark", viewport=...)`."""
    contexts = []

    def made(**options: Any) -> Watched:
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        return Watched(context.new_page())

    yield made
    for context in contexts:
        context.close()
