"""Many sets of tags as one, against a slow second implementation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tagwright_dictionary.model import Tag, Tags, Unknown
from tagwright_drift.reach.tagsets import agreed, live

WHY = Unknown("denied")
TAGS = st.dictionaries(st.sampled_from(["owner", "team", "Owner", "x"]), st.sampled_from(["a", "b", ""]), max_size=4)
MEMBERS = st.lists(st.tuples(TAGS, st.booleans()), max_size=9)


def made(members):
    for number, (tags, complete) in enumerate(members):
        items = tuple(Tag(key, tags[key]) for key in sorted(tags))
        yield f"i-{number}", Tags(items, complete, None if complete else WHY)


def kinds(tags):
    return {tag.key: tag.value if isinstance(tag.value, str) else None for tag in tags.items}


@given(MEMBERS)
def test_a_key_is_known_exactly_when_all_carry_one_value(members):
    expected = {}
    for key in {key for tags, _ in members for key in tags}:
        values = [tags.get(key) for tags, _ in members]
        expected[key] = values[0] if len(set(values)) == 1 else None
    found = agreed(made(members), "instances")
    assert kinds(found) == expected
    assert found.complete == all(complete for _, complete in members)
    assert found.cause == (None if found.complete else WHY)


@given(MEMBERS, st.randoms())
def test_order_does_not_matter_to_what_is_known(members, random):
    named = list(made(members))
    shuffled = random.sample(named, len(named))
    one, other = agreed(named, "instances"), agreed(shuffled, "instances")
    assert kinds(one) == kinds(other)
    assert one.complete == other.complete


@given(st.lists(TAGS, max_size=4), st.randoms())
def test_few_members_give_the_same_words_in_any_order(members, random):
    named = list(made([(tags, True) for tags in members]))
    assert agreed(named, "instances") == agreed(random.sample(named, len(named)), "instances")


def test_words_of_a_split():
    members = [("i-1", live((("owner", "a"),))), *((f"i-{number}", live(())) for number in range(2, 8))]
    (tag,) = agreed(members, "instances").items
    assert tag.value.cause == "1 of 7 instances carry owner, not i-2, i-3, i-4, ..."
    (tag,) = agreed([members[0], ("i-9", live((("owner", "b"),)))], "instances").items
    assert tag.value == Unknown("the 2 instances carry different values of owner")
    unread = Tags((), complete=False, cause=WHY)
    (tag,) = agreed([members[0], ("i-9", unread)], "instances").items
    assert tag.value == Unknown("1 of 2 instances carry owner; the others could not be read")


def test_aws_own_keys_do_not_count():
    assert live((("aws:autoscaling:groupName", "g"), ("owner", "a"))).keys() == ("owner",)
