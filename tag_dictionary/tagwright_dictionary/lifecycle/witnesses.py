"""Tags that pass under one dictionary and fail under another, found by asking the judge.

A finding needs few keys: the one it is about, those of its condition, the other half of a match. Each such focus is
tried with every value that matters (values that nothing tells apart stand for each other), the rest of the tags being
unknown to the judge; where that fails for certain, the remaining tags are filled in, one by one, so that the other
dictionary passes. What judges is always `judge`; this module only proposes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product

from tagwright_dictionary.dictionary import Key, Selector
from tagwright_dictionary.judging.label_form import to_label
from tagwright_dictionary.judging.text import quoted
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.lifecycle.changes import Witness
from tagwright_dictionary.lifecycle.focus import Focus
from tagwright_dictionary.lifecycle.languages import Texts, texts
from tagwright_dictionary.lifecycle.sides import PROVIDERS, Side, coarsened, demand, meaning
from tagwright_dictionary.model import Bill, Classes, Finding, Resource, Tag, Tags, Unknown

MAX_CALLS = 40_000
"""Judgements one search may cost: a few seconds at worst."""

MAX_VALUES = 48
"""Values of one key that are tried; further ones are taken from the rows of tables as they are needed."""

MAX_SEARCHES = 20
"""Values of one key that are searched for one by one."""

_OPEN = Unknown("not chosen yet")
_ABSENT = ""
"""An empty value counts as absent for every rule, also where further tags may exist."""

_LABEL = Key("label", pattern="[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
"""The form of a Kubernetes label's value (kubernetes.io, "Labels and Selectors"); the judge has the last word."""

Choice = dict[str, str]


class GivenUpError(Exception):
    """The search costs too much: whether there is a witness is not known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A resource without tags."""

    cloud: str = ""
    classes: frozenset[str] = frozenset()
    type: str = "some_type"

    def __str__(self) -> str:
        if self.classes:
            kind = f"a {min(self.classes)} resource"
        else:
            article = "an" if self.type[:1] in "aeiou" else "a"
            kind = "any resource" if self.type == "some_type" else f"{article} {self.type}"
        return f"{kind} on {self.cloud}" if self.cloud else kind


class Seeker:
    """Looks for tags that pass under `passes` and fail under `fails`.

    `foreign` also allows keys that only `fails` knows. Without it the tags are made of the keys of `passes`: what
    somebody tags beyond the dictionary was never promised to pass.
    """

    def __init__(self, passes: Side, fails: Side, *, foreign: bool) -> None:
        self.passes = passes
        self.fails = fails
        self._foreign = foreign
        self._known: dict[Focus, tuple[Witness | None, bool]] = {}
        self._domains: dict[tuple[str, str], tuple[str, ...]] = {}
        self._gaps: set[tuple[str, str]] = set()
        self._gap = False
        self._calls = 0
        self._different: dict[str, bool] = {}
        self._alike: dict[tuple[object, ...], Focus] = {}
        self._searches: Counter[str] = Counter()
        self._clouds = tuple(name for name in PROVIDERS if self._cloud_counts(name))
        self._types = self._type_names()

    def affected(self, focus: Focus) -> bool:
        """Whether anything in the focus is judged differently by the two dictionaries."""
        if self._cloud_differs_for(focus):
            return True
        if focus.requirement:
            pair = (self.passes.ready(focus.requirement), self.fails.ready(focus.requirement))
            first, second = (demand(each.requirement if each else None) for each in pair)
            if first != second:
                return True
        return any(self._differs(key) for key in focus.touches)

    def find(self, focus: Focus) -> tuple[Witness | None, bool]:
        """A witness, or None; and whether the search was complete."""
        if focus not in self._known:
            twin = self._twin(focus)
            if twin is not None:
                self._known[focus] = twin
                return twin
            self._calls, self._gap = 0, False
            try:
                witness = self._find(focus)
                self._known[focus] = (witness, witness is not None or not self._gap)
            except GivenUpError:
                self._known[focus] = (None, False)
        return self._known[focus]

    def _twin(self, focus: Focus) -> tuple[Witness | None, bool] | None:
        """What is known of a value that nothing tells apart from the one in focus, once a key had its share of
        searches: of ten thousand removed values the first few are proof enough for the others.
        """
        if focus.requirement or len(focus.given) != 1 or len(focus.given[0][1]) != 1:
            return None
        key, (value,) = focus.given[0]
        one, other = self.passes.index.checks.get(key), self.fails.index.checks.get(key)
        outcome = (self.passes.fine(one, value), self.fails.fine(other, value))
        like = (key, outcome, self.passes.coarse(one, value), self.fails.coarse(other, value))
        first = self._alike.setdefault(like, focus)
        self._searches[key] += 1
        if first == focus or self._searches[key] <= MAX_SEARCHES or first not in self._known:
            return None
        witness, complete = self._known[first]
        if witness is None:
            return None, complete
        before = first.given[0][1][0]
        tags = tuple((tag, value if found == before else found) for tag, found in witness.tags)
        message = witness.message.partition(": did you mean")[0].replace(quoted(before), quoted(value))
        return Witness(witness.resource, tags, witness.rule, message), complete

    def _differs(self, key: str) -> bool:
        if key not in self._different:
            one, other = self.passes.dictionary, self.fails.dictionary
            pair = meaning(one.key(key), one.placeholders), meaning(other.key(key), other.placeholders)
            self._different[key] = pair[0] != pair[1]
        return self._different[key]

    def _cloud_counts(self, name: str) -> bool:
        """Where keys are spelled differently, or values are written as labels, the plain case does not tell all."""
        return self._cloud_differs(name) or any(side.cloud(name).labels for side in (self.passes, self.fails))

    def _cloud_differs(self, name: str) -> bool:
        one, other = self.passes.dictionary.encoding(name), self.fails.dictionary.encoding(name)
        return one != other

    def _cloud_differs_for(self, focus: Focus) -> bool:
        return bool(focus.touches) and any(self._cloud_differs(name) for name in self._clouds)

    def _find(self, focus: Focus) -> Witness | None:
        for shape in self._shapes(focus):
            fails = self.fails.cloud(shape.cloud)
            names = tuple(dict.fromkeys(focus.touches))
            tags = [fails.spelled.get(name, name) for name in names]
            lacking = fails.spelled.get(focus.unreached, "") if focus.unreached else ""
            domains = [self._focus_domain(focus, shape, name, tag) for name, tag in zip(names, tags, strict=True)]
            for values in product(*domains):
                chosen = dict(zip(tags, values, strict=True))
                if self._shown(focus, shape, chosen, lacking, complete=False):
                    witness = self._complete(focus, shape, chosen, lacking)
                    if witness is not None:
                        return witness
        return None

    def _focus_domain(self, focus: Focus, shape: Shape, name: str, tag: str) -> tuple[str, ...]:
        if name in focus.absent or not self._speaks(shape, tag):
            return (_ABSENT,)
        given = dict(focus.given).get(name)
        if given is not None:
            check = self.passes.cloud(shape.cloud).exact.get(tag)
            domain = tuple(value for value in given if self.passes.fine(check, value))
            if self.passes.cloud(shape.cloud).labels or self.fails.cloud(shape.cloud).labels:
                domain = (*domain, *map(to_label, domain))
        else:
            domain = self._domain(shape.cloud, tag)
        ready = self.fails.ready(focus.requirement) if focus.requirement else None
        for check, values in ready.when if ready is not None else ():
            if check.name == name and not self.fails.cloud(shape.cloud).labels:
                domain = tuple(value for value in domain if check.canonical(value) in values)
        return domain

    def _speaks(self, shape: Shape, tag: str) -> bool:
        """Whether the tags of a witness may have this key."""
        if tag in self.passes.cloud(shape.cloud).exact:
            return True
        return self._foreign and tag in self.fails.cloud(shape.cloud).exact

    def _shapes(self, focus: Focus) -> Iterator[Shape]:
        ready = self.fails.ready(focus.requirement) if focus.requirement else None
        selector = ready.requirement.selector if ready is not None else Selector(everything=True)
        bare: list[tuple[frozenset[str], str]] = []
        if selector.everything:
            bare.append((frozenset(), "some_type"))
        bare += [(frozenset((name,)), "some_type") for name in selector.classes]
        bare += [(frozenset(), name) for name in self._types if any(fnmatchcase(name, glob) for glob in selector.types)]
        for cloud in ("", *self._clouds):
            for classes, kind in bare:
                yield Shape(cloud, classes, kind)

    def _type_names(self) -> tuple[str, ...]:
        """A type for each glob of either dictionary, readable first; one of each that are selected alike."""
        both = (self.passes.dictionary, self.fails.dictionary)
        selectors = [requirement.selector for dictionary in both for requirement in dictionary.requirements]
        globs = sorted({glob for selector in selectors for glob in selector.types})
        kinds: dict[tuple[bool, ...], str] = {}
        for glob in globs:
            for filler in ("example", "", "x", "zz_other"):
                name = _instance(glob, filler)
                if fnmatchcase(name, glob):
                    picked = tuple(any(fnmatchcase(name, each) for each in selector.types) for selector in selectors)
                    kinds.setdefault(picked, name)
        return tuple(kinds.values())

    def _domain(self, cloud: str, tag: str) -> tuple[str, ...]:
        """The values that a witness may give this tag, one of each that nothing tells apart; absent is not one."""
        memo = (cloud, tag)
        if memo not in self._domains:
            one, other = self.passes.cloud(cloud).exact.get(tag), self.fails.cloud(cloud).exact.get(tag)
            values = self._values(one, other, cloud)
            if any(not walk.complete for walk in self._walks(one, other, cloud)):
                self._gaps.add(memo)
            if self.passes.cloud(cloud).labels or self.fails.cloud(cloud).labels:
                values = tuple(dict.fromkeys((*values, *map(to_label, values))))
            self._domains[memo] = values
        self._gap = self._gap or memo in self._gaps
        return self._domains[memo]

    def _values(self, one: KeyCheck | None, other: KeyCheck | None, cloud: str) -> tuple[str, ...]:
        labels = self.passes.cloud(cloud).labels or self.fails.cloud(cloud).labels
        fine: dict[tuple[object, ...], str] = {}
        coarse: dict[tuple[object, ...], str] = {}
        for value in self._candidates(one, other, cloud):
            if self.passes.fine(one, value):
                # A value that the cloud itself refuses must not stand for one that it takes, nor one that is its own
                # label form for one that has another.
                as_label = not labels or to_label(value) == value
                kind = (self.fails.fine(other, value), self.passes.taken(cloud, value), as_label)
                roles = (self.passes.role(one, value), self.fails.role(other, value))
                fine.setdefault((kind, *roles), value)
                coarse.setdefault((kind, *map(coarsened, roles)), value)
        if len(fine) <= MAX_VALUES:
            return tuple(fine.values())
        return tuple(dict.fromkeys((*coarse.values(), *fine.values())))[:MAX_VALUES]

    def _candidates(self, one: KeyCheck | None, other: KeyCheck | None, cloud: str) -> Iterator[str]:
        """Values that `passes` may accept, with those among them that `fails` may refuse."""
        if one is not None and one.closed:
            yield from one.approved
            return
        if one is not None:
            yield from self.passes.named(one.name)
        if other is not None:
            yield from self.fails.named(other.name)
            yield from other.approved
        for walk in self._walks(one, other, cloud):
            yield from walk.found

    @staticmethod
    def _walks(one: KeyCheck | None, other: KeyCheck | None, cloud: str) -> list[Texts]:
        if one is not None and one.closed:
            return []
        own = () if one is None else (one.key,)
        # What an annotation may be and a label may not.
        beyond = [texts(own, _LABEL)] if cloud == "kubernetes" else []
        if other is None or other.closed:
            return [texts(own), *beyond]
        return [texts(own), texts(own, other.key), texts((*own, other.key)), *beyond]

    def _errors(self, side: Side, shape: Shape, chosen: Choice, lacking: str, *, complete: bool) -> tuple[Finding, ...]:
        self._calls += 1
        if self._calls > MAX_CALLS:
            raise GivenUpError
        return side.errors(_resource(shape, chosen, lacking, complete=complete))

    def _shown(self, focus: Focus, shape: Shape, chosen: Choice, lacking: str, *, complete: bool) -> Finding | None:
        """What `fails` says of the focus, for certain."""
        found = self._errors(self.fails, shape, chosen, lacking, complete=complete)
        return next((finding for finding in found if focus.shows(finding)), None)

    def _complete(self, focus: Focus, shape: Shape, chosen: Choice, lacking: str) -> Witness | None:
        waiting = [tag for tag in self._wanted(shape) if tag not in chosen]
        found = self._fill(focus, shape, chosen, waiting, lacking)
        if found is None:
            return None
        finding = self._shown(focus, shape, found, lacking, complete=True)
        if finding is None:
            return None
        tags = tuple(sorted((key, value) for key, value in found.items() if value))
        about = f"{shape} whose {lacking} does not reach its volumes" if lacking else str(shape)
        return Witness(about, tags, finding.rule, finding.message)

    def _fill(self, focus: Focus, shape: Shape, chosen: Choice, waiting: list[str], lacking: str) -> Choice | None:
        if self._errors(self.passes, shape, chosen, lacking, complete=not waiting):
            return None
        if not waiting:
            return chosen if self._shown(focus, shape, chosen, lacking, complete=True) else None
        tag, rest = waiting[0], waiting[1:]
        for value in self._options(shape, chosen, tag):
            found = self._fill(focus, shape, {**chosen, tag: value}, rest, lacking)
            if found is not None:
                return found
        return None

    def _wanted(self, shape: Shape) -> tuple[str, ...]:
        """The tags that the requirements of `passes` speak of for this resource; all others are left out."""
        cloud = self.passes.cloud(shape.cloud)
        names: dict[str, None] = {}
        for ready, _ in self.passes.index.selected(_resource(shape, {}, "", complete=True)):
            checks = [*ready.require, *(check for check, _ in ready.when)]
            checks += [check for match in ready.matches for check in (match.of, match.key)]
            checks += [check for group in ready.exclusive for check in group]
            names.update((cloud.spelled.get(check.name, check.name), None) for check in checks)
        return tuple(names)

    def _options(self, shape: Shape, chosen: Choice, tag: str) -> Iterator[str]:
        """Absent first: fewer tags make the plainer example."""
        yield _ABSENT
        linked: list[str] = []
        check = self.passes.cloud(shape.cloud).exact.get(tag)
        cloud = self.passes.cloud(shape.cloud)
        for ready in self.passes.index.requirements:
            for match in ready.matches:
                if match.key is check:
                    of = chosen.get(cloud.spelled.get(match.of.name, ""), "")
                    linked += match.rows.get(match.of.canonical(of), ())[:20]
        fitting = [value for value in dict.fromkeys(linked) if self.passes.fine(check, value)]
        yield from fitting
        yield from (value for value in self._domain(shape.cloud, tag) if value not in fitting)


def _resource(shape: Shape, chosen: Choice, lacking: str, *, complete: bool) -> Resource:
    items = tuple(Tag(key, value) for key, value in sorted(chosen.items()) if value or not complete)
    tags = Tags(items, complete, None if complete else _OPEN)
    bills: tuple[Bill, ...] = ()
    if lacking:
        reaching = tuple(Tag(tag.key, _ABSENT) if tag.key == lacking else tag for tag in items)
        kept = tuple(tag for tag in reaching if tag.value or not complete)
        bills = (Bill("instances", tags, own=True), Bill("volumes", Tags(kept, complete, tags.cause)))
    return Resource(
        "example",
        shape.type,
        PROVIDERS.get(shape.cloud, ""),
        classes=Classes(shape.classes),
        tags=tags,
        bills=bills,
    )


def _instance(glob: str, filler: str) -> str:
    """A name that the glob fits: `*` is the filler, `?` a letter, a set its first plain member."""
    out, index = [], 0
    while index < len(glob):
        char = glob[index]
        if char == "[" and (end := glob.find("]", index + 2)) > 0:
            inside = glob[index + 1 : end]
            out.append("z" if inside.startswith("!") else inside[0])
            index = end
        else:
            out.append(filler if char == "*" else "z" if char == "?" else char)
        index += 1
    return "".join(out)
