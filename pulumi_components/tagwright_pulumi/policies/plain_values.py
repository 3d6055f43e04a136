"""The properties that a policy is shown, as plain Python, with Pulumi's unknown where a value is not known.

pulumi_policy raises when an unknown is touched and then reports the whole policy as advisory, whatever its level
(pulumi/pulumi-policy#181, #258); even `"owner" in tags` touches the value. So keys are taken by iterating, and every
value by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi.output import UNKNOWN
from pulumi_policy.proxy import UnknownValueError
from pulumi_policy.secret import Secret

_TARGET = "__target"


def plain(value: Any) -> Any:
    """Dictionaries, lists and scalars; whole numbers as int."""
    if isinstance(value, Mapping):
        return {str(key): _entry(value, key) for key in iter(value)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_entry(value, index) for index in range(len(value))]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _entry(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except UnknownValueError:
        return UNKNOWN


def opened(value: Any) -> Any:
    """What is behind the proxies of a remediation: the dictionary or list itself, to be changed in place. A secret is
    opened as well; it stays secret, because what is inside is changed and not it.
    """
    while True:
        if isinstance(value, Secret):
            value = value.value
        elif isinstance(value, (dict, list, str)) or not isinstance(value, (Mapping, Sequence)):
            return value
        else:
            # Pulumi's proxies, of lists as well, hand out what they wrap under this name.
            proxy: Any = value
            value = proxy[_TARGET]


def secret_names(value: Any) -> Iterator[str]:
    """The names under which something secret stands anywhere in a remediation's properties: keys of maps, and the
    `key` of entries of tag lists. Of a map that is secret as a whole, all of them.
    """
    yield from _secret_names(opened(value), hidden=False)


def _secret_names(value: Any, *, hidden: bool) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _secret_names(opened(each), hidden=hidden or isinstance(each, Secret))
        return
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        here = hidden or isinstance(inner, Secret)
        if here:
            yield key
            if key == "value" and isinstance(name := opened(value.get("key")), str):
                yield name
        yield from _secret_names(opened(inner), hidden=here)
