"""Provider default tags in a plan: what is known of them, and from where.

A constant stands in the configuration. Otherwise the section names only references; then what the provider itself
computed tells: in a resource's `tags_all` every key that its own tags lack is a default, and a key that some
resource's `tags_all` lacks is none. A default whose value is unknown at plan time is left out of `tags_all` by the
provider, so where references may be unknown, a key that is not seen may still be there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tagwright_dictionary.model import NO_TAGS, Origin, Tag, Tags, Unknown
from tagwright_iac.plan.change import Change, without_keys
from tagwright_iac.plan.configuration import Configuration, Provider, expression_references
from tagwright_iac.plan.node import Node
from tagwright_iac.reach.tagsets import unseen

MERGED = ("tags_all", "effective_labels", "terraform_labels")
"""Attributes in which a provider shows own tags and defaults together, the one to trust first."""

Answer = tuple[Tags, Unknown | None]

_DEEPEST = 100


@dataclass(slots=True)
class _Seen:
    """What the merged tags of resources say: `certain` defaults, and which keys could be defaults at all."""

    certain: dict[str, Any] = field(default_factory=dict)
    possible: set[str] | None = None


@dataclass(slots=True)
class Defaults:
    """Default tags by provider configuration. Changes that `observe` is shown sharpen what `of` answers."""

    configuration: Configuration
    _seen: dict[str, _Seen] = field(default_factory=dict)
    _pending: dict[str, str] = field(default_factory=dict)
    _answers: dict[str | None, Answer] = field(default_factory=dict)

    def key_of(self, change: Change) -> str | None:
        """The provider configuration that plans this resource; None when the plan does not say."""
        block = self.configuration.block(without_keys(change.module), f"{change.type}.{change.name}")
        return block.provider_key if block else None

    @property
    def want_observations(self) -> bool:
        """Whether some default is no constant, so that other resources can tell more of it."""
        return any(
            provider.defaults is not None and "constant_value" not in provider.defaults
            for provider in self.configuration.providers.values()
        )

    def note_pending(self, raw: Any) -> None:
        """Remember the block of an entry of resource_changes that creates, changes or reads something at apply:
        only through such a block a default can be unknown.
        """
        change = raw.get("change") if isinstance(raw, dict) else None
        actions = change.get("actions") if isinstance(change, dict) else None
        module, type_, name = (raw.get(part) for part in ("module_address", "type", "name")) if change else ("", "", "")
        if not isinstance(actions, list) or not isinstance(type_, str) or not isinstance(name, str):
            return
        if actions in (["no-op"], ["delete"], ["forget"]):
            return
        path = without_keys(module) if isinstance(module, str) else ""
        block = self.configuration.block(path, f"{type_}.{name}")
        local = f"data.{type_}.{name}" if raw.get("mode") == "data" else f"{type_}.{name}"
        self._pending[f"{path}.{local}" if path else local] = block.provider_key if block else ""

    def observe(self, change: Change) -> None:
        key, merged = self.key_of(change), change.after.child("tags_all")
        own = change.after.child("tags")
        if key is None or not isinstance(merged.value, dict) or merged.unknown or own.unknown not in (False, {}):
            return
        seen = self._seen.setdefault(key, _Seen())
        names = {name for name, value in merged.value.items() if value is not None}
        mine = own.value if isinstance(own.value, dict) else {}
        seen.certain.update((name, merged.value[name]) for name in names if mine.get(name) is None)
        seen.possible = names if seen.possible is None else seen.possible & names

    def of(self, key: str | None) -> Answer:
        """The defaults that this provider configuration puts under own tags, and why there may be more of them than
        merged tags show (None: there are none). Ask after everything has been observed: answers are kept.
        """
        if key not in self._answers:
            doubt = self._doubt(key)
            self._answers[key] = (self._tags(key, doubt), doubt)
        return self._answers[key]

    def _tags(self, key: str | None, doubt: Unknown | None) -> Tags:
        if key is None:
            if self.configuration.present:
                return NO_TAGS
            return unseen(Unknown("the plan has no configuration section that shows default tags"))
        provider = self.configuration.provider(key)
        if provider is None or provider.defaults is None:
            return NO_TAGS
        origin = Origin("default_tags", f"provider.{key}")
        if "constant_value" in provider.defaults:
            return Node(provider.defaults["constant_value"]).tags(origin)
        seen = self._seen.get(key, _Seen())
        found = Node(seen.certain).tags(origin)
        cause = doubt
        if cause is None and (seen.possible is None or not seen.possible <= seen.certain.keys()):
            cause = Unknown(f"the plan does not show the default tags of provider {key} ({_named(provider)})")
        return found if cause is None else Tags(found.items, complete=False, cause=cause)

    def _doubt(self, key: str | None) -> Unknown | None:
        provider = self.configuration.provider(key) if key is not None else None
        if key is None or provider is None or provider.defaults is None:
            return None
        module = key.rpartition(":")[0]
        names = expression_references(provider.defaults)
        hidden = [name for name in names if self._may_be_unknown(name, module, key, 0)]
        if not hidden:
            return None
        return Unknown(
            f"default tags of provider {key} depend on {', '.join(sorted(hidden))}; "
            "the provider leaves unknown ones out of the plan",
            "make the default tags of known values",
        )

    def _may_be_unknown(self, name: str, module: str, key: str, depth: int) -> bool:
        """Variables of the root have values when Terraform plans; a resource is unknown when it is pending. What a
        local holds the plan does not say: it may be unknown when anything is pending that does not itself need this
        provider (that would be a cycle).
        """
        parts = name.split(".")
        if parts[0] in {"path", "terraform"}:
            return False
        if depth > _DEEPEST:
            return True
        if parts[0] == "var" and len(parts) > 1:
            found = self.configuration.modules.get(module)
            above = module.rpartition(".module.")[0] if ".module." in module else ""
            inputs = found.inputs.get(parts[1], ()) if found and module else ()
            return any(self._may_be_unknown(item, above, key, depth + 1) for item in inputs)
        if parts[0] == "module" and len(parts) > 2:
            below = f"{module}.module.{parts[1]}" if module else f"module.{parts[1]}"
            called = self.configuration.modules.get(below)
            outputs = called.outputs.get(parts[2], ()) if called else (name,)
            return any(self._may_be_unknown(item, below, key, depth + 1) for item in outputs)
        if parts[0] in {"local", "module"}:
            return any(pending != key for pending in self._pending.values())
        block = ".".join(parts[: 3 if parts[0] == "data" else 2])
        return without_keys(f"{module}.{block}" if module else block) in self._pending


def _named(provider: Provider) -> str:
    names = expression_references(provider.defaults)
    return f"they depend on {', '.join(names)}" if names else "they are computed"


def merged_attribute(after: Node) -> str:
    """Which attribute shows the tags with defaults, "" when the type takes no defaults."""
    for name in MERGED:
        if after.has(name):
            return name
    return ""


def tag_with_sensitivity(tag: Tag, *others: Tag | None) -> Tag:
    """A tag is sensitive when any of its sources marks it: `tags_all` loses the mark that `tags` bears."""
    if tag.sensitive or not any(other is not None and other.sensitive for other in others):
        return tag
    return Tag(tag.key, tag.value, tag.origin, sensitive=True)
