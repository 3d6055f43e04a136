"""Did-you-mean against a plain reference."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.judging.nearby import Nearby, distance

words = st.text(st.sampled_from("abcd-" + string.digits[:2]), min_size=1, max_size=8)


def _reference(left: str, right: str) -> int:
    """Optimal string alignment, straight from its definition."""
    table = {(-1, -1): 0}
    for i in range(len(left)):
        table[i, -1] = i + 1
    for j in range(len(right)):
        table[-1, j] = j + 1
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            options = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (one != other)]
            if i and j and one == right[j - 1] and left[i - 1] == other:
                options.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(options)
    return table[len(left) - 1, len(right) - 1]


@given(words, words, st.integers(0, 4))
def test_distance_equals_the_definition(left, right, limit):
    """Up to the limit the distance is exact; beyond it is said to be beyond."""
    assert distance(left, right, limit) == min(_reference(left, right), limit + 1)


@given(words.filter(lambda word: len(word) > 1), st.lists(words, max_size=30, unique=True))
def test_finds_every_neighbour(typed, known):
    """What is found is exactly what is within one edit (two from five letters on), nearest first."""
    allowed = 1 if len(typed) <= 4 else 2
    expected = sorted((_reference(typed, word), word) for word in known if _reference(typed, word) <= allowed)
    assert Nearby((word, word) for word in known).find(typed, limit=99) == tuple(word for _, word in expected)


def test_long_and_tiny_words_have_no_neighbours():
    """A single letter is near everything; a page of text is near nothing."""
    index = Nearby([("ab", "ab"), ("x" * 70, "x" * 70)])
    assert index.find("a") == ()
    assert index.find("x" * 70) == ()
