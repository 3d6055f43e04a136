"""The change under review: what it starts from, what it is now, and what its pull request says of it.

What decides who may approve is read from the branch that the change goes into, never from the change itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tagwright_cli.governance.trusted import teams_of, text_of
from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.errors import InputError
from tagwright_dictionary.lifecycle import reviews as said
from tagwright_dictionary.lifecycle.authorship import Authorship, authorship
from tagwright_dictionary.lifecycle.changes import Change, Kind
from tagwright_dictionary.lifecycle.revisions import Repository, Snapshot, present, repository, snapshot
from tagwright_dictionary.lifecycle.versions import Bump


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user named: the branch, and the files of the pull request. `path` is the dictionary's."""

    path: Path
    base: str
    event: str | None = None
    reviews: str | None = None
    teams: str | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """`since` is the commit that the change starts from, `old` and `new` the dictionary there and now, `trusted` that
    of the branch it goes into.
    """

    place: Repository
    since: str
    old: Dictionary
    new: Dictionary
    trusted: Dictionary
    voices: said.Voices
    teams: said.Teams
    authors: Authorship
    elsewhere: tuple[Change, ...]


def submitted(asked: Asked, today: date) -> Submitted:
    """Read it all. With a pull request what counts is the commit that its reviewers saw, whatever a job left in the
    working tree. Raises InputError where the pieces do not belong together.
    """
    place = repository(asked.path)
    head, voices = _reviewed(asked, place) if asked.event is not None else (place.commit("HEAD"), said.NO_VOICES)
    tip, since = place.commit(asked.base), place.merge_base(asked.base, head)
    main = place.relative(asked.path)
    known = [commit for commit in (tip, since) if place.has(commit, main)]
    _check_known(asked, main, tip, since, known)
    now = snapshot(place, head, main) if asked.event is not None else present(place, asked.path)
    nothing = Dictionary(now.dictionary.name, now.dictionary.version, unknown=now.dictionary.unknown)
    none = Snapshot(nothing, frozenset(), frozenset())
    before, there = (snapshot(place, commit, main) if known else none for commit in (since, tip))
    return Submitted(
        place,
        since,
        before.dictionary,
        now.dictionary,
        there.dictionary,
        voices,
        teams_of(asked.teams, place, tip),
        authorship(place, since, head, main, before.paths | now.paths, today),
        _made_of(before, now) if known else (),
    )


def _check_known(asked: Asked, main: str, tip: str, since: str, known: list[str]) -> None:
    if asked.is_new and known:
        raise InputError(f"{main} is there at {known[0][:12]}: it is not new", hint="leave --new out")
    if not asked.is_new and not known:
        raise InputError(
            f"{main} is not there at {tip[:12]}",
            hint="if the dictionary is new say --new; a move needs a change of its own",
        )
    if not asked.is_new and len(known) == 1 and tip != since:
        has, lacks = ("has", "had not") if known[0] == tip else ("had", "has no longer")
        raise InputError(
            f"{asked.base} {has} {main} where this branch {lacks} it: they cannot be compared",
            hint=f"merge {asked.base} into this branch, or rebase it",
        )


def _reviewed(asked: Asked, place: Repository) -> tuple[str, said.Voices]:
    """The head commit of the pull request, and what is said of it."""
    event, present_commit = asked.event or "", place.commit("HEAD")
    for path in filter(None, (asked.event, asked.reviews)):
        _refuse_tracked(place, path, present_commit)
    request = said.parse_event(text_of(event, "event file"), event)
    # A job checks out the head of the pull request, or the merge that GitHub makes of the branch and it.
    if request.head != present_commit and request.head not in place.parents(present_commit)[1:]:
        raise InputError(
            f"the event is about the commit {request.head[:12]}, but {present_commit[:12]} is checked out",
            hint="approvals are of that commit: check out the pull request's head or its merge, or run the job anew",
        )
    further = (
        said.parse_reviews(text_of(asked.reviews, "reviews file"), asked.reviews, request) if asked.reviews else ()
    )
    return place.commit(request.head), said.voices(request, further)


def _refuse_tracked(place: Repository, path: str, head: str) -> None:
    """A file that the change brings along proves nothing."""
    for each in {path, str(Path(path).resolve())}:
        inside = place.inside(each)
        if inside and place.has(head, inside):
            raise InputError(
                f"{path} is a file of the repository: a change must not bring its own approval",
                hint="give the file that the runner wrote ($GITHUB_EVENT_PATH), or that gh printed in this job",
            )


def _made_of(before: Snapshot, now: Snapshot) -> tuple[Change, ...]:
    """Another file or another address behind the dictionary, even where it says the same today."""
    less = sorted((before.paths | before.elsewhere) - (now.paths | now.elsewhere))
    more = sorted((now.paths | now.elsewhere) - (before.paths | before.elsewhere))
    if not (less or more):
        return ()
    words = [f"no longer of {', '.join(less)}"] if less else []
    words += [f"of {', '.join(more)}"] if more else []
    message = f"the dictionary is made {' but '.join(words)}"
    return (Change(Kind.CHANGED, "files", message, Bump.PATCH, ", ".join(less), ", ".join(more)),)
