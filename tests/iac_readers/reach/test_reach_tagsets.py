"""The law of layers: what cannot be seen may override what lies below."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tagwright_dictionary.model import NO_TAGS, Origin, Tag, Tags, Unknown
from tagwright_iac.reach.tagsets import doubtful, from_plain, layers, same, tags_of, text, travelled, unseen

WHY = Unknown("why")

_values = st.one_of(st.sampled_from(["a", "b"]), st.just(WHY))
_complete = st.dictionaries(st.sampled_from("klm"), _values).map(
    lambda found: tags_of(Tag(key, value) for key, value in found.items())
)
_any_tags = st.one_of(_complete, _complete.map(lambda found: Tags(found.items, complete=False, cause=WHY)))


def test_later_wins_and_keys_are_sorted():
    """Layers merge key by key, the later over the earlier."""
    merged = layers(from_plain({"b": "1", "a": "1"}, WHY), from_plain({"b": "2"}, WHY))
    assert [(tag.key, tag.value) for tag in merged.items] == [("a", "1"), ("b", "2")]
    assert merged.complete


def test_below_an_incomplete_layer_values_are_unknown():
    """Keys stay, values may be overridden, more keys may come."""
    merged = layers(from_plain({"a": "1"}, WHY), unseen(WHY), from_plain({"b": "2"}, WHY))
    assert merged == Tags((Tag("a", WHY), Tag("b", "2")), complete=False, cause=WHY)


@given(_any_tags, _any_tags, _any_tags)
@settings(deadline=None)
def test_layers_are_associative(left, middle, right):
    """How a stack is grouped makes no difference."""
    one, other = layers(layers(left, middle), right), layers(left, layers(middle, right))
    assert same(one, other)


@given(_any_tags)
@settings(deadline=None)
def test_no_tags_is_neutral(found):
    """An empty layer changes nothing."""
    assert layers(NO_TAGS, found) == layers(found, NO_TAGS) == layers(found)


def test_from_plain_reads_maps_only():
    """Nulls are dropped, scalars become strings, anything but a map is unseen."""
    assert from_plain({"a": None, "b": True, "c": 3, "d": WHY}, WHY).items == (
        Tag("b", "true"),
        Tag("c", "3"),
        Tag("d", WHY),
    )
    assert from_plain(None, WHY) == NO_TAGS
    assert from_plain(WHY, Unknown("other")) == unseen(WHY)
    assert from_plain(["a"], WHY) == unseen(WHY)


def test_doubtful_and_travelled_keep_keys():
    """Doubt hides values; travel changes the origin and keeps the place."""
    found = tags_of([Tag("a", "1", Origin("resource", "x"), sensitive=True)])
    assert doubtful(found, WHY).items == (Tag("a", WHY, Origin("resource", "x"), sensitive=True),)
    assert travelled(found, "y").items == (Tag("a", "1", Origin("propagated", "y"), sensitive=True),)


def test_text_of_what_is_no_scalar_is_unknown():
    """A list as a tag's value is not turned into text."""
    assert isinstance(text([1]), Unknown)
    assert text(Fraction(3, 2)) == "1.5"
    assert isinstance(text(Fraction(1, 3)), Unknown)
