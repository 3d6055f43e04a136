"""`tagged`: any taggable resource of pulumi_aws, with its tags judged first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import pulumi

from tagwright_dictionary.judging.text import plain
from tagwright_pulumi.components.arguments import (
    ARGUMENT,
    arguments_of,
    camel,
    plain_mapping,
    unknown_argument,
)
from tagwright_pulumi.errors import Problem, TagPolicyError
from tagwright_pulumi.gate import TagGate, TagsInput
from tagwright_pulumi.gated import GatedTags
from tagwright_pulumi.types import TypeInfo, type_info
from tagwright_pulumi.waiting import is_pending

R = TypeVar("R", bound=pulumi.Resource)

_KINDS: Final = ("instance", "volume", "network-interface")
_BLOCKS: Final = ("root_block_device", "ebs_block_devices")


@dataclass(frozen=True, slots=True)
class Tagged(Generic[R]):
    """A resource class behind the gate; call it like the class."""

    resource: type[R]
    token: str
    info: TypeInfo
    gate: TagGate

    def __call__(
        self, name: str, *, tags: TagsInput, opts: pulumi.ResourceOptions | None = None, **arguments: Any
    ) -> R:
        """Create the resource. Raises TagPolicyError, and then nothing is registered.

        `tags` is a map for every type; an Auto Scaling group gets them as its list, propagated to its instances.
        What else carries the tags to what is billed is written as well: volume tags of an instance, tag
        specifications of a launch template. Further tags given there lie over `tags`, and are judged too.
        """
        known = arguments_of(self.resource)
        problems = [
            unknown_argument(self.resource.__name__, key, known) for key in arguments if known and key not in known
        ]
        if "tags_all" in arguments:
            message = "tags_all would go past the gate"
            problems.append(Problem(ARGUMENT, message, path="tagsAll", help="write them into tags."))
        places = {} if problems else _places(self.info, arguments, problems)
        gated = self.gate.apply(self.token, name, tags, arguments=arguments, places=places, problems=problems)
        for key in (each for each in arguments if is_pending(arguments[each])):
            arguments[key] = gated.guard(arguments[key])
        written = {} if problems else _written(self.info, arguments, places, gated)
        own: Any = gated.propagated() if self.info.kind == "list" else gated.map
        maker: Any = self.resource
        made: R = maker(name, **{**arguments, **written}, tags=own, opts=opts)
        return made


def tagged(resource: type[R], *, gate: TagGate | None = None) -> Tagged[R]:
    """Put a resource class of pulumi_aws behind the gate: `tagged(aws.s3.Bucket)("data", tags={...})`.

    Raises TagPolicyError for a class that cannot be tagged, or whose `tags` are something else.
    """
    token = getattr(resource, "pulumi_type", None)
    if not isinstance(token, str):
        raise _refusal(repr(resource), "it is no resource class of a Pulumi provider")
    info = type_info(token) or _newer(resource)
    if info.kind == "selector":
        raise _refusal(token, f"its `tags` are not its own: {info.why}")
    if not info.taggable:
        raise _refusal(token, "it cannot carry tags")
    return Tagged(resource, token, info, gate or TagGate())


def _newer(resource: type) -> TypeInfo:
    """A type that is not in the table: `tags` with `tags_all` is how the bridge writes tags."""
    whole = "tags" in arguments_of(resource) and hasattr(resource, "tags_all")
    return TypeInfo("map" if whole else "none")


def _refusal(token: str, why: str) -> TagPolicyError:
    return TagPolicyError(token, "tagged(...)", [Problem(ARGUMENT, why, help="create it without tagged(...).")])


def _carriers(info: TypeInfo) -> dict[str, Mapping[str, Any]]:
    return {_snake(name): how for name, how in info.also}


def _places(info: TypeInfo, arguments: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """Tags written beside `tags`, by what they are of."""
    found: dict[str, Any] = {}
    for name, how in _carriers(info).items():
        value = arguments.get(name)
        if value is None or "set" in how:
            continue
        if how["as"] == "map":
            found[name] = value
            continue
        for place, block in enumerate(_listed(name, value, problems)):
            found[f"{name} {plain(str(block.get('resource_type')))} {place + 1}"] = block.get("tags") or {}
    if "volume_tags" in _carriers(info):
        for name in _BLOCKS:
            value = arguments.get(name)
            blocks = [value] if value is not None and name == "root_block_device" else value
            for place, block in enumerate(_listed(name, blocks, problems)):
                if block.get("tags"):
                    found[f"{name} {place + 1}"] = block["tags"]
    return found


def _listed(name: str, value: Any, problems: list[Problem]) -> list[dict[str, Any]]:
    """A list of blocks as dictionaries. An output is refused: tags inside it could not be seen."""
    blocks = [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]
    found = [plain_mapping(each) for each in blocks]
    seen = [each for each in found if each is not None]
    if len(seen) != len(found):
        message = f"{name} is an output: tags in it cannot be seen"
        help_text = "write it as a list of mappings; their values may be outputs."
        problems.append(Problem(ARGUMENT, message, path=camel(name), help=help_text))
    return seen


def _written(
    info: TypeInfo, arguments: Mapping[str, Any], places: Mapping[str, Any], gated: GatedTags
) -> dict[str, Any]:
    """The arguments that carry the tags on."""
    written: dict[str, Any] = {}
    by_block = any(what.partition(" ")[0] in _BLOCKS for what in places)
    for name, how in _carriers(info).items():
        if "set" in how:
            if arguments.get(name) is None:
                written[name] = how["set"]
        elif how["as"] == "specifications":
            written[name] = _specifications(name, arguments.get(name), gated)
        elif name == "volume_tags" and by_block and name not in places:
            written |= _blocks(arguments, places, gated)
        else:
            written[name] = gated.place(name) if name in places else gated.map
    return written


def _specifications(name: str, value: Any, gated: GatedTags) -> list[dict[str, Any]]:
    """What was written, with the tags below it, and the kinds that were not."""
    found = []
    for place, block in enumerate(_listed(name, value, [])):
        what = f"{name} {plain(str(block.get('resource_type')))} {place + 1}"
        found.append({**block, "tags": gated.place(what)})
    kinds = {block.get("resource_type") for block in found}
    return found + gated.specifications([kind for kind in _KINDS if kind not in kinds])


def _blocks(arguments: Mapping[str, Any], places: Mapping[str, Any], gated: GatedTags) -> dict[str, Any]:
    """Tags in a block conflict with `volume_tags`: then every block gets its own."""
    written: dict[str, Any] = {}
    for name in _BLOCKS:
        value = arguments.get(name)
        single = name == "root_block_device"
        blocks = _listed(name, ([value] if value is not None else [{}]) if single else value, [])
        tagged_blocks = [
            {**block, "tags": gated.place(what) if (what := f"{name} {place + 1}") in places else gated.map}
            for place, block in enumerate(blocks)
        ]
        if tagged_blocks:
            written[name] = tagged_blocks[0] if single else tagged_blocks
    return written


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
