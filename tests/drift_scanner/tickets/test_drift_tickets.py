"""Issues: created, updated in place, closed and opened again, over PyGithub's real HTTP; hostile values do nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.drift_scanner.report.estate import HOSTILE, LEVELS, NOW, STARTED, History, finding, many, run_of

from tagwright_dictionary.errors import InputError
from tagwright_drift.history.records import Event, EventKind
from tagwright_drift.report.assembling import assemble
from tagwright_drift.tickets.github import GitHub
from tagwright_drift.tickets.planning import GROUPINGS, Act, Ticket, marker, plan
from tagwright_drift.tickets.wording import LONGEST

VISION, SEARCH = "ml-vision@acme.example", "search@acme.example"


def _data(records, now=NOW):
    run = run_of(1, started=STARTED, cells=[], compliant=8.0, non_compliant=2.0)
    return assemble(
        History([run], list(records), {run.id: [Event(run.id, "x", EventKind.NEW, STARTED)]}),
        now=now,
        tool_version="0",
        deadlines=LEVELS,
    )


def _owned(number, owner, **changes):
    tags = (("environment", "prod"), *([("owner", owner)] if owner else ()))
    return finding(number, tags=tags, **changes)


ONE, TWO, OTHER = _owned(1, VISION), _owned(2, VISION), _owned(3, SEARCH)


def _do(hub, data, by="owner"):
    """Plan against the tracker and take every step; what was done."""
    tracker = GitHub("acme/infra", "good", hub.api, pause=0)
    steps = plan(data, tracker.tickets(), by)
    for step in steps:
        if step.act is not Act.KEEP:
            tracker.take(step)
    return [(str(step.act), step.group) for step in steps]


def _state(hub):
    return {
        number: (each["state"], each["title"], sorted(set(re.findall(r"trainer-\d|trainer&#45;\d", each["body"]))))
        for number, each in hub.issues.items()
    }


def test_the_life_of_an_issue(hub):
    """Made, kept, updated, closed with a word, opened again; a second call does nothing; others' issues stay."""
    foreign = hub.add("not ours", "somebody wrote this")
    assert _do(hub, _data([ONE, OTHER])) == [("create", VISION), ("create", SEARCH)]
    assert _do(hub, _data([ONE, OTHER])) == [("keep", VISION), ("keep", SEARCH)]
    week = _data([ONE, OTHER], now=NOW + timedelta(days=7))
    assert _do(hub, week) == [("keep", VISION), ("keep", SEARCH)]
    assert _do(hub, _data([ONE, TWO, OTHER])) == [("update", VISION), ("keep", SEARCH)]
    vision = "tagwright: {} of ml-vision@\u2060acme.example {} tags"
    search = "tagwright: 1 live resource of search@\u2060acme.example needs tags"
    assert _state(hub) == {
        foreign: ("open", "not ours", []),
        2: ("open", vision.format("2 live resources", "need"), ["trainer&#45;1", "trainer&#45;2"]),
        3: ("open", search, ["trainer&#45;3"]),
    }
    assert _do(hub, _data([OTHER])) == [("keep", SEARCH), ("close", vision.format("2 live resources", "need"))]
    assert _state(hub)[2][0] == "closed"
    assert [text.split(" after ")[0] for text in hub.comments[2]] == ["Nothing of this is open any more"]
    assert _do(hub, _data([OTHER])) == [("keep", SEARCH)]
    assert _do(hub, _data([ONE, OTHER])) == [("reopen", VISION), ("keep", SEARCH)]
    assert _state(hub)[2] == ("open", vision.format("1 live resource", "needs"), ["trainer&#45;1"])
    assert hub.comments[2][1:] == ["It is back."]


def test_a_token_that_may_not_label_makes_one_issue_at_most(hub):
    """GitHub drops the label in silence; the issue would not be found again, and made anew every week."""
    hub.drops_labels = True
    tracker = GitHub("acme/infra", "good", hub.api, pause=0)
    (step, _) = plan(_data([ONE, OTHER]), tracker.tickets(), "owner")
    with pytest.raises(InputError, match="left out the label tagwright-drift") as caught:
        tracker.take(step)
    assert "triage" in caught.value.hint
    assert [each["state"] for each in hub.issues.values()] == ["closed"]


def test_too_many_requests(hub):
    """The next step is to wait, not to ask for more rights."""
    hub.refuse.add(("POST", "/repos/acme/infra/issues"))
    hub.refusal = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    with pytest.raises(InputError, match="fewer requests: 403 You have exceeded") as caught:
        _do(hub, _data([ONE]))
    assert "again in an hour" in caught.value.hint


def test_a_step_that_failed_says_its_word_once(hub):
    """The comment comes after the change: a second try finds nothing left to say."""
    _do(hub, _data([ONE]))
    hub.refuse.add(("PATCH", "/repos/acme/infra/issues/1"))
    with pytest.raises(InputError):
        _do(hub, _data([]))
    hub.refuse.clear()
    _do(hub, _data([]))
    assert (hub.issues[1]["state"], len(hub.comments[1])) == ("closed", 1)


def test_a_thousand_issues(hub):
    """All pages are read before anything is decided."""
    for number in range(1000):
        hub.add("x", f"{marker('owner', str(number))}\nx", state="closed")
    hub.add("x", f"{marker('owner', VISION)}\nx")
    pull = hub.add("a pull request", f"{marker('owner', SEARCH)}\nx")
    hub.issues[pull]["html_url"] = f"https://github.example/acme/infra/pull/{pull}"
    assert _do(hub, _data([ONE])) == [("update", VISION)]
    # The repository, eleven pages, and the two calls of one update: not one more for each issue.
    assert [method for method, _, _ in hub.calls] == ["GET"] * 13 + ["PATCH"]


def test_only_certain_errors_make_an_issue():
    """A warning and what is undecided are in the report, and nobody is bothered."""
    records = [
        replace(ONE, severity="warning"),
        replace(TWO, certainty="undecided"),
        _owned(4, "", account="444455556666"),
    ]
    assert [(step.act, step.group) for step in plan(_data(records), (), "owner")] == [(Act.CREATE, "nobody known")]


@pytest.mark.parametrize("by", GROUPINGS)
def test_every_finding_is_in_exactly_one_issue(by):
    """Whatever the grouping."""
    data = _data(many(60))
    wanted = sorted(
        item.record.name
        for item in data.items
        if item.record.severity == "error" and item.record.certainty == "definite"
    )
    steps = plan(data, (), by)
    names = [name for step in steps for name in re.findall(r"^\| <code>(.*?)</code>", step.body, re.MULTILINE)]
    names = [name.replace("&#45;", "-") for name in names]
    assert sorted(names) == wanted
    assert len({step.body.splitlines()[0] for step in steps}) == len(steps)


def test_the_order_of_issues_does_not_matter():
    """The plan depends on what is there, not on how the tracker lists it."""
    data = _data([ONE, OTHER])
    there = [
        Ticket(9, "t", f"{marker('owner', VISION)}\nold", open=True),
        Ticket(4, "t", f"{marker('owner', VISION)}\nolder", open=True),
        Ticket(5, "t", f"{marker('owner', 'gone')}\nx", open=True),
        Ticket(6, "t", f"{marker('account', SEARCH)}\nx", open=False),
    ]
    steps = plan(data, there, "owner")
    assert [(step.act, step.number) for step in steps] == [
        (Act.UPDATE, 4),
        (Act.CREATE, None),
        (Act.CLOSE, 5),
        (Act.CLOSE, 9),
    ]
    assert plan(data, reversed(there), "owner") == steps


def test_hostile_values_are_text():
    """No mention, link, image, reference, HTML, second marker or broken table, whatever a tag says."""
    records = [
        _owned(number, "", name=text, message=f"owner = {text}", type=text, region=text, account="1", chain=text)
        for number, text in enumerate(HOSTILE)
    ]
    (step,) = plan(_data(records), (), "account")
    rows = [line for line in step.body.splitlines() if line.startswith("| ") and "<code>" in line]
    assert len(rows) == len(records)
    for row in rows:
        assert row.count("|") == 5
        bare = re.sub(r"</?code>|<br>|&#\d+;", "", row.replace("|", ""))
        assert re.search(r"[<>\[\]`*_~@#!|{}]", bare) is None
        assert bare.isprintable()
    assert step.body.count("<!--") == 1
    (step,) = plan(_data([_owned(1, "@everyone <!-- x -->\n#1")]), (), "owner")
    assert step.title == "tagwright: 1 live resource of @\u2060everyone <!-- x -->\\x0a#1 needs tags"


def test_a_group_of_thousands_fits():
    """Under GitHub's limit, and what was left out is counted."""
    records = [_owned(number, VISION) for number in range(3000)]
    (step,) = plan(_data(records), (), "owner")
    assert len(step.body) <= LONGEST + 100
    shown = len(re.findall(r"^\| <code>", step.body, re.MULTILINE))
    assert f"and {3000 - shown:,} more findings." in step.body


def test_a_tracker_that_refuses(hub):
    """A wrong token and a missing permission are named, with the next step; the token is not shown."""
    with pytest.raises(InputError, match="401 Bad credentials") as refused:
        GitHub("acme/infra", "secret-token", hub.api)
    assert "secret-token" not in str(refused.value)
    with pytest.raises(InputError, match="404 Not Found"):
        GitHub("acme/nothing", "good", hub.api, pause=0)
    hub.refuse.add(("POST", "/repos/acme/infra/issues"))
    tracker = GitHub("acme/infra", "good", hub.api, pause=0)
    (step,) = plan(_data([ONE]), tracker.tickets(), "owner")
    with pytest.raises(InputError, match="403 Resource not accessible"):
        tracker.take(step)
