"""`install_auto_tags`: the stack's tags on every taggable resource, also inside of other people's components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, MutableSequence
from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.output import Unknown
from pulumi.runtime import rpc, settings

from tagwright_dictionary.dictionary import Dictionary
from tagwright_pulumi.errors import SetupError
from tagwright_pulumi.judging import Subject, find_classes
from tagwright_pulumi.reading import not_a_map, wrong_value
from tagwright_pulumi.spreading import Change, Spreading
from tagwright_pulumi.stack import find_dictionary, stack_defaults
from tagwright_pulumi.types import type_info

_installed: WeakKeyDictionary[Any, list[tuple[Any, ...]]] = WeakKeyDictionary()
"""What each deployment (known by its connection to the engine) has installed: the engine calls a transform once for
each time it was registered.
"""


class Wire:
    """Properties as a transform gets them, copied before they are changed."""

    def mapping(self, value: Any) -> MutableMapping[str, Any] | None:
        found = _inside(value)
        return found if isinstance(found, dict) else None

    def sequence(self, value: Any) -> MutableSequence[Any] | None:
        found = _inside(value)
        return found if isinstance(found, list) else None

    def later(self, value: Any, change: Change) -> Any:
        """An output keeps its dependencies, and stays secret; what is not known at all is left to the update."""
        if isinstance(value, pulumi.Output):
            changed: pulumi.Output[Any] = value.apply(change)
            return changed
        return value


def install_auto_tags(
    tags: Mapping[str, pulumi.Input[str]] | None = None,
    *,
    dictionary: Dictionary | str | None = None,
    override: bool = False,
    classes: Iterable[str] | None = None,
) -> None:
    """Add tags to every AWS resource of this stack that is registered from now on: call it first in the program.

    `tags` win over the stack's `tagwright:defaults`, and those over the defaults of the dictionary's keys. A resource's
    own tags win over all of them, unless `override`. With `classes` (of the catalogue: `gpu`, `bucket`, ...) only
    resources that are, or may be, of one of them get any.

    The engine calls it, so it also sees the children of remote components. It writes `tags`, an Auto Scaling group's
    list, volume tags of instances and tag specifications of launch templates; it leaves alone the types whose `tags`
    mean something else. It adds and never refuses: that is the business of `TagGate` and of the policy pack. Calling
    it again with the same tags does nothing.

    Raises SetupError for tags that are none, and for a dictionary that cannot be used.
    """
    wanted = None if classes is None else frozenset(classes)
    given = _tags(tags, dictionary)
    monitor = settings.get_monitor()
    before = _installed.setdefault(monitor, [])
    mine = (given, override, wanted)
    if not given or any(_same(mine, each) for each in before):
        return
    before.append(mine)

    def transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        return _transformed(args, given, override=override, wanted=wanted)

    pulumi.runtime.register_resource_transform(transform)


def _tags(tags: Any, dictionary: Dictionary | str | None) -> dict[str, Any]:
    """All layers in one, the weakest first."""
    if tags is not None and not isinstance(tags, Mapping):
        raise SetupError(f"install_auto_tags: {not_a_map(tags).message}")
    written = {str(key): value for key, value in (tags or {}).items() if not isinstance(value, pulumi.Output)}
    wrong = [problem.message for key in written if (problem := wrong_value(key, written[key])) is not None]
    if wrong:
        raise SetupError(f"install_auto_tags: {'; '.join(wrong)}")
    found = find_dictionary(dictionary)
    encoding = found.encoding("aws")
    spelled = dict(encoding.keys) if encoding else {}
    made: dict[str, Any] = {spelled.get(key.name, key.name): key.default for key in found.keys if key.default}
    for layer in stack_defaults():
        # The provider adds its own default tags itself.
        if not layer.origin.startswith("aws:"):
            made |= layer.tags
    return {**made, **(tags or {})}


def _transformed(
    args: pulumi.ResourceTransformArgs, tags: Mapping[str, Any], *, override: bool, wanted: frozenset[str] | None
) -> pulumi.ResourceTransformResult | None:
    info = type_info(args.type_)
    if not args.custom or info is None or not info.taggable:
        return None
    props: dict[str, Any] = _copied(dict(args.props))
    if wanted is not None:
        found = find_classes(Subject(args.type_, args.name), _shown(props))
        if not wanted & {*found.certain, *(name for name, _ in found.possible)}:
            return None
    if not Spreading(tags, Wire(), override).over(info, props):
        return None
    return pulumi.ResourceTransformResult(props, args.opts)


def _copied(value: Any) -> Any:
    """Dictionaries and lists anew; what is in them stays: an output must not be opened."""
    if isinstance(value, (pulumi.Output, Unknown)):
        return value
    if isinstance(value, Mapping):
        return {key: _copied(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copied(each) for each in value]
    return value


def _inside(value: Any) -> Any:
    """What the SDK wraps as secret (a property as a whole, when anything in it is): it stays wrapped."""
    return rpc.unwrap_rpc_secret(value) if isinstance(value, dict) and rpc.is_rpc_secret(value) else value


def _shown(value: Any) -> Any:
    """Without secrets' wrappings, to look at only."""
    value = _inside(value)
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items()}
    return [_shown(each) for each in value] if isinstance(value, list) else value


def _same(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    """Outputs are compared by identity: whether two are equal cannot be asked."""
    (tags, *rest), (others, *more) = left, right
    if rest != more or tags.keys() != others.keys():
        return False
    return all(
        value is others[key] or (isinstance(value, str) and isinstance(others[key], str) and value == others[key])
        for key, value in tags.items()
    )
