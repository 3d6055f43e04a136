"""Who approved a pull request: the event file of GitHub Actions, the list of reviews, and who belongs to which team.

Only what is surely an approval of what is there now counts: the latest word of a reviewer, on the present head commit,
by somebody else than the author.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tagwright_dictionary.errors import InputError
from tagwright_dictionary.model import Location

MAX_BYTES = 32 * 1024 * 1024
_STATES = ("APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?(?:\[bot\])?")
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Review:
    """One review; `login` in lower case, as GitHub compares them. `id` 0: not told."""

    login: str
    state: str
    commit: str
    when: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class PullRequest:
    """What an event file says of its pull request. `repository` is OWNER/NAME in lower case, "" where nobody says."""

    number: int
    author: str
    head: str
    reviews: tuple[Review, ...] = ()
    repository: str = ""


@dataclass(frozen=True, slots=True)
class Voices:
    """What the reviewers say now. `stale` approved an earlier commit."""

    approved: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()
    stale: frozenset[str] = frozenset()
    author: str = ""


@dataclass(frozen=True, slots=True)
class Teams:
    """Who may speak for an approver's name. A name that no line explains stands for nobody, unless it is a login
    itself, written with @.
    """

    members: Mapping[str, frozenset[str]]

    def of(self, approver: str) -> frozenset[str]:
        """The logins, in lower case, that speak for the approver."""
        known = self.members.get(approver.casefold())
        if known is not None:
            return known
        login = approver.removeprefix("@")
        return frozenset((login.casefold(),)) if approver.startswith("@") and _LOGIN.fullmatch(login) else frozenset()


NO_TEAMS = Teams({})
NO_VOICES = Voices()


_EVENT = "run on pull_request or pull_request_review, and give --event $GITHUB_EVENT_PATH"


def parse_event(text: str, path: str) -> PullRequest:
    """The pull request of an event file (`GITHUB_EVENT_PATH`), with the reviews it carries. Raises InputError."""
    event = _json(text, path)
    request = event.get("pull_request") if isinstance(event, dict) else None
    if not isinstance(request, dict):
        raise InputError(
            "this is not the event of a pull request: it has no pull_request",
            hint=_EVENT,
            location=Location(path),
        )
    author, head = _at(request, "user", "login"), _at(request, "head", "sha")
    if not isinstance(author, str) or not _LOGIN.fullmatch(author):
        raise InputError("the event does not say who opened the pull request", hint=_EVENT, location=Location(path))
    if not isinstance(head, str) or not _SHA.fullmatch(head):
        raise InputError("the event does not say which commit is the head", hint=_EVENT, location=Location(path))
    number, repository = request.get("number"), _at(event, "repository", "full_name")
    found = PullRequest(
        number if isinstance(number, int) else 0,
        author.casefold(),
        head,
        (),
        repository.casefold() if isinstance(repository, str) else "",
    )
    reviews = list(_reviews(event.get("reviews", []), path, found))
    if "review" in event:
        reviews += _reviews([event["review"]], path, found)
    return replace(found, reviews=tuple(reviews))


def parse_reviews(text: str, path: str, request: PullRequest | None = None) -> tuple[Review, ...]:
    """The reviews of `gh api repos/O/R/pulls/N/reviews` (pages of it too). Raises InputError, also where they are those
    of another pull request than `request`.
    """
    found = _json(text, path)
    if isinstance(found, dict) and "reviews" in found:
        found = found["reviews"]
    return tuple(_reviews(found, path, request))


def voices(request: PullRequest, further: tuple[Review, ...] = ()) -> Voices:
    """The latest word of each reviewer: a comment takes nothing back, a dismissal does.

    The event and the list may tell of one review twice, from before and after it was dismissed: dismissed it stays.
    """
    everything = (*request.reviews, *further)
    dismissed = {review.id for review in everything if review.id and review.state == "DISMISSED"}
    latest: dict[str, Review] = {}
    ordered = sorted(enumerate(everything), key=lambda pair: (pair[1].when, pair[0]))
    for _, review in ordered:
        if review.id in dismissed:
            latest[review.login] = replace(review, state="DISMISSED")
        elif review.state not in ("COMMENTED", "PENDING"):
            latest[review.login] = review
    said = [review for review in latest.values() if review.login != request.author]
    approved = [review for review in said if review.state == "APPROVED"]
    return Voices(
        frozenset(review.login for review in approved if review.commit == request.head),
        frozenset(review.login for review in said if review.state == "CHANGES_REQUESTED"),
        frozenset(review.login for review in approved if review.commit != request.head),
        request.author,
    )


def parse_teams(text: str, path: str) -> Teams:
    """A file of lines `TEAM @login @login`, like CODEOWNERS with teams for paths. Raises InputError."""
    members: dict[str, frozenset[str]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        where = Location(path, number, 1)
        team, logins = words[0].casefold(), words[1:]
        if team in members:
            raise InputError(f"{words[0]} is there twice", hint="give each team one line", location=where)
        if not logins:
            raise InputError(f"{words[0]} has no members", hint="write TEAM @login @login", location=where)
        strange = [word for word in logins if not (word.startswith("@") and _LOGIN.fullmatch(word[1:]))]
        if strange:
            raise InputError(
                f"{strange[0]!r} is not a login", hint="members are written @login; teams do not nest", location=where
            )
        members[team] = frozenset(word[1:].casefold() for word in logins)
    return Teams(members)


def _reviews(items: Any, path: str, request: PullRequest | None) -> Iterator[Review]:
    if not isinstance(items, list):
        raise InputError("the reviews are not a list", hint=_HINT, location=Location(path))
    # gh api --paginate --slurp gives pages.
    for item in (each for page in items for each in (page if isinstance(page, list) else (page,))):
        if not isinstance(item, dict):
            raise InputError("a review is not an object", hint=_HINT, location=Location(path))
        if item.get("user") is not None:  # null: the account is gone, and nobody answers for the review
            _refuse_others(item, path, request)
            yield _review(item, path)


def _refuse_others(item: dict[str, Any], path: str, request: PullRequest | None) -> None:
    """A review says in its address which pull request it is of."""
    address = item.get("pull_request_url")
    found = _ADDRESS.search(address) if isinstance(address, str) else None
    if found is None or request is None:
        return
    name, number = found[1].casefold(), int(found[2])
    if (request.number and number != request.number) or (request.repository and name != request.repository):
        raise InputError(
            f"a review is of pull request {number} of {found[1]}, not of the one in the event",
            hint=_HINT,
            location=Location(path),
        )


_ADDRESS = re.compile(r"/repos/([^/]{1,100}/[^/]{1,100})/pulls/([0-9]{1,18})\Z")
_HINT = "give what `gh api --paginate repos/OWNER/REPO/pulls/N/reviews` prints"


def _review(item: dict[str, Any], path: str) -> Review:
    login, state, commit = _at(item, "user", "login"), item.get("state"), item.get("commit_id")
    when, number = item.get("submitted_at"), item.get("id")
    if not isinstance(login, str) or not isinstance(state, str) or state.upper() not in _STATES:
        raise InputError("a review has no login or no state that is known", hint=_HINT, location=Location(path))
    return Review(
        login.casefold(),
        state.upper(),
        commit if isinstance(commit, str) else "",
        when if isinstance(when, str) else "",
        number if isinstance(number, int) else 0,
    )


def _at(item: dict[str, Any], outer: str, inner: str) -> Any:
    found = item.get(outer)
    return found.get(inner) if isinstance(found, dict) else None


def _json(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        # gh api --paginate prints one array a page, one after the other.
        pages = _pages(text)
        if pages is not None:
            return pages
        where = Location(path, error.lineno, error.colno)
        raise InputError(f"this is not JSON: {error.msg}", hint=_HINT, location=where) from None
    except (RecursionError, ValueError):
        raise InputError("this is not JSON that can be read", hint=_HINT, location=Location(path)) from None


def _pages(text: str) -> list[Any] | None:
    decoder, rest, found = json.JSONDecoder(), text.strip(), []
    while rest:
        try:
            page, end = decoder.raw_decode(rest)
        except ValueError:
            return None
        if not isinstance(page, list):
            return None
        found.append(page)
        rest = rest[end:].lstrip()
    return found or None
