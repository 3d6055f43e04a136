"""Comparing the approved values of one key."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.dictionary import Key, Value
from tagwright_dictionary.judging.text import plain, quoted
from tagwright_dictionary.lifecycle.changes import Kind
from tagwright_dictionary.lifecycle.drafts import Draft, Pair, listed, reworded
from tagwright_dictionary.lifecycle.focus import Focus
from tagwright_dictionary.lifecycle.versions import Bump


def values_of(pair: Pair, old: Key, new: Key) -> Iterator[Draft]:
    """The changes of a closed list that stays one."""
    before = {value.value: value for value in old.values or ()}
    after = {value.value: value for value in new.values or ()}
    aliases = {alias: value.value for value in new.values or () for alias in value.aliases}
    renamed: dict[str, str] = {}
    for name, value in before.items():
        if name not in after:
            heir = successor(value, after, aliases)
            if heir and heir not in before and heir not in renamed.values():
                renamed[name] = heir
            yield _removed(pair, new.name, value, heir, gone=name not in renamed)
    for name, value in after.items():
        if name not in before and name not in renamed.values():
            yield _added(new.name, value)
        elif name in before:
            yield from _changed(pair, new.name, before[name], value)
    if list(before) != list(after) and sorted(before) == sorted(after):
        yield Draft(
            Kind.REWORDED,
            f"keys.{new.name}.values",
            "the values stand in another order",
            Bump.PATCH,
            touches=(new.name,),
        )


def successor(value: Value, after: dict[str, Value], aliases: dict[str, str]) -> str:
    """What takes the place of a removed value: the value it is an alias of now, else the successor it named."""
    if value.value in aliases:
        return aliases[value.value]
    return value.replaced_by if value.replaced_by in after else ""


def _removed(pair: Pair, key: str, value: Value, heir: str, *, gone: bool) -> Draft:
    ended = value.status == "deprecated" and value.until is not None and pair.today > value.until
    if not gone:
        message = f"{quoted(value.value)} is renamed to {quoted(heir)}"
    elif heir:
        message = f"{quoted(value.value)} is removed: use {quoted(heir)}"
    else:
        message = f"{quoted(value.value)} is removed" + ("; it had ended" if ended else " without a successor")
    return Draft(
        Kind.REMOVED if gone else Kind.RENAMED,
        f"keys.{key}.values.{value.value}",
        message,
        Bump.MINOR if heir or ended else Bump.MAJOR,
        value.value,
        heir,
        (key,),
        f"key:{key}",
        tightens=[Focus((key,), given=((key, (value.value,)),))],
    )


def _added(key: str, value: Value) -> Draft:
    return Draft(
        Kind.ADDED,
        f"keys.{key}.values.{value.value}",
        f"{quoted(value.value)} is added" + (f" ({plain(value.title)})" if value.title else ""),
        after=value.value,
        touches=(key,),
        owner=f"key:{key}",
        loosens=[Focus((key,), given=((key, (value.value,)),))],
    )


def _changed(pair: Pair, key: str, old: Value, new: Value) -> Iterator[Draft]:
    path, what = f"keys.{key}.values.{new.value}", quoted(new.value)
    focus = Focus((key,), given=((key, (new.value,)),))
    if (old.status, old.until, old.replaced_by) != (new.status, new.until, new.replaced_by):
        yield Draft(
            Kind.CHANGED,
            f"{path}.status",
            f"{what} {_status(pair, new)}",
            before=_status(pair, old),
            after=_status(pair, new),
            touches=(key,),
            owner=f"key:{key}",
            tightens=[focus],
            loosens=[focus],
        )
    if set(old.aliases) != set(new.aliases):
        more = [alias for alias in new.aliases if alias not in old.aliases]
        less = [alias for alias in old.aliases if alias not in new.aliases]
        parts = [f"gets the alias {listed(more)}" if more else "", f"loses the alias {listed(less)}" if less else ""]
        yield Draft(
            Kind.CHANGED,
            f"{path}.aliases",
            f"{what} {' and '.join(part for part in parts if part)}",
            before=listed(old.aliases, ""),
            after=listed(new.aliases, ""),
            touches=(key,),
            owner=f"key:{key}",
            tightens=[focus],
            loosens=[focus],
        )
    yield from _relations(pair, key, old, new)
    for field, words in (("owner", "owner"), ("billing_code", "billing code")):
        if getattr(old, field) != getattr(new, field):
            yield Draft(
                Kind.CHANGED,
                f"{path}.{field}",
                f"the {words} of {what} changes",
                before=getattr(old, field),
                after=getattr(new, field),
                touches=(key,),
                owner=f"key:{key}",
            )
    for field in ("title", "description"):
        was, is_now = getattr(old, field), getattr(new, field)
        if was != is_now:
            yield reworded(f"{path}.{field}", f"the {field} of {what}", was, is_now, (key,))


def _relations(pair: Pair, key: str, old: Value, new: Value) -> Iterator[Draft]:
    for name in sorted({name for name, _ in (*old.relations, *new.relations)}):
        before, after = old.relation(name), new.relation(name)
        if set(before) == set(after):
            continue
        lost = tuple(value for value in before if value not in after)
        yield Draft(
            Kind.CHANGED,
            f"keys.{key}.values.{new.value}.{name}",
            f"{quoted(new.value)} goes with the {plain(name)} {listed(after, 'of any kind')}, not with "
            f"{listed(before, 'any')}",
            before=listed(before, ""),
            after=listed(after, ""),
            touches=(key, name),
            owner=f"key:{key}",
            tightens=list(_match_focuses(pair, key, name, new.value, lost)),
            loosens=list(_match_focuses(pair, key, name, new.value, tuple(set(after) - set(before)))),
        )


def _match_focuses(pair: Pair, key: str, relation: str, value: str, others: tuple[str, ...]) -> Iterator[Focus]:
    """Where a match reads this relation: the value with one of `others`, else with any."""
    seen = set()
    for dictionary in (pair.new, pair.old):
        for requirement in dictionary.requirements:
            when = tuple(name for name, _ in requirement.when.terms)
            for match in requirement.match:
                if (match.of, match.relation) != (key, relation):
                    continue
                keys = tuple(dict.fromkeys((key, match.key, *when)))
                given: tuple[tuple[str, tuple[str, ...]], ...] = ((key, (value,)),)
                if (requirement.id, match.key) not in seen:
                    seen.add((requirement.id, match.key))
                    if others:
                        chosen = (*given, (match.key, tuple(sorted(others))[:20]))
                        yield Focus(keys, (), requirement.id, chosen)
                    yield Focus(keys, (), requirement.id, given)


def _status(pair: Pair, value: Value) -> str:
    if value.status != "deprecated":
        return "is approved"
    words = "is deprecated"
    if value.until is not None:
        ended = pair.today > value.until
        words += f", and ended on {value.until}" if ended else f" until {value.until}, then refused"
    return words + (f"; use {quoted(value.replaced_by)}" if value.replaced_by else "")
