"""Three-valued logic: True, False, or the `Unknown` that keeps it from being either."""

from __future__ import annotations

from collections.abc import Iterable

from tagwright_dictionary.model import Unknown

Truth = bool | Unknown


def both(left: Truth, right: Truth) -> Truth:
    """Kleene's AND: False wins, then an unknown (the left one's cause first)."""
    if left is False or right is False:
        return False
    return right if left is True else left


def either(left: Truth, right: Truth) -> Truth:
    """Kleene's OR: True wins, then an unknown (the left one's cause first)."""
    if left is True or right is True:
        return True
    return right if left is False else left


def every(truths: Iterable[Truth]) -> Truth:
    """AND over all; True for none."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        result = both(result, truth)
    return result


def some(truths: Iterable[Truth]) -> Truth:
    """OR over all; False for none."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        result = either(result, truth)
    return result
