"""One resource under judgement: its tags by dictionary key, place by place, and the requirements that bear on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from tagwright_dictionary.judging.index import Cloud, Index, ReadyRequirement
from tagwright_dictionary.judging.kleene import Truth, both, either
from tagwright_dictionary.judging.label_form import from_label
from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.judging.values import Fault, KeyCheck
from tagwright_dictionary.model import Bill, Certainty, Location, Resource, Severity, Tag, Tags, TagValue, Unknown

INCOMPLETE = Unknown("not all of its tags can be seen here", "check the plan (terraform show -json)")

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(slots=True)
class Draft:
    """A finding before it is merged with others of its rule and key. `order` is the place of its requirement."""

    rule: str
    severity: Severity
    key: str
    message: str
    help: str = ""
    suggestions: tuple[str, ...] = ()
    value: str | None = None
    cause: Unknown | None = None
    requirement: str = ""
    order: int = -1
    location: Location | None = None
    discriminator: str = ""

    @property
    def certainty(self) -> Certainty:
        return Certainty.DEFINITE if self.cause is None else Certainty.UNDECIDED


class Place:
    """One set of tags: the resource's own, or those that reach one thing billed."""

    __slots__ = ("bill", "cause", "complete", "faults", "tags", "unknown", "wrong")

    def __init__(self, tags: Tags, cloud: Cloud, bill: Bill | None = None) -> None:
        self.bill = bill
        self.complete = tags.complete
        self.cause = tags.cause or INCOMPLETE
        self.tags: dict[str, Tag] = {}
        self.wrong: list[tuple[KeyCheck, Tag]] = []
        self.faults: list[tuple[KeyCheck, Tag, Fault]] = []
        self.unknown: list[tuple[KeyCheck, Tag, Unknown]] = []
        exact = cloud.exact
        for tag in tags.items:
            check = exact.get(tag.key)
            if check is None:
                other = cloud.wrong_case(tag.key)
                if other is not None:
                    self.wrong.append((other, tag))
                continue
            value = tag.value
            if cloud.labels and isinstance(value, str) and check.name not in cloud.annotations:
                value = from_label(check, value)
                tag = replace(tag, value=value)  # noqa: PLW2901 - judged as the dictionary spells it
            self.tags[check.name] = tag
            if isinstance(value, Unknown):
                self.unknown.append((check, tag, value))
            elif value:
                fault = check.fault(value)
                if fault is not None:
                    self.faults.append((check, tag, fault))

    def value(self, name: str) -> TagValue | None:
        """The value of a dictionary key here; None where it is absent or empty; Unknown where that is not known."""
        tag = self.tags.get(name)
        if tag is None:
            return None if self.complete else self.cause
        return tag.value or None

    def has(self, name: str) -> Truth:
        """Whether the key is here with a value."""
        value = self.value(name)
        return value if isinstance(value, Unknown) else value is not None

    def misspells(self, name: str) -> bool:
        """Whether the key is here in another case."""
        return any(check.name == name for check, _ in self.wrong)

    @property
    def suffix(self) -> str:
        """What follows the key in messages: ` on the root volume`, or nothing for the resource itself."""
        return f" on the {plain(self.bill.what)}" if self.bill else ""


class Lens:
    """The tags as one billed thing shows them: those that reach it, and behind them the resource's own.

    A resource that is billed itself has one lens, on its own tags; a mere carrier (a launch template, a group) has
    one for each thing it carries tags to.
    """

    __slots__ = ("bill", "own")

    def __init__(self, own: Place, bill: Place | None = None) -> None:
        self.own = own
        self.bill = bill

    def value(self, name: str) -> TagValue | None:
        if self.bill is None:
            return self.own.value(name)
        reaching = self.bill.value(name)
        return self.own.value(name) if reaching is None else reaching

    def has(self, name: str) -> Truth:
        own = self.own.has(name)
        return own if self.bill is None else either(own, self.bill.has(name))

    def tag(self, name: str) -> Tag | None:
        """The tag behind `value`."""
        found = self.bill.tags.get(name) if self.bill is not None else None
        return found if found is not None and found.value else self.own.tags.get(name)

    def misspells(self, name: str) -> bool:
        """Whether the key is here in another case, and not (not even empty) in the right one."""
        places = (self.own,) if self.bill is None else (self.own, self.bill)
        return any(place.misspells(name) for place in places) and not any(name in place.tags for place in places)


class Case:
    """A resource with all that the rules ask about it. Built for one call of `judge`."""

    def __init__(self, index: Index, resource: Resource, today: date) -> None:
        self.index = index
        self.resource = resource
        self.today = today
        self.cloud = cloud = index.cloud(resource.provider)
        self.own = own = Place(resource.tags, cloud)
        self.bills = [Place(bill.tags, cloud, bill) for bill in resource.bills if not bill.own]
        carrier = bool(self.bills) and len(self.bills) == len(resource.bills)
        self.lenses = [Lens(own, bill) for bill in self.bills] if carrier else [Lens(own)]
        self.places = [own, *self.bills]
        self.selected = index.selected(resource)
        self.applied = [
            (lens, ready, truth)
            for lens in self.lenses
            for ready, selected in self.selected
            if (truth := both(selected, condition(ready, lens)) if ready.when else selected) is not False
        ]

    def spelled(self, name: str) -> str:
        """The key as this provider spells it."""
        return self.cloud.spelled.get(name, name)

    @cached_property
    def demands(self) -> dict[str, tuple[tuple[ReadyRequirement, Truth], ...]]:
        """For each key that is, or may be, required: by which requirements, in their order, and how surely."""
        found: dict[str, dict[int, tuple[ReadyRequirement, Truth]]] = {}
        for _, ready, truth in self.applied:
            for check in ready.require:
                known = found.setdefault(check.name, {}).get(ready.order)
                joined = truth if known is None else either(known[1], truth)
                found[check.name][ready.order] = (ready, joined)
        return {name: tuple(by[order] for order in sorted(by)) for name, by in found.items()}

    def tag_location(self, tag: Tag | None) -> Location | None:
        """Where the tag was written, else where the resource's tags are, else the resource."""
        if tag is not None and tag.origin is not None and tag.origin.location is not None:
            return tag.origin.location
        return self.resource.tag_location or self.resource.location

    def concerns(self) -> bool:
        """Whether the dictionary has anything to say about the resource: a requirement with `require` selects it, or
        it carries one of the dictionary's keys.
        """
        return any(place.tags or place.wrong for place in self.places) or any(
            ready.require for ready, _ in self.selected
        )


def condition(ready: ReadyRequirement, lens: Lens) -> Truth:
    """Whether the requirement's `when` holds, in Kleene's logic; an alias counts as the value it stands for."""
    result: Truth = True
    for check, allowed in ready.when:
        value = lens.value(check.name)
        if isinstance(value, Unknown):
            result = both(result, value)
        elif value is None or check.canonical(value) not in allowed:
            return False
    return result
