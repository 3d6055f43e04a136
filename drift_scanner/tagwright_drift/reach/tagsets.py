"""Tags of many live things as one set: known where all agree, unknown where they are split."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.model import Origin, Tag, Tags, TagValue, Unknown
from tagwright_drift.reach.facts import Pairs

_LIVE = Origin("live")
_SYSTEM = "aws:"
_NAMED = 3
_HINT = "the ones without it have findings of their own"


def live(pairs: Pairs) -> Tags:
    """Tags that were read, all of them, without AWS's own."""
    kept = {key: value for key, value in pairs if not key.startswith(_SYSTEM)}
    return Tags(tuple(Tag(key, value, _LIVE) for key, value in sorted(kept.items())))


def agreed(members: Iterable[tuple[str, Tags]], noun: str) -> Tags:
    """What every one of `members` (its name, its tags) carries; `noun` is what they are, in the plural ("instances").

    A key that all carry with one value is known; one that only some carry, or with different values, is unknown, and
    the cause says how they are split. A key that none carries is absent, unless the tags of one could not be seen:
    then the whole is incomplete, with the cause.
    """
    total = unseen = 0
    cause: Unknown | None = None
    kinds: dict[str, _Kind] = {}
    whole: list[str] = []
    for name, tags in members:
        total += 1
        if not tags.complete:
            unseen += 1
            cause = cause or tags.cause or Unknown(f"the tags of {name} could not be read")
        for tag in tags.items:
            kind = kinds.get(tag.key)
            if kind is None:
                kind = kinds[tag.key] = _Kind(tag.value, lacking=whole[: _NAMED + 1])
            kind.carried += 1
            kind.unseen += not tags.complete
            kind.differs = kind.differs or kind.value != tag.value
        if tags.complete:
            for key, kind in kinds.items():
                if len(kind.lacking) <= _NAMED and tags.get(key) is None:
                    kind.lacking.append(name)
            whole.append(name)
    items = tuple(Tag(key, kinds[key].verdict(key, total, unseen, noun), _LIVE) for key in sorted(kinds))
    return Tags(items, complete=cause is None, cause=cause)


@dataclass(slots=True)
class _Kind:
    """One key, counted: how many carry it (`unseen` of them with further tags that cannot be seen), who lacks it."""

    value: TagValue
    lacking: list[str]
    carried: int = 0
    unseen: int = 0
    differs: bool = False

    def verdict(self, key: str, total: int, unseen: int, noun: str) -> TagValue:
        if self.carried == total:
            return Unknown(f"the {total} {noun} carry different values of {key}") if self.differs else self.value
        if not self.lacking:
            return Unknown(f"{self.carried} of {total} {noun} carry {key}; the others could not be read")
        surely = total - self.carried - (unseen - self.unseen)
        shown = ", ".join(sorted(self.lacking)[:_NAMED])
        return Unknown(
            f"{self.carried} of {total} {noun} carry {key}, not {shown}{', ...' if surely > _NAMED else ''}", _HINT
        )


def keys_in_words(keys: Iterable[str]) -> str:
    """`owner, team`; of many keys the first four and how many more."""
    ordered = sorted(keys)
    rest = len(ordered) - 4
    return ", ".join(plain(key, 40) for key in ordered[:4]) + (f" and {rest} more" if rest > 0 else "")
