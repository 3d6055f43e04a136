"""The classes of one resource: from the catalogue, and for `gpu` from what the resource is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from tagwright_dictionary.catalogue.accelerators import JUDGES
from tagwright_dictionary.catalogue.entries import Rule, find
from tagwright_dictionary.model import Classes, TagValue, Unknown

GPU = "gpu"
_HINT = "if it has an accelerator, name it to tagwright's catalogue; until then its rules are undecided"

Values = Mapping[str, tuple[TagValue, ...]]


def deciding_attributes(tf_type: str) -> tuple[str, ...]:
    """Attribute paths a reader must supply to `classify`: names joined by dots through blocks, objects and lists,
    all repetitions flattened. A path that ends on a map yields one `key=value` string for each of its entries, and
    the bare `key` where only its value is unknown.
    `launch_template->instance_type` means: `instance_type` of the resource that `launch_template` links to, whichever
    block of that name holds the link.
    """
    found = find(tf_type)
    if found is None or GPU in found.classes:
        return ()
    paths = chain.from_iterable((rule.path, rule.unless, rule.zero) for rule in found.rules)
    return tuple(dict.fromkeys(path for path in paths if path))


def classify(tf_type: str, values: Values) -> Classes:
    """The classes of a resource of that type whose deciding attributes have `values`; a path that is missing or
    empty is not set. One definite accelerator makes it a `gpu`; else anything unknown that could be one makes that
    possible, with its cause; else it is none. Never raises.
    """
    found = find(tf_type)
    if found is None:
        return Classes()
    certain = frozenset(found.classes)
    if GPU in certain:
        return Classes(certain)
    doubt: Unknown | None = None
    for rule in found.rules:
        for answer in _answers(rule, values):
            if answer is True:
                return Classes(certain | {GPU})
            if isinstance(answer, Unknown):
                doubt = doubt or answer
    return Classes(certain, ((GPU, doubt),) if doubt else ())


def _answers(rule: Rule, values: Values) -> Iterator[bool | Unknown]:
    if rule.unless and any(value != "" for value in values.get(rule.unless, ())):
        return
    counts = values.get(rule.zero, ()) if rule.zero else ()
    if counts and all(isinstance(count, str) and count.strip() == "0" for count in counts):
        return
    for value in values.get(rule.path, ()):
        if isinstance(value, Unknown):
            if not rule.known_only:
                yield value
        elif text := value.strip().lower():
            answer = JUDGES[rule.kind](text)
            yield answer if isinstance(answer, bool) else Unknown(answer, _HINT)
