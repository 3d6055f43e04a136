"""Adding tags to the wire properties of a resource, everywhere they have to stand: the map or list of its own, volume
tags (or each block device where one has tags of its own), tag specifications of a launch template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, MutableSequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from tagwright_pulumi.types import TypeInfo

KINDS: Final = ("instance", "volume", "network-interface")
"""What a launch template starts that can carry tags."""

ROOT: Final = "rootBlockDevice"
DEVICES: Final = "ebsBlockDevices"

Change = Callable[[Any], Any]


class Medium(Protocol):
    """How the values of one gate can be opened: a transform has outputs in them, a remediation secrets."""

    def mapping(self, value: Any) -> MutableMapping[str, Any] | None:
        """The mapping behind a value, to be changed in place; None when it is none, or cannot be seen."""

    def sequence(self, value: Any) -> MutableSequence[Any] | None:
        """The same for a list."""

    def later(self, value: Any, change: Change) -> Any:
        """What to write for a value that cannot be seen now, `change` being what to make of it; the value itself
        where nothing can be done.
        """


@dataclass(frozen=True, slots=True)
class Spreading:
    """`tags` to add to each place; with `override` they win over what is there. A key that is there in other letters
    (`Owner`) is left alone: two of them would be worse than one.
    """

    tags: Mapping[str, Any]
    medium: Medium
    override: bool = False

    def over(self, info: TypeInfo, props: MutableMapping[str, Any]) -> bool:
        """Change the properties in place; whether anything changed."""
        if not info.taggable or not self.tags:
            return False
        changed = self._listed(props) if info.kind == "list" else self._mapped(props, "tags")
        if "tagsAll" in props:
            # A remediation comes after the provider's Check, which has merged the tags by then.
            changed |= self._mapped(props, "tagsAll")
        for name, how in info.also:
            if how.get("as") == "specifications":
                changed |= self._specified(props, name)
            elif how.get("as") == "map":
                changed |= self._volumes(props) if name == "volumeTags" else self._mapped(props, name)
        return changed

    def _mapped(self, props: MutableMapping[str, Any], name: str) -> bool:
        given = props.get(name)
        if given is None:
            props[name] = dict(self.tags)
            return True
        found = self.medium.mapping(given)
        if found is not None:
            return self._into(found)
        made = self.medium.later(given, self._whole_map)
        props[name] = made
        return made is not given

    def _whole_map(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        found = dict(value)
        self._into(found)
        return found

    def _into(self, found: MutableMapping[str, Any]) -> bool:
        """Keys in their order, so that a diff is the same every time."""
        there = {key.casefold() for key in found}
        before = dict(found)
        for key in sorted(self.tags):
            if key in found:
                if self.override or found[key] is None:
                    found[key] = self.tags[key]
            elif key.casefold() not in there:
                found[key] = self.tags[key]
        return before.keys() != found.keys() or any(before[key] is not found[key] for key in found)

    def _listed(self, props: MutableMapping[str, Any]) -> bool:
        given = props.get("tags")
        if given is None:
            props["tags"] = [self._entry(key) for key in sorted(self.tags)]
            return True
        found = self.medium.sequence(given)
        if found is not None:
            return self._append(found)
        made = self.medium.later(given, self._whole_list)
        props["tags"] = made
        return made is not given

    def _whole_list(self, value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            return value
        found = [dict(each) if isinstance(each, Mapping) else each for each in value]
        self._append(found)
        return found

    def _append(self, found: MutableSequence[Any]) -> bool:
        entries = [entry for each in found if (entry := self.medium.mapping(each)) is not None]
        there = {key.casefold(): entry for entry in entries if isinstance(key := entry.get("key"), str)}
        changed = False
        for key in sorted(self.tags):
            entry = there.get(key.casefold())
            if entry is None:
                found.append(self._entry(key))
                changed = True
            elif self.override and entry["key"] == key and entry.get("value") is not self.tags[key]:
                entry["value"] = self.tags[key]
                changed = True
        return changed

    def _entry(self, key: str) -> dict[str, Any]:
        return {"key": key, "value": self.tags[key], "propagateAtLaunch": True}

    def _specified(self, props: MutableMapping[str, Any], name: str) -> bool:
        """Each specification, and those kinds that have none yet."""
        given = props.get(name)
        found = [] if given is None else self.medium.sequence(given)
        if found is None:
            return False
        changed = False
        kinds = set()
        for each in found:
            block = self.medium.mapping(each)
            if block is not None:
                changed |= self._mapped(block, "tags")
                kinds.add(block.get("resourceType"))
        for kind in KINDS:
            if kind not in kinds:
                found.append({"resourceType": kind, "tags": dict(self.tags)})
                changed = True
        if given is None:
            props[name] = found
        return changed

    def _volumes(self, props: MutableMapping[str, Any]) -> bool:
        """`volumeTags`, unless a block has tags: the two conflict, and then every block gets them."""
        root = self.medium.mapping(props.get(ROOT))
        devices = self.medium.sequence(props.get(DEVICES)) or ()
        blocks = [block for each in devices if (block := self.medium.mapping(each)) is not None]
        if not any(block.get("tags") for block in (*blocks, root or {})) or props.get("volumeTags") is not None:
            return self._mapped(props, "volumeTags")
        if root is None and props.get(ROOT) is None:
            root = props[ROOT] = {}
        changed = False
        for block in (*blocks, *(() if root is None else (root,))):
            changed |= self._mapped(block, "tags")
        return changed
