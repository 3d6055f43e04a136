"""Values that mean the same, as one approved value with aliases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from tagwright_dictionary.dictionary import Key, Value
from tagwright_dictionary.judging.placeholders import Placeholders
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.lifecycle.nearness import folded, singular
from tagwright_dictionary.loading.checks import value_problem
from tagwright_dictionary.loading.context import text_problem
from tagwright_dictionary.loading.pattern_safety import problem
from tagwright_policies.init.observed import most_used

MOST_SHAPES = 3


def usable(values: Counter[str]) -> Counter[str]:
    """Those that could be approved: visible text of a length that providers take, and no placeholder."""
    check = KeyCheck(Key("any"), Placeholders())
    return Counter(
        {
            value: many
            for value, many in values.items()
            if not (value_problem(value) or text_problem(value)) and check.fault(value) is None
        }
    )


def grouped(values: Counter[str], known: Iterable[Value] = ()) -> tuple[Value, ...]:
    """The known values, each with the spellings in use as aliases (or the other way round, where another spelling is
    used more), then a value for each further group of variants; the most used of these first.
    """
    shipped = tuple(known)
    home: dict[str, str] = {}
    for value in shipped:
        for word in (value.value, *value.aliases):
            home.setdefault(_form(word), value.value)
    groups: dict[str, Counter[str]] = {}
    for word, many in sorted(values.items()):
        form = _form(word)
        groups.setdefault(home.get(form, f"\0{form}"), Counter())[word] += many
    made = [_renamed(value, groups.pop(value.value, Counter())) for value in shipped]
    rest = sorted(groups.values(), key=lambda group: (-group.total(), most_used(group)))
    for group in rest:
        name = most_used(group)
        made.append(Value(name, aliases=tuple(sorted(word for word in group if word != name))))
    return tuple(made)


def shape(values: Counter[str]) -> str:
    """A pattern for values that differ only in their digits (`CC-104`, `CC-220`: `CC-[0-9]{3}`); at most three shapes
    that make up four fifths of the uses. "" when there is none that simple, or the values have no digits.
    """
    shapes: Counter[str] = Counter()
    for value, many in values.items():
        if re.search("[0-9]", value) and len(value) <= 40:
            parts = re.split("([0-9]+)", value)
            shapes["".join(f"[0-9]{{{len(part)}}}" if part.isdigit() else _literal(part) for part in parts)] += many
    chosen = sorted(sorted(shapes), key=lambda each: -shapes[each])[:MOST_SHAPES]
    if not chosen or 5 * sum(shapes[each] for each in chosen) < 4 * values.total():
        return ""
    pattern = chosen[0] if len(chosen) == 1 else f"({'|'.join(sorted(chosen))})"
    return "" if problem(pattern) else pattern


def _literal(text: str) -> str:
    """For a pattern that people read: `re.escape` also escapes what has no meaning."""
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)


def _renamed(value: Value, used: Counter[str]) -> Value:
    name = most_used(used, (value.value,)) if used else value.value
    words = dict.fromkeys((value.value, *value.aliases, *sorted(used)))
    return Value(
        name,
        value.title,
        value.description,
        tuple(word for word in words if word != name),
        relations=value.relations,
    )


def _form(word: str) -> str:
    return singular(folded(word))
