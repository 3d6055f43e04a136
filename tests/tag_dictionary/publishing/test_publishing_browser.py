"""The site in a real Chromium, opened from a disk: search, keyboard, themes, accessibility, the form."""

from __future__ import annotations

import random
import re
from pathlib import Path
from statistics import median

import pytest
from tests.tag_dictionary.publishing.browsing import DESK, PHONE, until

PAGES = (
    "index.html",
    "index.html#q=vision",
    "needs.html",
    "needs.html#cloud=kubernetes&type=Pod&gpu=1&on=2027-02-01&tag.team=vision&tag.cost-center=cc-4200&tag.owner=x%40e.vil",
    "requirements.html",
    "ahead.html",
    "changes.html",
    "data.html",
    "keys/cost-center.html",
    "keys/owner.html",
    "values/cost-center/cc-4000.html",
    "values/cost-center/cc-3000.html",
    "values/environment/prod.html",
)


def axe():
    """axe-core, as the package that brings it has it."""
    package = pytest.importorskip("axe_playwright_python", reason="the extra 'dev' has axe-core")
    return (Path(package.__file__).parent / "axe.min.js").read_text("utf-8")


def search(page, text):
    page.fill("#q", "")  # at once, while answers come with the next frame: those of another text would be read
    page.fill("#q", text)
    until(page, "Boolean(document.querySelector('#answers .count')?.textContent.match(/answer/i))")
    return page.locator("#answers li a code").all_text_contents()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_is_accessible(watch, acme_site, scheme, viewport):
    """axe-core finds nothing against WCAG 2.2 A and AA or its best practices; nothing overflows."""
    source = axe()
    watched = watch(color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
    for path in PAGES:
        page = watched.open(acme_site, path)
        until(page, "!document.querySelector('#summary') || document.querySelector('#summary').textContent")
        if "#q" in path:
            page.wait_for_selector("#answers li")
        page.evaluate(source)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
        problems = [
            (each["id"], node["target"], node["failureSummary"])
            for each in found["violations"]
            for node in each["nodes"]
        ]
        assert problems == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert watched.is_clean(acme_site)


def test_a_hostile_dictionary_does_nothing(watch, hostile_site):
    """No script of a value runs, on its page, in the answers or in the form; the console stays empty."""
    watched = watch()
    for path in sorted(hostile_site.rglob("*.html")):
        page = watched.open(hostile_site, path.relative_to(hostile_site).as_posix().replace("%", "%25"))
        assert "owned" not in (page.title().replace("='owned'", ""))
        assert page.evaluate("document.querySelectorAll('main img, main svg, main script').length") == 0
    page = watched.open(hostile_site, "index.html")
    for text in ("<script", "onerror", "evil", "HYPERLINK", "alias", "'"):
        assert search(page, text)
    assert page.evaluate("document.querySelectorAll('#answers img, #answers script').length") == 0
    assert page.locator("#answers").inner_text().replace("\n", "").isprintable()
    page = watched.open(hostile_site, "needs.html")
    until(page, "document.querySelector('#summary').textContent")
    options = page.locator("#tags select").first.locator("option").count()
    for at in range(1, options):
        page.locator("#tags select").first.select_option(index=at)
        assert page.evaluate("document.querySelectorAll('#snippet img, #snippet script').length") == 0
    assert watched.is_clean(hostile_site)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cc-4100", ["cc-4100"]),
        ("B-17", ["cc-4100"]),
        ("computer-vision", ["vision"]),
        ("Vision production", ["cc-4110"]),
        ("search@acme", ["search", "cc-4200"]),
        ("cost", ["cost-center"]),
        ("cfo-office", ["cost-center"]),
        ("team:s", ["search", "speech"]),
        ("team:", ["vision", "search", "speech"]),
        ("PRODUCTION prd", ["prod"]),
        ("old research", ["cc-4000"]),
        ("servng", ["inference"]),
        ("not in a product", ["cc-4100"]),
        ("notebooks trials", ["experimentation"]),
    ],
)
def test_search_answers(watch, acme_site, text, first):
    """By value, billing code, alias, title, owner, key, approver, within a key, in any case, with a slip of the pen."""
    watched = watch()
    found = search(watched.open(acme_site, "index.html"), text)
    assert found[: len(first)] == first
    assert watched.is_clean(acme_site)


def test_near_misses_are_those_of_plain_counting(watch, long_site):
    """Values at most two edits away, nearest first: found as an exhaustive count of edits finds them."""
    page = watch().open(long_site, "index.html")
    chance = random.Random(7)
    for _ in range(12):
        word = f"cc-{chance.randrange(3_050):05d}"
        for _ in range(2):
            at = chance.randrange(len(word))
            before, after = word[:at], word[at:]
            word = chance.choice((before + after[1:], f"{before}x{after}", f"{before}q{after[1:]}"))
        away = sorted(_edits(word, f"cc-{number:05d}") for number in range(3_050))
        expected = [each for each in away if each <= 2][:5]
        found = search(page, word)
        assert [_edits(word, each) for each in found] == expected, (word, found)


def _edits(one, other):
    """How many letters must be put in, taken out or replaced (Levenshtein)."""
    row = list(range(len(other) + 1))
    for at, left in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, right in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (left != right))
    return row[-1]


def test_search_says_when_there_is_nothing(watch, acme_site):
    """In words, on the page and to a screen reader; clearing the field clears the answers."""
    page = watch().open(acme_site, "index.html")
    assert search(page, "zzzzzzzz") == []
    assert page.locator("#answers").inner_text() == "No answer for zzzzzzzz"
    until(page, "document.querySelector('#said').textContent === 'No answer for zzzzzzzz'")
    page.fill("#q", "")
    until(page, "document.querySelector('#answers').hidden")


def test_search_with_the_keyboard_alone(watch, acme_site):
    """The slash key goes to the field, arrows to the answers and back, Enter opens, Escape clears."""
    watched = watch()
    page = watched.open(acme_site, "keys/team.html")
    page.keyboard.press("/")
    page.keyboard.type("vision")
    page.wait_for_selector("#answers li")
    until(page, "document.querySelector('#said').textContent === '3 answers'")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.querySelector('code').textContent") == "cc-4100"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    assert page.input_value("#q") == ""
    assert page.locator("#answers").is_hidden()
    page.keyboard.type("b-18")
    page.wait_for_selector("#answers li")
    page.keyboard.press("Enter")
    page.wait_for_url("**/values/cost-center/cc-4110.html")
    assert watched.is_clean(acme_site)


def test_the_first_tab_skips_to_the_content(watch, acme_site):
    """And every control can be reached and is seen to be reached."""
    page = watch(viewport=DESK).open(acme_site, "needs.html")
    until(page, "document.querySelector('#summary').textContent")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => {
                const at = document.activeElement;
                const style = getComputedStyle(at.matches('.choice input') ? at.nextElementSibling : at);
                return [at.id || at.name || at.className || at.tagName, style.outlineStyle !== 'none'];
            }"""
        )
        if focus[0] == "BODY":
            break
        seen.append(focus)
    assert [name for name, outlined in seen if not outlined] == []
    assert {"cloud", "kind", "type", "gpu", "day", "when-0", "when-1", "tag-0", "recommended", "copy"} <= {
        name for name, _ in seen
    }


def test_the_theme_is_kept(watch, acme_site):
    """The button goes from the system's theme to light and dark; the next page begins as chosen."""
    watched = watch(color_scheme="light")
    page = watched.open(acme_site, "index.html")

    def ground():
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = ground()
    assert page.get_attribute("#theme", "aria-label") == "Theme: as the system"
    page.click("#theme")
    assert (page.get_attribute("#theme", "aria-label"), ground()) == ("Theme: light", light)
    page.click("#theme")
    assert page.get_attribute("#theme", "aria-label") == "Theme: dark"
    assert ground() != light
    page = watched.open(acme_site, "keys/team.html")
    assert ground() != light
    page.click("#theme")
    assert ground() == light
    assert watched.is_clean(acme_site)


def test_a_page_is_read_without_scripts(watch, acme_site):
    """Everything but search and form is there; what needs a script is not shown at all."""
    watched = watch(java_script_enabled=False)
    page = watched.open(acme_site, "index.html")
    assert page.locator(".search").count() == 1
    assert not page.locator(".search").is_visible()
    assert not page.locator("#theme").is_visible()
    assert "Search needs JavaScript" in page.locator("noscript p:visible").inner_text()
    page.get_by_role("link", name="Cost center").click()
    page.get_by_role("link", name="cc-4100").click()
    assert page.get_by_text("Models that are not in a product yet").is_visible()
    page = watched.open(acme_site, "needs.html")
    assert "These are the rules that it applies" in page.locator("noscript p:visible").inner_text()
    assert not page.locator("#needs").is_visible()


def test_the_end_of_a_value_is_known_to_the_day(watch, acme_site):
    """The badge of a deprecated value says on the reader's day whether it is still accepted."""
    watched = watch()
    watched.page.clock.set_fixed_time("2027-01-31T12:00:00")
    page = watched.open(acme_site, "values/cost-center/cc-4000.html")
    assert page.locator(".title .badge").inner_text() == "deprecated, until 2027-01-31"
    watched.page.clock.set_fixed_time("2027-02-01T12:00:00")
    page = watched.open(acme_site, "values/cost-center/cc-4000.html")
    assert page.locator(".title .badge").inner_text() == "ended on 2027-01-31, refused"


def test_it_prints(watch, acme_site):
    """On paper: black on white whatever the theme, no controls, the whole table."""
    page = watch(color_scheme="dark").open(acme_site, "keys/cost-center.html")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for hidden in (".top nav", ".search", "#theme"):
        assert not page.locator(hidden).is_visible()
    assert page.get_by_text("cc-3900").is_visible()


# Milliseconds from the key pressed to the list drawn.
ANSWER = """text => new Promise(done => {
    const field = document.querySelector('#q');
    field.value = text;
    const start = performance.now();
    field.dispatchEvent(new Event('input', {bubbles: true}));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""


def test_search_among_50000_values(watch, large_site):
    """An answer takes less than 100 ms, from the key pressed to the list drawn, whatever is asked; the index is loaded
    only when somebody is about to search.
    """
    watched = watch()
    page = watched.open(large_site, "values/cost-center/cc-00042.html")
    assert not [url for url in watched.requests if "/search/" in url]
    page = watched.open(large_site, "index.html")
    page.focus("#q")
    until(page, "tagwright.searchReady().then(() => true)")
    times = []
    for text in (
        "c",
        "cc-4",
        "cc-41234",
        "vision",
        "B-0042 growth",
        "old-42",
        "fraud ledger",
        "cost-center:49",
        "zq",
        "vison 123",
    ):
        # The machine may be busy with other tests: the best of some tries is what the page itself takes.
        times.append(min(page.evaluate(ANSWER, text) for _ in range(5)))
        assert page.locator("#answers .count").inner_text(), text
    assert median(times) < 100
    assert max(times) < 200
    page.fill("#q", "cc-41234")
    until(page, "/^1 answer/.test(document.querySelector('#answers .count').textContent)")
    assert re.search(r"cc-41234", page.locator("#answers li").first.inner_text())
    assert watched.is_clean(large_site)

    # The form finds a value among 50,000 offered ones just as fast.
    page = watched.open(large_site, "needs.html")
    until(page, "Boolean(document.querySelector('#summary').textContent)")
    field = page.locator("#tags").get_by_label("Cost center")
    assert field.get_attribute("placeholder") == "type to find one of 50,000"
    took = page.evaluate(
        """() => {
            const field = document.querySelector('#tags input[data-key="cost-center"]');
            field.value = 'cc-4123';
            const start = performance.now();
            field.dispatchEvent(new Event('input', {bubbles: true}));
            return performance.now() - start;
        }"""
    )
    offered = page.evaluate("Array.from(document.querySelectorAll('#tags datalist option'), each => each.value)")
    assert offered == [f"cc-4123{digit}" for digit in range(10)]
    assert took < 250
    assert watched.is_clean(large_site)
