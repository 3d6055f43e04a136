"""Plan JSON in, a `Reading` out.

The document is passed over twice or three times: once for where its sections start, once for the configuration, and
over `resource_changes`, entry by entry. Only what others may point to, or what points to others, is kept until the
end; everything else is judged as it is read and forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tagwright_dictionary.catalogue import TagSupport, tag_support
from tagwright_dictionary.model import NO_TAGS, Location, Problem, Reading, Resource, Unknown
from tagwright_iac import reach
from tagwright_iac.classify import classify_view, needs_links
from tagwright_iac.plan.change import Change, EntryError, change_of, without_keys
from tagwright_iac.plan.configuration import Configuration, read_configuration
from tagwright_iac.plan.cursor import Cursor, MalformedError
from tagwright_iac.plan.defaults import Defaults, merged_attribute
from tagwright_iac.plan.document import SHOW, NotAPlanError, Sections, opened, sections
from tagwright_iac.plan.links import TARGETS, Links
from tagwright_iac.plan.node import Node
from tagwright_iac.plan.planned_values import planned_changes
from tagwright_iac.plan.view import PlanView

_POINTED_AT = frozenset(kind for kinds in TARGETS.values() for kind in kinds) - {"aws_instance"}
_NOT_PLANNED_YET = "the plan is not complete: it was made with -target, or some changes wait for another run"
_DEFERRED = "whether and how often it exists is decided in a later run"
_SLIM: tuple[Any, ...] = (None, [], {}, "", False)


def read_plan(path: Path, *, cwd: Path, changed_only: bool = False) -> Reading:
    """Every managed resource that the plan leaves in place, as it will be.

    `changed_only` leaves out what the plan does not touch. Bad input raises nothing: it becomes a `Problem` with what
    to do about it. Memory grows with the number of resources, not with the size of the file.
    """
    shown = _shown(path, cwd)
    try:
        with opened(path) as file:
            cursor, found = sections(file)
            return _Reader(shown, cursor, found, changed_only=changed_only).reading()
    except NotAPlanError as error:
        return _refused(shown, str(error), error.hint)
    except MalformedError as error:
        return _refused(shown, str(error), SHOW)
    except OSError as error:
        return _refused(shown, f"cannot be read ({error.strerror or error})", "")


class _Reader:
    """One document. `waiting` holds what is judged last, because others point to it or it to others."""

    def __init__(self, path: str, cursor: Cursor, found: Sections, *, changed_only: bool) -> None:
        self.path, self.cursor, self.found, self.changed_only = path, cursor, found, changed_only
        self.problems: list[Problem] = []
        self.resources: list[tuple[int, Resource]] = []
        self.waiting: list[tuple[int, Change]] = []
        there = self._goto("configuration")
        self.configuration = read_configuration(cursor) if there else Configuration(present=False)
        self.defaults = Defaults(self.configuration)
        self.links = Links(self.configuration, self._view)

    def reading(self) -> Reading:
        self._flags()
        if self.defaults.want_observations:
            for raw in self._raw():
                self.defaults.note_pending(raw)
                change = self._change(raw, complain=False)
                if change is not None:
                    self.defaults.observe(change)
        for index, change in enumerate(self._changes()):
            if self._waits(change):
                slim = replace(change, after=_slim(change.after))
                self.waiting.append((index, slim))
                self.links.add(slim)
            elif change.changes_something or not self.changed_only:
                self._keep(index, change, ())
        consumers = self._consumers()
        for index, change in self.waiting:
            if change.changes_something or not self.changed_only:
                self._keep(index, change, consumers.get(change.address, ()))
        self.resources.sort(key=lambda item: item[0])
        return Reading(
            resources=tuple(resource for _, resource in self.resources),
            files=(self.path,),
            problems=tuple(self.problems),
        )

    def _flags(self) -> None:
        if self.found.small.get("errored") is True:
            self._problem("the plan ended with an error, so it is not complete", "mend the error and plan again")
        elif self.found.small.get("complete") is False:
            self._problem(_NOT_PLANNED_YET, "plan without -target")

    def _goto(self, section: str) -> bool:
        if section not in self.found.offsets:
            return False
        self.cursor.seek(self.found.offsets[section])
        return True

    def _raw(self) -> Iterator[Any]:
        if self._goto("resource_changes") and self.cursor.peek() == "[":
            for _ in self.cursor.items():
                yield self.cursor.value()

    def _changes(self) -> Iterator[Change]:
        if "resource_changes" in self.found.offsets:
            if self._goto("resource_changes") and self.cursor.peek() != "[":
                self._problem("resource_changes is not a list", SHOW)
            for raw in self._raw():
                change = self._change(raw, complain=True)
                if change is not None:
                    yield change
        elif self._goto("planned_values"):
            try:
                yield from planned_changes(self.cursor)
            except EntryError as error:
                self._problem(str(error), SHOW)
        yield from self._deferred()

    def _deferred(self) -> Iterator[Change]:
        if not self._goto("deferred_changes") or self.cursor.peek() != "[":
            return
        for _ in self.cursor.items():
            raw = self.cursor.value()
            change = self._change(raw.get("resource_change") if isinstance(raw, dict) else None, complain=True)
            reason = raw.get("reason") if isinstance(raw, dict) else None
            if change is not None:
                cause = Unknown(f"{_DEFERRED} ({str(reason)[:60]})" if reason else _DEFERRED)
                yield replace(change, exists=cause)

    def _change(self, raw: Any, *, complain: bool) -> Change | None:
        try:
            return change_of(raw)
        except EntryError as error:
            if complain:
                self._problem(str(error), SHOW)
            return None

    def _waits(self, change: Change) -> bool:
        """Whether this resource points to others, is pointed at, or may be."""
        type_ = change.type
        if type_ == "aws_instance":
            templates = change.after.child("launch_template")
            return bool(templates.value) or templates.is_unknown or self.configuration.has_type("aws_ec2_tag")
        return type_ in _POINTED_AT or type_ in reach.RULES or type_ in _CONSUMERS or needs_links(type_)

    def _consumers(self) -> dict[str, tuple[PlanView, ...]]:
        """For each address, who of the plan points to it in one of the ways `reach.CONSUMED` lists."""
        found: dict[str, dict[str, Change]] = {}
        for _, change in self.waiting:
            for kind, ways in reach.CONSUMED.items():
                for user, *path in ways:
                    if user == change.type:
                        target = self.links.target(change, tuple(path))
                        if isinstance(target, Change) and target.type == kind:
                            found.setdefault(target.address, {})[change.address] = change
        return {address: tuple(self._view(users[name]) for name in sorted(users)) for address, users in found.items()}

    def _view(self, change: Change) -> PlanView:
        block = self.configuration.block(without_keys(change.module), f"{change.type}.{change.name}")
        key = block.provider_key if block else None
        provider = self.configuration.provider(key) if key is not None else None
        tags, doubt = self.defaults.of(key)
        takes = bool(merged_attribute(change.after)) or change.partial is not None
        return PlanView(
            change,
            _place(change),
            key or change.provider,
            block.written if block and change.partial is None else None,
            block.references if block else {},
            tags if takes else NO_TAGS,
            doubt if takes else None,
            self.configuration.versions(provider.source) if provider and change.type == "aws_instance" else "",
            Location(self.path),
            self.links.follow,
        )

    def _keep(self, index: int, change: Change, consumers: tuple[PlanView, ...]) -> None:
        try:
            self.resources.append((index, self._resource(change, consumers)))
        except RecursionError:
            self._problem(f"values of {change.address[:200]} are nested too deeply", "")

    def _resource(self, change: Change, consumers: tuple[PlanView, ...]) -> Resource:
        view = self._view(change)
        classes, attributes = classify_view(view)
        # A plan shows the provider's own schema: tags_all proves what a table may not know yet.
        known = True if merged_attribute(change.after) else view.place.taggable
        tags = view.effective_tags
        return Resource(
            address=change.address,
            type=change.type,
            provider=change.provider,
            framework="terraform-plan",
            taggable=known,
            classes=classes,
            tags=tags,
            bills=() if known is False else reach.bills(view, consumers),
            location=view.location,
            tag_location=view.location,
            attributes=attributes,
            instance_key=change.key,
            block=change.block,
            scope=self.path,
            sources=(self.path,),
            exists=change.exists,
            note="" if known is not None else f"{change.type} is in no table of taggable types",
        )

    def _problem(self, reason: str, hint: str) -> None:
        problem = Problem(self.path, reason, hint=hint)
        if problem not in self.problems:
            self.problems.append(problem)


_CONSUMERS = frozenset(user for ways in reach.CONSUMED.values() for user, *_ in ways) - {"aws_instance"}


def _slim(node: Node) -> Node:
    """Without what is not set: most of a planned resource is nulls, and these wait for the end of the document."""
    value, unknown = node.value, node.unknown
    if isinstance(value, dict):
        value = {name: item for name, item in value.items() if item not in _SLIM or name.startswith(("tags", "label"))}
    if isinstance(unknown, dict):
        unknown = {name: item for name, item in unknown.items() if item not in _SLIM or name.startswith("tags")}
    return replace(node, value=value, unknown=unknown)


def _place(change: Change) -> TagSupport:
    """Where the type keeps its tags; for a type newer than the tables, where the plan shows them."""
    place = tag_support(change.type)
    if place.attribute or not merged_attribute(change.after):
        return place
    return TagSupport(True, "labels" if change.provider.startswith("google") else "tags", "map", defaults=True)


def _shown(path: Path, cwd: Path) -> str:
    try:
        return path.resolve().relative_to(cwd.resolve()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _refused(path: str, reason: str, hint: str) -> Reading:
    return Reading(files=(path,), problems=(Problem(path, reason, hint=hint),))
