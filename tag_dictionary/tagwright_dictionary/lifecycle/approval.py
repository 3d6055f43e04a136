"""Whether a change of the dictionary may be merged: signed off by those who own its keys, and harmless to readers.

Approvers are those that the branch it goes into names today: nobody appoints himself, nor by way of an older commit.
Fail closed: a name that stands for nobody cannot sign off, an approval of an earlier commit does not count, and who
wrote a change does not approve it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.lifecycle.authorship import NOBODY, Authorship
from tagwright_dictionary.lifecycle.changes import Change, Diff, Kind
from tagwright_dictionary.lifecycle.diff_values import successor
from tagwright_dictionary.lifecycle.nearness import Near, near_duplicates
from tagwright_dictionary.lifecycle.reviews import NO_TEAMS, NO_VOICES, Teams, Voices
from tagwright_dictionary.lifecycle.usage import Use


@dataclass(frozen=True, slots=True)
class SignOff:
    """What one key needs. `key` "" stands for the dictionary as a whole. `by` are the logins that signed off, `against`
    those approvers who ask for changes, `stale` those who approved an earlier commit, `own` those who approved what
    they wrote, `nobody` the approvers whose name stands for no login.
    """

    key: str
    changes: tuple[Change, ...]
    approvers: tuple[str, ...]
    by: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        """Whether an approver has agreed and none objects; a key without approvers needs none."""
        return not self.approvers or bool(self.by and not self.against)


@dataclass(frozen=True, slots=True)
class InUse:
    """A value that goes without a successor. `places` are those that carry it (all of them); `looked` False: nobody
    looked for any; `ended`: it stays in the list, deprecated until a day that has passed.
    """

    key: str
    value: str
    places: tuple[str, ...] = ()
    looked: bool = True
    ended: bool = False

    def __str__(self) -> str:
        what = f'{self.key}: "{self.value}"' if self.value else f"the key {self.key}"
        goes = f"{what} {'has ended' if self.ended else 'is removed'} without a successor"
        if not self.looked:
            return f"{goes}, and nobody looked whether it is in use"
        return f"{goes}, but in use: {_places(self.places)}"


def _places(places: tuple[str, ...]) -> str:
    more = f" and {len(places) - 3:,} more" if len(places) > 3 else ""
    return ", ".join(plain(place, 120) for place in places[:3]) + more


@dataclass(frozen=True, slots=True)
class Approval:
    """The answer: sign-offs by key, near duplicates, values removed while in use, and what should be known besides."""

    diff: Diff
    sign_offs: tuple[SignOff, ...]
    near: tuple[Near, ...] = ()
    in_use: tuple[InUse, ...] = ()
    notes: tuple[str, ...] = ()
    authors: Authorship = NOBODY

    @property
    def missing(self) -> tuple[SignOff, ...]:
        return tuple(each for each in self.sign_offs if not each.given)

    @property
    def approved(self) -> bool:
        return not (self.missing or self.near or self.in_use)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known besides the change itself.

    voices    what the reviewers say
    teams     who speaks for an approver's name
    uses      where values are in use; None: nobody looked, so that none may go without a successor
    trusted   the dictionary of the branch that the change goes into; None: that before the change
    authors   who wrote what
    elsewhere changes that a comparison of two dictionaries cannot see, such as of what is extended
    allowed   added values that may look like others
    """

    voices: Voices = NO_VOICES
    teams: Teams = NO_TEAMS
    uses: Mapping[str, Use] | None = None
    trusted: Dictionary | None = None
    authors: Authorship = NOBODY
    elsewhere: tuple[Change, ...] = ()
    allowed: tuple[str, ...] = ()


def check_approval(change: Diff, evidence: Evidence) -> Approval:
    """Who has to sign off, who did, and what is refused whoever did."""
    trusted = evidence.trusted if evidence.trusted is not None else change.old
    grouped: dict[str, list[Change]] = {}
    for each in (*change.changes, *evidence.elsewhere):
        for key in concerned(change, each, trusted):
            grouped.setdefault(key, []).append(each)
    order = {key.name: place for place, key in enumerate((*change.old.keys, *change.new.keys))}
    sign_offs = tuple(
        _sign_off(change, key, tuple(grouped[key]), evidence, trusted)
        for key in sorted(grouped, key=lambda key: (order.get(key, -1), key))
    )
    in_use, notes = _removed(change, evidence.uses)
    in_use += _ended(change, evidence.uses, notes)
    unowned = [each.key for each in sign_offs if not each.approvers and each.key]
    if unowned:
        notes.append(f"nobody has to approve {', '.join(map(plain, unowned))}: these keys name no approvers")
    if any(not each.key and not each.approvers for each in sign_offs):
        notes.append("nobody has to approve the dictionary as a whole: none of its keys names approvers")
    if not evidence.authors.complete:
        notes.append("of some commits it is not known what they changed: their authors stand for all of it")
    near = _near(change, evidence.allowed)
    return Approval(change, sign_offs, near, tuple(in_use), tuple(notes), evidence.authors)


def concerned(change: Diff, each: Change, trusted: Dictionary) -> tuple[str, ...]:
    """The keys whose approvers have a say in one change; ("",) for the dictionary as a whole.

    Appointing approvers where there are none, and adding a key, is a matter of the whole dictionary too: else whoever
    wants to could hand himself a key. So is a requirement on keys that nobody approves.
    """
    head, _, rest = each.path.partition(".")
    if head == "keys" and each.touches:
        if each.kind is Kind.RENAMED and ".values." not in rest:
            return each.touches
        key = each.touches[0]
        appoints = rest == f"{key}.approvers" or (each.kind is Kind.ADDED and rest == key)
        return (key, "") if appoints and not _approvers(trusted, key) else (key,)
    if head != "requirements":
        return each.touches or ("",)
    if ".require." in rest:
        names = each.touches[:1]
    else:
        found: dict[str, None] = {}
        for dictionary in (change.old, change.new):
            for requirement in dictionary.requirements:
                if rest == requirement.id or rest.startswith(f"{requirement.id}."):
                    asked = [*requirement.require, *(match.key for match in requirement.match)]
                    asked += [name for group in requirement.exclusive for name in group]
                    found.update((name, None) for name in asked)
        names = tuple(found)
    return names if any(approvers_of(change, name, trusted) for name in names) else (*names, "")


def approvers_of(change: Diff, key: str, trusted: Dictionary) -> tuple[str, ...]:
    """Those that `trusted` names; of a key that it does not have, or that nobody approves there, those named before the
    change, then those named by it. For the whole dictionary: everybody who approves at least one key.
    """
    for dictionary in (trusted, change.old, change.new):
        names = _approvers(dictionary, key) if key else _everybody(dictionary)
        if names:
            return names
    return ()


def _approvers(dictionary: Dictionary, key: str) -> tuple[str, ...]:
    found = dictionary.key(key)
    return found.approvers if found is not None else ()


def _everybody(dictionary: Dictionary) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for key in dictionary.keys for name in key.approvers))


def _sign_off(change: Diff, key: str, changes: tuple[Change, ...], evidence: Evidence, trusted: Dictionary) -> SignOff:
    approvers, voices, teams = approvers_of(change, key, trusted), evidence.voices, evidence.teams
    speakers = frozenset(login for name in approvers for login in teams.of(name))
    agreed = voices.approved & speakers
    writers = evidence.authors.logins(changes)
    return SignOff(
        key,
        changes,
        approvers,
        tuple(sorted(agreed - writers)),
        tuple(sorted(voices.against & speakers)),
        tuple(sorted(voices.stale & speakers)),
        tuple(sorted(agreed & writers)),
        tuple(name for name in approvers if not teams.of(name)),
    )


def _near(change: Diff, allowed: Collection[str]) -> tuple[Near, ...]:
    found: list[Near] = []
    for key in change.new.keys:
        before = change.old.key(key.name)
        known = {value.value for value in before.values or ()} if before is not None else set()
        added = {value.value for value in key.values or () if value.value not in known} - set(allowed)
        if added:
            found += near_duplicates(key, added)
    return tuple(found)


def _removed(change: Diff, uses: Mapping[str, Use] | None) -> tuple[list[InUse], list[str]]:
    found: list[InUse] = []
    notes: list[str] = []
    renamed = {each.before for each in change.changes if each.kind is Kind.RENAMED and each.path.startswith("keys.")}
    for old in change.old.keys:
        new = change.new.key(old.name)
        use = None if uses is None else uses.get(old.name, Use())
        if new is None:
            gone = [] if old.name in renamed else [""]
        elif old.values is None or new.values is None:
            gone = []
        else:
            after = {value.value: value for value in new.values}
            aliases = {alias: value.value for value in new.values for alias in value.aliases}
            gone = [
                value.value for value in old.values if value.value not in after and not successor(value, after, aliases)
            ]
        for value in gone:
            places = () if use is None else tuple(use.values.get(value, ()) if value else _all(use))
            if use is None or places:
                found.append(InUse(old.name, value, places, looked=use is not None))
        if gone and use is not None and use.unknown:
            many = f"{len(use.unknown):,} resources" if len(use.unknown) > 1 else "1 resource"
            notes.append(f"{many} may use what is removed of {plain(old.name)}: the value is not known there")
    return found, notes


def _ended(change: Diff, uses: Mapping[str, Use] | None, notes: list[str]) -> list[InUse]:
    """Values that stay in the list and end all the same: today they are as good as removed. One that ends on a later
    day is a note, because on that day nobody will look.
    """
    breaking = {each.path for each in change.changes if each.breaks}
    found: list[InUse] = []
    for key in change.new.keys:
        old = change.old.key(key.name)
        before = {value.value: value for value in old.values or ()} if old is not None else {}
        names = {value.value for value in key.values or ()}
        use = None if uses is None else uses.get(key.name, Use())
        for value in key.values or ():
            was = before.get(value.value)
            if value.until is None or value.replaced_by in names or was is None or was.until == value.until:
                continue
            places = () if use is None else tuple(use.values.get(value.value, ()))
            ended = f"keys.{key.name}.values.{value.value}.status" in breaking
            if ended and (use is None or places):
                found.append(InUse(key.name, value.value, places, looked=use is not None, ended=True))
            elif places and not ended and was.until is None:
                what = f'{plain(key.name)}: "{plain(value.value)}" ends on {value.until} without a successor'
                notes.append(f"{what}, but is in use: {_places(places)}")
    return found


def _all(use: Use) -> tuple[str, ...]:
    places = [place for each in use.values.values() for place in each]
    return tuple(dict.fromkeys((*places, *use.unknown)))
