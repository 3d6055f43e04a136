"""The deadline of a finding, by the dictionary's `service_levels`.

The strictest level that applies counts. A level's condition is three-valued, as everywhere: an untagged cluster may be
one of production, and then the deadline of production stands, marked as such ("if environment is prod"). A value that
is not on the resource is taken from its surroundings (its node group), then from what is known of its account; such a
value decides, but never silently: the deadline is then not certain, and says where the value is from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tagwright_dictionary.dictionary import Dictionary, ServiceLevel
from tagwright_dictionary.judging.index import Index, selects
from tagwright_dictionary.judging.kleene import Truth, both
from tagwright_dictionary.judging.label_form import from_label
from tagwright_dictionary.judging.values import DEPRECATED, KeyCheck
from tagwright_dictionary.model import Classes, Resource, Unknown
from tagwright_drift.history.records import FindingRecord
from tagwright_drift.live import LiveResource

Context = Mapping[str, Mapping[str, str]]
"""What is known of accounts: account to dictionary key to value ({"111122223333": {"environment": "prod"}})."""

_FAR = timedelta(days=36_525)


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when, in UTC.

    hours     the time allowed
    severity  the level's own word ("critical"), "" when it has none
    certain   the level applies whatever may be unknown, and nothing was taken from anywhere but the resource
    provided  why it is not certain: "if environment is prod", "environment = prod, from node group ng-1"
    surely    where it is not certain: the deadline that stands in any case; None when no level surely applies
    """

    due: datetime
    hours: float
    severity: str
    certain: bool = True
    provided: str = ""
    surely: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What service levels ask of a resource."""

    type: str
    provider: str
    account: str
    classes: Classes
    tags: Mapping[str, str]
    probable: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Applying:
    """A level that applies, or may. `provided` as in `Deadline`."""

    level: ServiceLevel
    surely: bool
    provided: str


class Levels:
    """A dictionary's service levels, ready. `deadline` may be called from several threads."""

    def __init__(self, dictionary: Dictionary, accounts: Context | None = None) -> None:
        self._index = Index(dictionary)
        self._levels = dictionary.service_levels
        self._accounts = accounts or {}

    def deadline(self, record: FindingRecord) -> Deadline | None:
        """The deadline of a finding of the history; None where no level can apply."""
        classes = Classes(
            frozenset(record.classes), tuple((name, Unknown("not known of it")) for name in record.possible_classes)
        )
        about = Subject(record.type, "aws", record.account, classes, dict(record.tags), record.probable)
        return self.deadline_of(about, record.first_seen)

    def of_live(self, live: LiveResource, first_seen: datetime) -> Deadline | None:
        """The deadline of a finding on a live resource that began at `first_seen`."""
        resource = live.resource
        known = {tag.key: tag.value for tag in resource.tags.items if isinstance(tag.value, str)}
        probable = tuple((key, value, where) for key, value, where in live.probable if isinstance(value, str))
        about = Subject(live.cell.type, resource.provider, live.cell.account, resource.classes, known, probable)
        return self.deadline_of(about, first_seen)

    def deadline_of(self, subject: Subject, first_seen: datetime) -> Deadline | None:
        """The strictest deadline that may stand; None where no level can apply."""
        applying, excluded = self._applying(subject)
        if not applying:
            return None
        first = min(applying, key=lambda each: (each.level.remediate_within_hours, not each.surely))
        hours, severity = first.level.remediate_within_hours, first.level.severity
        sure = min((each.level.remediate_within_hours for each in applying if each.surely), default=None)
        due = _after(first_seen, hours)
        surely = None if sure is None else _after(first_seen, sure)
        if not first.surely:
            return Deadline(due, hours, severity, False, first.provided, surely)
        # A stricter level is ruled out by values that are not the resource's own: that is to be said.
        stricter = "; ".join(dict.fromkeys(note for limit, note in excluded if limit < hours))
        return Deadline(due, hours, severity, not stricter, stricter, surely if stricter else None)

    def _applying(self, subject: Subject) -> tuple[list[_Applying], list[tuple[float, str]]]:
        """The levels that apply or may; and, with their hours, those ruled out by a value from elsewhere."""
        resource = Resource("", subject.type, subject.provider, "live", classes=subject.classes)
        found: list[_Applying] = []
        excluded: list[tuple[float, str]] = []
        for level in self._levels:
            chosen = selects(level.selector, resource)
            if chosen is False:
                continue
            truth, notes, guesses = self._condition(level, subject)
            if truth is False:
                excluded += ((level.remediate_within_hours, each) for each in guesses)
                continue
            if isinstance(chosen, Unknown):
                notes = [f"if it is one of: {', '.join(level.selector.classes)}", *notes]
            provided = "; ".join(dict.fromkeys((*notes, *guesses)))
            found.append(_Applying(level, not provided, provided))
        return found, excluded

    def _condition(self, level: ServiceLevel, subject: Subject) -> tuple[Truth, list[str], list[str]]:
        """Whether the level's `when` holds; what it hangs on ("if environment is prod"), and what was taken from
        elsewhere ("environment = prod, from node group ng-1").
        """
        truth: Truth = True
        notes: list[str] = []
        guesses: list[str] = []
        for name, values in level.when.terms:
            check = self._index.checks.get(name)
            value, basis = self._value(name, check, subject)
            if value is None:
                truth = both(truth, Unknown(f"{name} is not known"))
                notes.append(f"if {name} is {' or '.join(values)}")
                continue
            if basis:
                guesses.append(f"{name} = {value}, from {basis}")
            allowed = {check.canonical(each) for each in values} if check else set(values)
            if (check.canonical(value) if check else value) not in allowed:
                # What is not so settles it, whatever else is unknown; only its own basis then matters.
                return False, [], [f"{name} = {value}, from {basis}"] if basis else []
        return truth, notes, guesses

    def _value(self, name: str, check: KeyCheck | None, subject: Subject) -> tuple[str | None, str]:
        """The value of a dictionary key and, when it is not the resource's own, where it is from."""
        cloud = self._index.cloud(subject.provider)
        spelled = cloud.spelled.get(name, name)
        own = subject.tags.get(spelled)
        if own and cloud.labels and check is not None and name not in cloud.annotations:
            own = from_label(check, own)
        if own and _tells(check, own):
            return own, ""
        for key, value, where in subject.probable:
            if key in (spelled, name) and _tells(check, value):
                return value, where
        account = self._accounts.get(subject.account, {}).get(name, "")
        return (account, f"account {subject.account}") if account and _tells(check, account) else (None, "")


def _tells(check: KeyCheck | None, value: str) -> bool:
    """Whether a value says anything: "banana" for an environment must not buy the time of a mere experiment."""
    if check is None or not value.strip():
        return bool(value.strip())
    fault = check.fault(check.canonical(value))
    return fault is None or fault.rule == DEPRECATED


def _after(first_seen: datetime, hours: float) -> datetime:
    try:
        return first_seen + min(timedelta(hours=hours), _FAR)
    except OverflowError:
        return datetime.max.replace(tzinfo=first_seen.tzinfo)
