"""Tomorrow's dictionary beside today's: what changes on a day that is known, and the next version."""

from __future__ import annotations

from collections.abc import Sequence

from tagwright_dictionary.publishing import addresses, words
from tagwright_dictionary.publishing.ahead import Ahead, Turn, sides
from tagwright_dictionary.publishing.facts import Facts
from tagwright_dictionary.publishing.history import Chapter, Line
from tagwright_dictionary.publishing.html import EMPTY, Html, el, escaped, together
from tagwright_dictionary.publishing.pages import parts
from tagwright_dictionary.publishing.shell import Page

ROWS = 500
"""Rows of one day, and of the next version; of more than these the number is given (the JSON has them all)."""

SOON = 4
LISTED = 20
"""Lines on the start page, and of each kind on that of a key or value."""


def ahead_page(facts: Facts, ahead: Ahead) -> Page:
    """What the next version changes, then what changes on its day: today's side and the other beside each other."""
    day = facts.day.isoformat()
    body = together(
        (
            el("h1", "Coming up"),
            el(
                "p",
                "Today's dictionary beside tomorrow's: what changes by itself on a day that is already set, "
                "and what the next version will change. As of ",
                el("time", day, datetime=day),
                ".",
                class_="lead",
            ),
            _coming(facts, ahead.coming) if ahead.coming is not None else None,
            _dated(facts, ahead.turns) if ahead.turns else _nothing(ahead),
        )
    )
    return Page(addresses.AHEAD, "Coming up", body, section=addresses.AHEAD)


def soon(facts: Facts, ahead: Ahead) -> Html:
    """The first few of what is ahead, for the start page; nothing where there is nothing."""
    items = [turn_line("", facts, turn) for turn in ahead.turns[:SOON]]
    if ahead.coming is not None:
        items.insert(0, _next_line(ahead.coming))
    if not items:
        return EMPTY
    return el(
        "section",
        el("h2", "Coming up"),
        el("ul", together(items), class_="changes"),
        el("p", el("a", "Today and tomorrow side by side", href=addresses.AHEAD)),
    )


def about(root: str, facts: Facts, turns: Sequence[Turn], lines: Sequence[Line], ahead: Ahead) -> Html:
    """What is ahead of one key or value, for its page; nothing where there is nothing."""
    items = [turn_line(root, facts, turn) for turn in turns[:LISTED]]
    if ahead.coming is not None:
        version = together((_version(root, ahead.coming), ": "))
        items += [el("li", version, parts.change(facts, line, root)) for line in lines[:LISTED]]
    if not items:
        return EMPTY
    more = max(0, len(turns) - LISTED) + max(0, len(lines) - LISTED)
    rest = el("p", el("a", f"and {more:,} more", href=root + addresses.AHEAD)) if more else None
    return el("section", el("h2", "Coming up"), el("ul", together(items), class_="changes"), rest)


def turn_line(root: str, facts: Facts, turn: Turn) -> Html:
    """`from 2027-01-01: cost-center cc-4000 is refused`."""
    day = turn.day.isoformat()
    return el(
        "li",
        el("a", el("time", day, datetime=day), href=f"{root}{addresses.AHEAD}#{_anchor(day)}", class_="day"),
        " ",
        _subject(root, facts, turn),
        f" {'is ' if turn.value or turn.exemption else ''}{turn.then}",
        together((", not ", turn.now)) if turn.requirement else None,
    )


def _anchor(day: str) -> str:
    return f"d{day}"


def _dated(facts: Facts, turns: tuple[Turn, ...]) -> Html:
    rows = []
    before = ""
    for turn in turns[:ROWS]:
        day = turn.day.isoformat()
        first = el("time", day, datetime=day, id=_anchor(day) if day != before else None)
        begun = el("span", class_="js begun", data_begun=day)
        before = day
        then = together((el("strong", turn.then), _use(facts, turn)))
        rows.append((together((first, begun)), _subject("", facts, turn), escaped(turn.now), then))
    more = el("p", f"and {len(turns) - ROWS:,} more, all in changes.json") if len(turns) > ROWS else None
    title = "On a day that is set"
    table = parts.table(title, ("From", "What", "Today", "Then"), rows)
    return el("section", el("h2", title), table, more)


def _subject(root: str, facts: Facts, turn: Turn) -> Html:
    if turn.exemption:
        return together(("exemption ", parts.code(turn.exemption)))
    if turn.value:
        key = turn.keys[0]
        title = facts.values[key][turn.value].title
        value = parts.value_link(root, facts, key, turn.value)
        return together((parts.key_name(root, facts, key), " ", value, f" {title}" if title else None))
    rule = next(each for each in facts.dictionary.requirements if each.id == turn.requirement)
    missing = together((parts.key_name(root, facts, key) for key in turn.keys), ", ")
    what = together((missing, " missing ")) if missing else escaped("tags that do not agree ")
    return together((what, parts.places(rule), " (", parts.requirement_link(root, rule), ")"))


def _use(facts: Facts, turn: Turn) -> Html:
    if not turn.value:
        return EMPTY
    heir = facts.values[turn.keys[0]][turn.value].replaced_by
    return together((": use ", parts.value_link("", facts, turn.keys[0], heir))) if heir else EMPTY


def _coming(facts: Facts, chapter: Chapter) -> Html:
    lines = chapter.comparison.lines if chapter.comparison is not None else ()
    version = chapter.release.dictionary.version
    day = chapter.release.day
    when = el("time", day.isoformat(), datetime=day.isoformat()) if day else escaped("no day set yet")
    heading = el("h2", f"Version {version}", el("small", when))
    if not lines:
        return el("section", heading, el("p", "Nothing that a gate or a reader would notice."), id="next")
    level = chapter.comparison.level if chapter.comparison is not None else ""
    intro = el(
        "p",
        parts.level_badge(level),
        f" {words.counted(len(lines), 'change')} against {facts.dictionary.version}: {words.level(level)}.",
    )
    rows = [_row(facts, line) for line in lines[:ROWS]]
    heads = ("What", f"Today ({facts.dictionary.version})", f"Then ({version})", "Change")
    table = parts.table(f"Version {version} beside {facts.dictionary.version}", heads, rows)
    more = el("p", f"and {len(lines) - ROWS:,} more, all in changes.json") if len(lines) > ROWS else None
    return el("section", heading, intro, table, more, id="next")


def _row(facts: Facts, line: Line) -> tuple[Html, Html, Html, Html]:
    before, after = sides(line)
    says = together((escaped(line.text), parts.effects(line.effects)))
    return parts.subject("", facts, line) or escaped("the dictionary"), escaped(before), el("strong", after), says


def _version(root: str, coming: Chapter | None) -> Html:
    if coming is None:
        return EMPTY
    day = coming.release.day
    link = el("a", f"version {coming.release.dictionary.version}", href=f"{root}{addresses.AHEAD}#next", class_="day")
    return together((link, f" ({day.isoformat()})" if day else None))


def _next_line(coming: Chapter) -> Html:
    lines = coming.comparison.lines if coming.comparison is not None else ()
    return el("li", _version("", coming), " brings ", words.counted(len(lines), "change"))


def _nothing(ahead: Ahead) -> Html:
    says = "No rule, value or exemption changes on a day that is set: what holds today holds until "
    until = "the next version." if ahead.coming is None else f"version {ahead.coming.release.dictionary.version}."
    return el("p", says + until, class_="empty")
