"""Pulumi's JSON in, a `Reading` out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tagwright_dictionary.catalogue import TagSupport, provider_of
from tagwright_dictionary.model import Location, Origin, Problem, Reading, Resource
from tagwright_iac import reach
from tagwright_iac.classify import classify_view, needs_links
from tagwright_iac.plan.cursor import MalformedError
from tagwright_iac.plan.document import opened
from tagwright_iac.pulumi.document import PREVIEW, Document, NotReadableError, read_document
from tagwright_iac.pulumi.links import Links
from tagwright_iac.pulumi.naming import place_of, terraform_type
from tagwright_iac.pulumi.states import State
from tagwright_iac.pulumi.view import PulumiView


def read_pulumi(path: Path, *, cwd: Path, changed_only: bool = False) -> Reading:
    """Every resource that a preview leaves in place, or that an export holds.

    `changed_only` leaves out what the preview does not touch. Bad input raises nothing: it becomes a `Problem` with
    what to do about it. Memory grows with the resources' inputs.
    """
    shown = _shown(path, cwd)
    try:
        with opened(path) as file:
            document = read_document(file)
        return _Reader(shown, document).reading(changed_only=changed_only)
    except NotReadableError as error:
        return _refused(shown, str(error), error.hint)
    except MalformedError as error:
        return _refused(shown, str(error), f"{PREVIEW}, and nothing else into the file")
    except OSError as error:
        return _refused(shown, f"cannot be read ({error.strerror or error})", "")


class _Reader:
    def __init__(self, path: str, document: Document) -> None:
        self.path, self.document = path, document
        self.location = Location(path)
        self.links = Links(self._view)
        for state in document.states.values():
            self.links.add(state)

    def reading(self, *, changed_only: bool) -> Reading:
        problems = [Problem(self.path, reason, hint=hint) for reason, hint in self.document.problems]
        consumers = self._consumers()
        resources = []
        # The engine works in parallel: the order of steps differs from run to run.
        for state in sorted(self.document.states.values(), key=lambda each: each.address):
            if not state.judged or (changed_only and state.op == "same"):
                continue
            try:
                resources.append(self._resource(state, consumers.get(state.urn, ())))
            except RecursionError:
                problems.append(Problem(self.path, f"values of {state.address[:200]} are nested too deeply"))
        return Reading(
            resources=tuple(resources),
            files=(self.path,),
            problems=tuple(dict.fromkeys(problems)),
            notes=tuple(f"{self.path}: {note}" for note in self.document.notes),
        )

    def _consumers(self) -> dict[str, tuple[PulumiView, ...]]:
        """For each URN, who of the document points to it in one of the ways `reach.CONSUMED` lists."""
        found: dict[str, dict[str, State]] = {}
        for state in self.document.states.values():
            for kind, ways in reach.CONSUMED.items():
                for user, *path in ways:
                    if user == terraform_type(state.type):
                        target = self.links.target(state, tuple(path))
                        if isinstance(target, State) and terraform_type(target.type) == kind:
                            found.setdefault(target.urn, {})[state.urn] = state
        return {urn: tuple(self._view(users[name]) for name in sorted(users)) for urn, users in found.items()}

    def _view(self, state: State) -> PulumiView:
        return self._view_as(state, terraform_type(state.type))

    def _view_as(self, state: State, type_: str) -> PulumiView:
        return PulumiView(
            state.inputs,
            Origin("plan", state.address, self.location),
            state,
            type_,
            _place(state),
            self.document.states.get(state.provider),
            self.document.config.get("aws:defaultTags"),
            self.document.kind == "export",
            self.location,
            self.links.follow,
        )

    def _resource(self, state: State, consumers: tuple[PulumiView, ...]) -> Resource:
        view = self._view(state)
        # Links are catalogued by Terraform's arguments, everything else by Pulumi's own.
        classes, attributes = classify_view(view if needs_links(view.type) else self._view_as(state, state.type))
        known = view.place.taggable
        return Resource(
            address=state.address,
            type=state.type,
            provider=provider_of(state.type),
            framework="pulumi",
            taggable=known,
            classes=classes,
            tags=view.effective_tags,
            bills=() if known is False and view.type not in reach.RULES else reach.bills(view, consumers),
            location=self.location,
            tag_location=self.location,
            attributes=attributes,
            block=state.address,
            scope=self.path,
            sources=(self.path,),
            note="" if known is not None else f"{state.type} is in no table of taggable types",
        )


def _place(state: State) -> TagSupport:
    """Where the type keeps its tags; for a type newer than the tables, where the provider merged its defaults."""
    found = place_of(state.type)
    shows: Any = {**state.outputs, **state.inputs}
    if found.taggable is None and "tagsAll" in shows:
        return TagSupport(True, "tags", "map", defaults=True)
    return found


def _shown(path: Path, cwd: Path) -> str:
    try:
        return path.resolve().relative_to(cwd.resolve()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


def _refused(path: str, reason: str, hint: str) -> Reading:
    return Reading(files=(path,), problems=(Problem(path, reason, hint=hint),))
