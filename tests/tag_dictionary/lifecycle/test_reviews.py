"""Who surely approved, and who surely did not."""

from __future__ import annotations

import json

import pytest

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.lifecycle.reviews import parse_event, parse_reviews, parse_teams, voices

HEAD, EARLIER = "a" * 40, "b" * 40


def _event(**more):
    request = {"number": 7, "user": {"login": "Author"}, "head": {"sha": HEAD}}
    return json.dumps({"pull_request": request} | more)


def _review(login, state, commit=HEAD, when="2026-11-01T10:00:00Z"):
    return {"user": {"login": login}, "state": state, "commit_id": commit, "submitted_at": when}


def _voices(*reviews, **event):
    request = parse_event(_event(**event), "event.json")
    return voices(request, parse_reviews(json.dumps(list(reviews)), "reviews.json"))


def test_an_approval_of_the_head_counts():
    """Logins are compared as GitHub does, in any case."""
    found = _voices(_review("Alice", "APPROVED"))
    assert (found.approved, found.against, found.stale) == ({"alice"}, set(), set())


@pytest.mark.parametrize(
    ("reviews", "field"),
    [
        ([_review("alice", "APPROVED", EARLIER)], "stale"),
        ([_review("alice", "CHANGES_REQUESTED")], "against"),
        ([_review("alice", "COMMENTED")], None),
        ([_review("alice", "PENDING")], None),
        ([_review("author", "APPROVED")], None),  # nobody approves his own change
        ([_review("AUTHOR", "APPROVED")], None),
        ([_review("alice", "APPROVED", None)], "stale"),  # which commit is not known
        ([{"user": None, "state": "APPROVED", "commit_id": HEAD}], None),  # the account is gone
        ([_review("alice", "APPROVED"), _review("alice", "DISMISSED", when="2026-11-02T10:00:00Z")], None),
        ([_review("alice", "APPROVED"), _review("alice", "CHANGES_REQUESTED", when="2026-11-02T1")], "against"),
    ],
)
def test_what_is_no_approval(reviews, field):
    """It lands where it belongs, and never among the approvals."""
    found = _voices(*reviews)
    assert found.approved == frozenset()
    for name in ("against", "stale"):
        assert bool(getattr(found, name)) is (name == field)


def test_the_latest_word_counts():
    """Whatever the order of the list; a comment takes nothing back."""
    reviews = [
        _review("alice", "COMMENTED", when="2026-11-03T10:00:00Z"),
        _review("alice", "APPROVED", when="2026-11-02T10:00:00Z"),
        _review("alice", "CHANGES_REQUESTED", EARLIER, when="2026-11-01T10:00:00Z"),
    ]
    assert _voices(*reviews).approved == _voices(*reversed(reviews)).approved == {"alice"}


def test_review_of_the_event_itself():
    """A pull_request_review event carries one, in lower case."""
    assert _voices(review=_review("alice", "approved")).approved == {"alice"}
    assert _voices(reviews=[_review("alice", "APPROVED")]).approved == {"alice"}


def test_pages():
    """What gh prints: one list, lists in a list, one list after the other."""
    one, other = [_review("alice", "APPROVED")], [_review("bob", "APPROVED")]
    expected = parse_reviews(json.dumps(one + other), "r")
    assert parse_reviews(json.dumps([one, other]), "r") == expected
    assert parse_reviews(json.dumps(one) + json.dumps(other), "r") == expected
    assert parse_reviews(json.dumps({"reviews": one + other}), "r") == expected


def _user(login):
    """An account as GitHub's documents have it (their addresses left out)."""
    return {"login": login, "id": 21031067, "node_id": "MDQ6VXNlcjIxMDMxMDY3", "type": "User", "site_admin": False}


def _github(action, state="approved", event="pull_request_review"):
    """The payload of GitHub's webhook `pull_request_review` or `pull_request`: its shape, with fewer addresses."""
    repository = {"id": 186853002, "name": "Tags", "full_name": "Acme/Tags", "private": True, "owner": _user("Acme")}
    request = {
        "url": "https://api.github.com/repos/Acme/Tags/pulls/7",
        "id": 279147437,
        "number": 7,
        "state": "open",
        "locked": False,
        "title": "A lab",
        "user": _user("Mallory"),
        "body": None,
        "merged_at": None,
        "merge_commit_sha": "c" * 40,
        "assignee": None,
        "requested_reviewers": [_user("bob")],
        "requested_teams": [],
        "draft": False,
        "head": {"label": "Acme:side", "ref": "side", "sha": HEAD, "user": _user("Acme"), "repo": repository},
        "base": {"label": "Acme:main", "ref": "main", "sha": EARLIER, "user": _user("Acme"), "repo": repository},
        "author_association": "MEMBER",
        "auto_merge": None,
    }
    review = {
        "id": 237895671,
        "node_id": "MDE3OlB1bGxSZXF1ZXN0UmV2aWV3MjM3ODk1Njcx",
        "user": _user("Alice"),
        "body": None,
        "commit_id": HEAD,
        "submitted_at": "2026-11-01T10:00:00Z",
        "state": state,
        "html_url": "https://github.com/Acme/Tags/pull/7#pullrequestreview-237895671",
        "pull_request_url": "https://api.github.com/repos/Acme/Tags/pulls/7",
        "author_association": "MEMBER",
        "_links": {"pull_request": {"href": "https://api.github.com/repos/Acme/Tags/pulls/7"}},
    }
    common = {"action": action, "pull_request": request, "repository": repository, "sender": _user("Alice")}
    if event == "pull_request":
        return {**common, "number": 7, "before": EARLIER, "after": HEAD}
    return {**common, "review": review}


def _listed(*states, number=237895671):
    """The answer of GET /repos/O/R/pulls/N/reviews: states in upper case."""
    review = _github("submitted")["review"]
    return json.dumps([{**review, "id": number + place, "state": state} for place, state in enumerate(states)])


def test_what_github_sends():
    """Its events and its list of reviews, together and alone."""
    submitted = parse_event(json.dumps(_github("submitted")), "e")
    assert (submitted.number, submitted.author, submitted.head, submitted.repository) == (
        7,
        "mallory",
        HEAD,
        "acme/tags",
    )
    assert voices(submitted).approved == {"alice"}
    assert voices(submitted, parse_reviews(_listed("APPROVED"), "r", submitted)).approved == {"alice"}
    for state, field in (("commented", None), ("changes_requested", "against")):
        found = voices(parse_event(json.dumps(_github("submitted", state)), "e"))
        assert (found.approved, bool(found.against)) == (frozenset(), field == "against")
    pushed = parse_event(json.dumps(_github("synchronize", event="pull_request")), "e")
    assert (pushed.author, pushed.head, pushed.reviews) == ("mallory", HEAD, ())
    assert voices(pushed, parse_reviews(_listed("COMMENTED", "APPROVED"), "r", pushed)).approved == {"alice"}


def test_dismissed_stays_dismissed():
    """Where the event was written before the dismissal, or the list was fetched before it; a new approval counts."""
    submitted = parse_event(json.dumps(_github("submitted")), "e")
    dismissed = parse_event(json.dumps(_github("dismissed", "dismissed")), "e")
    assert voices(dismissed).approved == frozenset()
    assert voices(submitted, parse_reviews(_listed("DISMISSED"), "r", submitted)).approved == frozenset()
    assert voices(dismissed, parse_reviews(_listed("APPROVED"), "r", dismissed)).approved == frozenset()
    assert voices(dismissed, parse_reviews(_listed("DISMISSED", "APPROVED"), "r", dismissed)).approved == {"alice"}


@pytest.mark.parametrize("address", ["Acme/Tags/pulls/8", "Eve/Tags/pulls/7"])
def test_reviews_of_another_pull_request(address):
    """Their address tells."""
    request = parse_event(json.dumps(_github("submitted")), "e")
    text = _listed("APPROVED").replace("Acme/Tags/pulls/7", address)
    with pytest.raises(InputError, match="not of the one in the event"):
        parse_reviews(text, "r", request)
    event = _github("submitted")
    event["review"]["pull_request_url"] = f"https://api.github.com/repos/{address}"
    with pytest.raises(InputError, match="not of the one in the event"):
        parse_event(json.dumps(event), "e")


BROKEN_EVENTS = {
    "empty": "",
    "not JSON": "{",
    "a list": "[]",
    "a push": '{"ref": "refs/heads/main"}',
    "no author": json.dumps({"pull_request": {"head": {"sha": HEAD}}}),
    "no head": json.dumps({"pull_request": {"user": {"login": "a"}}}),
    "head of another kind": json.dumps({"pull_request": {"user": {"login": "a"}, "head": {"sha": "main"}}}),
    "reviews that are none": _event(reviews={"a": 1}),
    "a review of an unknown state": _event(reviews=[_review("a", "BLESSED")]),
    "deep": "[" * 100_000,
    "reviews in many lists": _event(reviews=json.loads("[" * 500 + "]" * 500)),
}


@pytest.mark.parametrize("text", BROKEN_EVENTS.values(), ids=BROKEN_EVENTS)
def test_broken_events(text):
    """Refused, never taken for an empty list of reviews."""
    with pytest.raises(InputError):
        parse_event(text, "event.json")


def test_teams():
    """Names and logins in any case; an approver who is a login stands for himself, any other name for nobody."""
    teams = parse_teams("# who is who\nFinance @Alice @bob  # the CFO's\n@acme/ml @carol\n", "teams")
    assert teams.of("finance") == {"alice", "bob"}
    assert teams.of("@ACME/ml") == {"carol"}
    assert teams.of("@dave") == {"dave"}
    assert teams.of("platform") == teams.of("@acme/other") == teams.of("a@acme.example") == set()


@pytest.mark.parametrize("line", ["finance", "finance alice", "finance @a/b", "finance @", "a @x\na @y", "a @x y"])
def test_broken_teams(line):
    """Refused with the line: a slip must not appoint or forget somebody."""
    with pytest.raises(InputError):
        parse_teams(line, "teams")
