"""Comparing the keys of two dictionaries."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.dictionary import Key
from tagwright_dictionary.judging.placeholders import compact
from tagwright_dictionary.judging.text import plain, quoted
from tagwright_dictionary.lifecycle.changes import Kind
from tagwright_dictionary.lifecycle.diff_values import values_of
from tagwright_dictionary.lifecycle.drafts import Draft, Pair, listed, reworded
from tagwright_dictionary.lifecycle.focus import Focus
from tagwright_dictionary.lifecycle.sides import meaning
from tagwright_dictionary.lifecycle.versions import Bump


def keys_of(pair: Pair) -> Iterator[Draft]:
    """The changes of all keys, in the order of the new dictionary; removed ones first."""
    before = {key.name: key for key in pair.old.keys}
    after = {key.name: key for key in pair.new.keys}
    renamed = renames(pair)
    for name, key in before.items():
        if name in renamed:
            heir = renamed[name]
            yield Draft(
                Kind.RENAMED,
                f"keys.{name}",
                f"{plain(name)} is renamed to {plain(heir)}",
                Bump.MINOR,
                name,
                heir,
                (name, heir),
                f"key:{name}",
                tightens=[Focus((name,))],
                loosens=[Focus((name,))],
            )
            yield from _words(key, after[heir])
        elif name not in after:
            message = f"{plain(name)} is removed without a successor"
            draft = Draft(Kind.REMOVED, f"keys.{name}", message, Bump.MAJOR, name, "", (name,), f"key:{name}")
            draft.tightens, draft.loosens = [Focus((name,))], [Focus((name,))]
            yield draft
    for name, key in after.items():
        if name in before:
            yield from _changed(pair, before[name], key)
        elif name not in renamed.values():
            message = f"{plain(name)} is added" + (f": {plain(key.description, 160)}" if key.description else "")
            yield Draft(Kind.ADDED, f"keys.{name}", message, after=name, touches=(name,), owner=f"key:{name}")
    common = [name for name in before if name in after]
    if common != [name for name in after if name in before]:
        yield Draft(Kind.REWORDED, "keys", "the keys stand in another order", Bump.PATCH)


def renames(pair: Pair) -> dict[str, str]:
    """Removed keys whose place an added one takes: it judges alike, and its name or title or list says so."""
    gone = [key for key in pair.old.keys if pair.new.key(key.name) is None]
    fresh = [key for key in pair.new.keys if pair.old.key(key.name) is None]
    found: dict[str, str] = {}
    for old in gone:
        heirs = [new for new in fresh if new.name not in found.values() and _same(old, new)]
        if len(heirs) == 1:
            found[old.name] = heirs[0].name
    return found


def _same(old: Key, new: Key) -> bool:
    if meaning(old, ()) != meaning(new, ()):
        return False
    named = compact(old.name) == compact(new.name) or bool(old.title and old.title == new.title)
    return named or len(old.values or ()) > 1


def _changed(pair: Pair, old: Key, new: Key) -> Iterator[Draft]:
    path, what, focus = f"keys.{new.name}", plain(new.name), Focus((new.name,))

    def draft(field: str, message: str, before: str, after: str) -> Draft:
        made = Draft(Kind.CHANGED, f"{path}.{field}", message, Bump.MINOR, before, after, (new.name,))
        made.owner, made.tightens, made.loosens = f"key:{new.name}", [focus], [focus]
        return made

    for field in ("pattern", "format"):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            verb = "is removed" if not after else f"becomes {after}" if before else f"is {after} from now on"
            yield draft(field, f"the {field} of {what} {verb}", before, after)
    if set(old.domains) != set(new.domains):
        message = f"{what} may be at {listed(new.domains, 'any domain')}"
        yield draft("domains", message, listed(old.domains, ""), listed(new.domains, ""))
    if old.values is not None and new.values is not None:
        yield from values_of(pair, old, new)
    elif old.values is not None:
        yield draft("values", f"the closed list of {what} is opened", f"{len(old.values)} values", "any value")
    elif new.values is not None:
        yield draft("values", f"{what} takes only listed values", "any value", f"{len(new.values)} values")
    if set(old.approvers) != set(new.approvers):
        made = draft(
            "approvers",
            f"values of {what} are approved by {listed(new.approvers, 'nobody in particular')}",
            listed(old.approvers, ""),
            listed(new.approvers, ""),
        )
        made.tightens, made.loosens = [], []
        yield made
    if old.default != new.default:
        made = draft("default", f"the default of {what} is {quoted(new.default)}", old.default, new.default)
        made.tightens, made.loosens = [], []
        yield made
    yield from _words(old, new)


def _words(old: Key, new: Key) -> Iterator[Draft]:
    for field in ("title", "description"):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield reworded(f"keys.{new.name}.{field}", f"the {field} of {plain(new.name)}", before, after, (new.name,))
    if old.examples != new.examples:
        yield Draft(
            Kind.REWORDED,
            f"keys.{new.name}.examples",
            f"{plain(new.name)} has other examples",
            Bump.PATCH,
            listed(old.examples, ""),
            listed(new.examples, ""),
            (new.name,),
        )
