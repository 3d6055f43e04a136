"""The HTML in a real Chromium: it works, it asks for nothing, it runs nothing from outside, everybody can read it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.drift_scanner.report.conftest import report
from tests.drift_scanner.report.estate import HOSTILE, NOW, estate, finding, hostile, many

from tagwright_drift.history.records import EventKind
from tagwright_drift.levels import Standing
from tagwright_drift.report import words
from tagwright_drift.report.html.page import page
from tagwright_drift.report.model import ReportData

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
STATES = {
    "incomplete": lambda: estate(24),
    "clean": lambda: estate(0, whole=True),
    "one finding": lambda: estate(1, whole=True, resolved=0),
    "first run, no costs": lambda: estate(24, weeks=1, costs=False),
    "hostile": hostile,
}


@pytest.fixture(scope="module")
def large() -> ReportData:
    return report(estate(2_000))


@pytest.fixture(scope="module")
def large_page(large) -> str:
    return page(large)


# Colours differ by theme and layouts by width; one state is looked at in all four ways.
LOOKS = [
    *((state, *look) for state in STATES for look in ((DESK, "dark"), (PHONE, "light"))),
    ("incomplete", DESK, "light"),
    ("incomplete", PHONE, "dark"),
]


@pytest.mark.parametrize(
    ("state", "size", "scheme"), LOOKS, ids=[f"{state}-{size['width']}-{scheme}" for state, size, scheme in LOOKS]
)
def test_everybody_can_read_it(opened, state, size, scheme):
    """axe-core finds nothing against WCAG 2.2 A and AA or its best practices, details open; nothing overflows."""
    package = pytest.importorskip("axe_playwright_python", reason="the extra 'dev' has axe-core")
    source = (Path(package.__file__).parent / "axe.min.js").read_text("utf-8")
    view = opened(page(report(STATES[state]())), color_scheme=scheme, viewport=size)
    for button in view.page.locator("#list button[aria-expanded]").all()[:2]:
        button.click()
    view.page.locator("summary").all() and view.page.locator("summary").first.click()
    assert view.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert view.is_clean()
    view.page.evaluate(source)
    found = view.page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    problems = [
        (each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found["violations"]
    ]
    assert problems == []


def test_it_forbids_itself_everything(large_page):
    """Nothing is fetched, no script but ours, no inline handler or style; the policy stands before what it governs."""
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', large_page)
    assert policy is not None
    words_ = policy.group(1).replace("&#39;", "'")
    assert "default-src 'none'" in words_
    assert "unsafe" not in words_
    assert "http" not in words_
    assert large_page.index("Content-Security-Policy") < large_page.index("<script")
    without_data = re.sub(r'<script type="application/json".*?</script>', "", large_page, flags=re.DOTALL)
    markup = re.sub(r"<(script|style)>.*?</\1>", "", without_data, flags=re.DOTALL)
    assert re.findall(r"\s(?:on\w+|style|src|srcset|action|formaction)\s*=", markup) == []
    assert set(re.findall(r'href="([^"]*)"', markup)) == {"#summary", "#findings"}


def test_the_policy_bites(opened, large_page):
    """The same page with a script and a request added: Chromium refuses both (so the other tests can fail)."""
    evil = "<script>document.title='owned'</script><img src='http://127.0.0.1:9/x.png'>"
    view = opened(large_page.replace("</body>", f"{evil}</body>"))
    assert view.page.title() != "owned"
    assert any("policy: script-src" in error for error in view.errors)
    assert any("policy: img-src" in error for error in view.errors)


def test_nothing_hostile_runs_and_nothing_is_lost(opened):
    """Every hostile text in every field: shown as text, with what is hidden made visible."""
    data = report(hostile())
    view = opened(page(data))
    assert view.page.title() != "owned"
    assert view.is_clean()
    for item, shown in zip(data.items, view.rows(), strict=True):
        text = item.record.name
        if not text.strip():
            assert shown == "(blank)"
        elif text.isprintable():
            assert shown.startswith(" ".join(text.split()) if len(text) < 200 else text[:200])
        else:
            assert re.search(r"\\(x[0-9a-f]{2}|u[0-9a-f]{4})", shown)
        assert shown.isprintable()
    for button in view.page.locator("#list button[aria-expanded]").all():
        button.click()
    assert view.page.locator("#list .details").count() == len(HOSTILE)
    assert (
        view.page.locator(
            "main script, main iframe, main img, main a[href^='http'], main a[href^='javascript']"
        ).count()
        == 0
    )
    assert view.page.title() != "owned"
    assert view.is_clean()


def test_the_list_is_the_report(opened, large, large_page):
    """Every finding, in the report's order, page by page; figures in words equal those of the other formats."""
    view = opened(large_page)
    assert view.said() == "2,000 findings, 1 to 50 shown"
    names = [item.record.name for item in large.items]
    assert view.rows() == names[:50]
    view.page.get_by_role("button", name="Last").click()
    assert view.rows() == names[-50:]
    assert view.said() == "2,000 findings, 1,951 to 2,000 shown"
    view.page.get_by_role("button", name="Previous").click()
    assert view.rows() == names[-100:-50]
    view.page.get_by_role("button", name="First").click()
    cells = view.page.locator("#list tbody tr:not(.more-row)").all()
    for row, item in zip(cells, large.items[:50], strict=False):
        text = row.inner_text()
        assert words.age_words(item, NOW) in text
        assert words.due_words(item.clock, NOW) in text
        if item.record.usd_per_day is not None:
            assert words.money(item.record.usd_per_day) in text
    assert view.is_clean()


FILTERS = {
    "status=Overdue": lambda item: item.clock.standing is Standing.BREACHED and item.record.certainty == "definite",
    "status=Due soon": lambda item: item.clock.standing is Standing.DUE_SOON and item.record.certainty == "definite",
    "status=New": lambda item: item.change is EventKind.NEW,
    "status=Came back": lambda item: item.change is EventKind.REGRESSED,
    "status=Undecided": lambda item: item.record.certainty == "undecided",
    "status=Not verified by this scan": lambda item: item.stale,
    "severity=Warning": lambda item: item.record.severity == "warning",
}


@pytest.mark.parametrize("choice", FILTERS)
def test_filters(opened, large, large_page, choice):
    """Each shows exactly the findings that it names."""
    name, label = choice.split("=")
    view = opened(large_page)
    view.page.locator(f"#f-{name}").select_option(label=label)
    wanted = [item.record.name for item in large.items if FILTERS[choice](item)]
    assert 0 < len(wanted) < 2_000
    assert view.said().startswith(f"{len(wanted):,} findings of 2,000")
    assert view.rows() == wanted[:50]
    view.page.get_by_role("button", name="Clear filters").click()
    assert view.said() == "2,000 findings, 1 to 50 shown"


@pytest.mark.parametrize(("name", "read"), [
    ("rule", lambda item: item.record.rule), ("type", lambda item: item.record.type),
    ("account", lambda item: item.record.account), ("owner", lambda item: item.owner or "Nobody known"),
])  # fmt: skip
def test_filters_by_what_there_is(opened, large, large_page, name, read):
    """The choices are what the findings have, with exact numbers; choosing one shows just these."""
    view = opened(large_page)
    options = view.page.locator(f"#f-{name} option").all_inner_texts()[1:]
    counts = {}
    for item in large.items:
        counts[read(item)] = counts.get(read(item), 0) + 1
    assert {
        option.rpartition(" (")[0]: int(option.rpartition(" (")[2][:-1].replace(",", "")) for option in options
    } == counts
    view.page.locator(f"#f-{name}").select_option(index=2)
    value = options[1].rpartition(" (")[0]
    assert view.rows() == [item.record.name for item in large.items if read(item) == value][:50]


ORDERS = {
    "Most expensive": lambda item: -(item.record.usd_per_day if item.record.usd_per_day is not None else -1),
    "Oldest": lambda item: item.record.first_seen,
    "Due first": lambda item: item.clock.due.timestamp() if item.clock.due else float("inf"),
    "Name": lambda item: item.record.name,
    "Owner": lambda item: (item.owner == "", item.owner),
}


@pytest.mark.parametrize("order", ORDERS)
def test_orders(opened, large, large_page, order):
    """As Python sorts (both are stable); on small screens and by the select alike."""
    view = opened(large_page)
    view.page.locator("#sort").select_option(label=order)
    assert view.rows() == [item.record.name for item in sorted(large.items, key=ORDERS[order])][:50]


def test_headers_sort_and_say_so(opened, large, large_page):
    """A header sorts, a second time backwards, keeps the focus, and tells a screen reader."""
    view = opened(large_page)
    header = view.page.get_by_role("columnheader", name="A day", exact=True)
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "ascending"
    assert view.page.evaluate("document.activeElement.textContent") == "A day"
    header.get_by_role("button").click()
    assert header.get_attribute("aria-sort") == "descending"
    dear = sorted(large.items, key=ORDERS["Most expensive"])
    assert view.rows() == [item.record.name for item in reversed(dear)][:50]


@pytest.mark.parametrize(
    "query",
    ["unreached gpu", "DATASETS-101", "arn:aws:lambda us-west-2", "fraud@acme.example", "environment = staging", "zzz"],
)
def test_search(opened, large, large_page, query):
    """Every word must be in it somewhere: name, ARN, type, place, rule, key, message, owner, tags."""
    view = opened(large_page)
    view.page.locator("#q").fill(query)

    def holds(item, word):
        record = item.record
        fields = [record.name, record.address, record.type, record.account, record.region, record.rule, record.key,
                  record.message, item.owner, record.value or "", record.group, record.requirement,
                  *(f"{key} = {value}" for key, value in record.tags)]  # fmt: skip
        return any(word in field.lower() for field in fields)

    wanted = [item.record.name for item in large.items if all(holds(item, word) for word in query.lower().split())]
    assert bool(wanted) is (query != "zzz")
    start = f"{len(wanted):,} finding{'' if len(wanted) == 1 else 's'} of" if wanted else "No finding matches"
    view.until("#count", start)
    assert view.rows() == wanted[:50]
    view.page.keyboard.press("Escape")
    assert view.said() == "2,000 findings, 1 to 50 shown"


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "without"])
def test_copy(opened, large, large_page, clipboard):
    """The command, the ARN and the line of code, byte for byte as the report has them; also in an old browser."""
    view = opened(large_page, permissions=["clipboard-read", "clipboard-write"])
    if not clipboard:
        view.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    number, item = next(
        (number, item) for number, item in enumerate(large.items[:50]) if item.fix.value and item.fix.command
    )
    row = view.page.locator("#list tbody tr:not(.more-row)").nth(number)
    row.get_by_role("button", name="Details").click()
    details = view.page.locator("#list .details")
    for label, wanted in (
        ("Copy command", item.fix.command),
        ("Copy ARN", item.record.address),
        ("Copy code", item.fix.code),
    ):
        details.get_by_role("button", name=label).click()
        view.until("#said", "Copied")
        assert view.page.evaluate("navigator.clipboard.readText()") == wanted
        view.until("#said", "")
    row.get_by_role("button", name="Copy fix").click()
    view.until("#said", "Copied")
    assert view.page.evaluate("navigator.clipboard.readText()") == item.fix.command


def test_commands_survive_their_compression(opened):
    """Commands are written once and filled in by the page: each row copies its own, hostile ones too."""
    data = report(hostile())
    view = opened(page(data))
    made = view.page.evaluate(
        """() => { const d = JSON.parse(document.getElementById('rows').textContent);
           return d.columns.command.map((at, row) => d.texts[at].replace('\\0', () => d.columns.address[row])); }"""
    )
    assert [text.encode("utf-8", "surrogatepass") for text in made] == [
        item.fix.command.encode("utf-8", "surrogatepass") for item in data.items
    ]


def test_summary_leads_into_the_list(opened, large, large_page):
    """A number or an owner of the summary filters the list to exactly what it counts."""
    view = opened(large_page)
    view.page.get_by_role("link", name=f"{large.counts.breached:,}").click()
    assert view.said().startswith(f"{large.counts.breached:,} findings of 2,000")
    top = large.owners[1]
    view.page.get_by_role("link", name=top.owner).click()
    assert view.said().startswith(f"{top.findings:,} findings of 2,000")
    view.page.get_by_role("link", name="Nobody known").click()
    assert view.said().startswith(f"{large.owners[0].findings:,} findings of 2,000")


def test_by_keyboard(opened, large_page):
    """Skip link first; / goes to the search; Enter on Details opens; every control shows where the focus is."""
    view = opened(large_page)
    view.page.keyboard.press("Tab")
    assert view.page.evaluate("document.activeElement.textContent") == "Skip to the report"
    view.page.keyboard.press("/")
    assert view.page.evaluate("document.activeElement.id") == "q"
    view.page.locator("#list button[aria-expanded]").first.focus()
    view.page.keyboard.press("Enter")
    assert view.page.locator("#list .details").count() == 1
    style = "getComputedStyle(document.activeElement)"
    assert view.page.evaluate(f"{style}.outlineStyle + {style}.outlineWidth") == "solid3px"


def test_theme(opened, large_page):
    """As the system, light, dark, and kept for the next time; colours really change, the chart's too."""
    view = opened(large_page, color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    line = "getComputedStyle(document.querySelector('.chart .s-accent')).stroke"
    light = view.page.evaluate(ground), view.page.evaluate(line)
    for label in ("light", "dark"):
        view.page.locator("#theme").click()
        assert view.page.locator("#theme").get_attribute("aria-label") == f"Theme: {label}"
    dark = view.page.evaluate(ground), view.page.evaluate(line)
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    view.page.reload()
    assert view.page.evaluate(ground) == dark[0]


def test_the_chart_without_sight(opened, large, large_page):
    """It has a name and a description, and every number stands in a table beside it."""
    view = opened(large_page)
    chart = view.page.get_by_role("img", name="Compliance from 27 Aug 2026 to 26 Nov 2026")
    assert chart.count() == 1
    view.page.locator("summary").click()
    rows = [row.split("\t") for row in view.page.locator(".numbers tbody tr").all_inner_texts()]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (words.day_words(point.at), words.share_words(point.spend_share), words.share_words(point.count_share))
        for point in reversed(large.trend.points)
    ]


def test_without_scripts(opened, large_page):
    """The summary is all there; the list says where else to look."""
    view = opened(large_page, java_script_enabled=False)
    text = view.page.locator("body").inner_text()
    for part in (
        "31,204 of 34,000 cells seen",
        "91.4%",
        "Act first",
        "Owners by untagged spend",
        "CSV, Markdown and JSON",
    ):
        assert part in text
    assert view.page.locator("#tools").is_hidden()


@pytest.mark.parametrize("state", STATES)
def test_it_prints_to_one_page(chromium, opened, state, tmp_path):
    """The summary on one sheet of A4, whatever is in it."""
    view = opened(page(report(STATES[state]())), viewport=DESK)
    view.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / "report.pdf").read_bytes())) == 1


def test_the_longest_summary_prints_to_one_page(opened, tmp_path):
    """Many owners, many gaps, long names and messages."""
    history = estate(400)
    long = "x" * 60 + " " + "very long words " * 12
    history.records += [
        finding(50_000 + n, name=f"{long} {n}", message=long, help=long, chain=long,
                usd_per_day=9_000.0 + n, usd_basis="billed",
                tags=(("owner", f"somebody-with-a-long-name-{n}@a-long-domain.acme.example"), ("environment", "prod")))
        for n in range(30)
    ]  # fmt: skip
    view = opened(page(report(history)), viewport=DESK)
    view.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / "report.pdf").read_bytes())) == 1


def test_a_hundred_thousand_findings_stay_usable(opened):
    """Twenty thousand here (the benchmark has more): the list answers within a second, however slow the machine."""
    history = estate(0)
    history.records = many(20_000)
    view = opened(page(report(history)))
    assert view.said() == "20,000 findings, 1 to 50 shown"
    took = view.page.evaluate(
        """async () => { const start = performance.now(); const q = document.getElementById('q');
           q.value = 'datasets unreached'; q.dispatchEvent(new Event('input'));
           const said = () => document.getElementById('count').textContent;
           while (!said().includes(' of ')) await new Promise((go) => setTimeout(go, 5));
           return performance.now() - start; }"""
    )
    assert took < 1_000 + 120
    assert view.page.locator("#list tbody tr:not(.more-row)").count() == 50
    assert view.is_clean()


def test_the_data_is_not_markup():
    """Whatever is in it, the embedded JSON holds no character that could end its element, and reads back whole."""
    text = page(report(hostile()))
    rows = re.search(r'<script type="application/json" id="rows">(.*?)</script>', text, re.DOTALL)
    assert rows is not None
    assert not set("<>&\u2028\u2029") & set(rows.group(1))
    assert sorted(json.loads(rows.group(1))["columns"]["name"]) == sorted(HOSTILE)
