"""Tags that have passed the gate, in every form in which AWS wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import pulumi

from tagwright_pulumi.waiting import is_pending, then

T = TypeVar("T")
TagMap = dict[str, pulumi.Input[str]] | pulumi.Output[dict[str, str]]


@dataclass(frozen=True, slots=True)
class GatedTags:
    """The tags to give to a resource: its own over the defaults.

    Each value is by itself: one that is unknown or secret leaves the others readable in previews and for policy
    packs. Values that were pending wait for the verdict; so does whatever is passed through `guard`.
    """

    _values: Mapping[str, Any]
    _whole: pulumi.Output[dict[str, str]] | None
    _places: Mapping[str, TagMap]
    _verdict: pulumi.Output[None] | None

    @classmethod
    def of(
        cls,
        values: Mapping[str, Any],
        whole: Any,
        places: Mapping[str, Mapping[str, Any]],
        verdict: pulumi.Output[None] | None,
    ) -> GatedTags:
        """Of checked layers: `whole`, where the map itself is pending, lies over `values`; `places` lie over both."""
        if whole is None:
            made: dict[str, TagMap] = {what: _each({**values, **more}, verdict) for what, more in places.items()}
            return cls(_each(values, verdict), None, made, verdict)
        own: pulumi.Output[dict[str, str]] = then(
            pulumi.Output.from_input(whole).apply(lambda top: _merged(values, top)), _holding(verdict)
        )
        return cls({}, own, {what: _over(own, _each(more, verdict)) for what, more in places.items()}, verdict)

    @property
    def map(self) -> TagMap:
        """For every `tags` that is a map. A fresh dictionary each time."""
        return dict(self._values) if self._whole is None else self._whole

    @property
    def output(self) -> pulumi.Output[dict[str, str]]:
        """All of them in one output, for whoever reads them: unknown or secret where one of them is."""
        tags: pulumi.Input[Any] = self.map
        return pulumi.Output.from_input(tags)

    @property
    def keys(self) -> tuple[str, ...] | None:
        """The keys, sorted; None while they are not known (the whole map is an output)."""
        return tuple(sorted(self._values)) if self._whole is None else None

    def place(self, what: str) -> TagMap:
        """The tags of one of the `places` given to the gate."""
        found = self._places[what]
        return found if isinstance(found, pulumi.Output) else dict(found)

    def get(self, key: str) -> pulumi.Input[str]:
        """One value. KeyError when it is not there, or the keys are not known."""
        return cast("pulumi.Input[str]", self._values[key])

    def propagated(self) -> list[dict[str, Any]] | pulumi.Output[list[dict[str, Any]]]:
        """For an Auto Scaling group: a list, every tag of which goes on to the instances."""
        if self._whole is None:
            return _as_list(self._values)
        return self._whole.apply(_as_list)

    def specifications(self, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """For a launch template: the same tags on each kind of resource that it starts."""
        return [{"resource_type": kind, "tags": self.map} for kind in kinds]

    def guard(self, value: pulumi.Input[T]) -> pulumi.Input[T]:
        """`value`, as an output that waits for the verdict when there is something to wait for."""
        return value if self._verdict is None else then(value, _holding(self._verdict))


def _as_list(tags: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": tags[key], "propagate_at_launch": True} for key in sorted(tags)]


def _merged(values: Mapping[str, Any], top: Any) -> pulumi.Output[Any]:
    """What is not a map is refused by the verdict, in words; until then it is nothing."""
    return pulumi.Output.from_input({**values, **(top if isinstance(top, Mapping) else {})})


def _each(values: Mapping[str, Any], verdict: pulumi.Output[None] | None) -> dict[str, pulumi.Input[str]]:
    if verdict is None:
        return dict(values)
    pending = {key for key, value in values.items() if is_pending(value)}
    # With only arguments pending there is still a verdict to wait for: one of the tags does.
    held = pending or set(sorted(values)[:1])
    return {key: then(value, _holding(verdict)) if key in held else value for key, value in values.items()}


def _over(own: pulumi.Output[dict[str, str]], more: Mapping[str, Any]) -> pulumi.Output[dict[str, str]]:
    return pulumi.Output.all(own=own, more=dict(more)).apply(lambda both: {**both["own"], **both["more"]})


def _holding(verdict: pulumi.Output[None] | None) -> Any:
    async def hold(value: Any) -> Any:
        if verdict is not None:
            await verdict.future()
        return value

    return hold
