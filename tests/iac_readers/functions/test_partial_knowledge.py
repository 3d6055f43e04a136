"""What stays known beside unknowns, where we know more than Terraform's plan says."""

from __future__ import annotations

from typing import Any

import pytest
from tests.iac_readers.functions.comparing import Context, plain

from tagwright_dictionary.model import Origin
from tagwright_iac.terraform.conversion import make_set, template_text
from tagwright_iac.terraform.functions import lookup
from tagwright_iac.terraform.operators import attribute, binary, conditional, equals, index, unary
from tagwright_iac.terraform.values import (
    EvalError,
    ListValue,
    MapValue,
    ObjectValue,
    SensitiveStr,
    UnknownValue,
    is_sensitive,
)

U = UnknownValue("var.u has no value", "pass --var")
PREFIXED = UnknownValue("random_id.x is not known", not_null=True, prefix="web-")


def obj(**entries: Any) -> ObjectValue:
    return ObjectValue(entries)


OPEN = ObjectValue({"Owner": "ml"}, rest=U)


def call(name: str, *args: Any) -> Any:
    function = lookup(name)
    assert function is not None
    return function.call(Context(), args)


def shape(value: Any) -> Any:
    """The known part, with the causes of what is not."""
    if isinstance(value, UnknownValue):
        return f"? {value.cause}"
    if isinstance(value, ObjectValue):
        entries = {key: shape(item) for key, item in value.items()}
        return entries if value.rest is None else {**entries, "...": f"? {value.rest.cause}"}
    if isinstance(value, tuple):
        return [shape(item) for item in value]
    return value


OVERRIDDEN = "? may be overridden: var.u has no value"
MERGES = (
    ([{"a": "1"}, U], {"a": OVERRIDDEN, "...": "? var.u has no value"}),
    ([U, {"a": "1"}], {"a": "1", "...": "? var.u has no value"}),
    ([{"a": "1", "Owner": "x"}, OPEN], {"a": OVERRIDDEN, "Owner": "ml", "...": "? var.u has no value"}),
    ([OPEN, {"a": "1"}], {"Owner": "ml", "a": "1", "...": "? var.u has no value"}),
    ([{"a": U}, {"a": "1"}], {"a": "1"}),
    ([{"a": "1"}, {"a": U}], {"a": "? var.u has no value"}),
    ([{"a": "1"}, None, {"b": "2"}], {"a": "1", "b": "2"}),
    ([{"a": PREFIXED}, U], {"a": OVERRIDDEN, "...": "? var.u has no value"}),
)


@pytest.mark.parametrize(("arguments", "expected"), MERGES)
def test_merge_keeps_every_key_it_can(arguments: list[Any], expected: Any) -> None:
    """Keys stay; a value stays known unless something unknown may override it."""
    given = [ObjectValue(one) if type(one) is dict else one for one in arguments]
    assert shape(call("merge", *given)) == expected


def test_merge_takes_the_origin_from_the_winner() -> None:
    """Where a tag was written is where its last value was written; an entry of no known origin has none."""
    local, module = Origin("local", "local.a"), Origin("module-argument", "tags")
    first = ObjectValue({"a": "1", "b": "1", "c": "1"}, origins={"a": local, "b": local, "c": local})
    second = ObjectValue({"b": "2", "c": "2"}, origins={"b": module})
    assert call("merge", first, second).origins == {"a": local, "b": module}


CONDITIONALS = (
    ("same", "same", "same"),
    (obj(a="1"), obj(a="1"), {"a": "1"}),
    (obj(a="1", b="2"), obj(a="1", b="3"), {"a": "1", "b": f"? {U.cause}"}),
    (obj(a="1", b="2"), obj(a="1"), {"a": "1", "...": f"? {U.cause}"}),
    (obj(a=1), obj(a="1"), {"a": "1"}),
    (obj(a="1"), obj(), {"...": f"? {U.cause}"}),
    (obj(a=obj(b="1", c="2")), obj(a=obj(b="1", c="3")),
     {"a": {"b": "1", "c": f"? {U.cause}"}}),
    (("a", "b"), ("a", "c"), ["a", f"? {U.cause}"]),
    (("a",), ("a", "b"), f"? {U.cause}"),
    (obj(a="1"), None, f"? {U.cause}"),
    (None, None, None),
    ("a", "b", f"? {U.cause}"),
    ("a", ("a",), f"? {U.cause}"),
)  # fmt: skip


@pytest.mark.parametrize(("one", "other", "expected"), CONDITIONALS)
def test_an_unknown_condition_keeps_what_both_arms_say(one: Any, other: Any, expected: Any) -> None:
    """Agreement is known, disagreement unknown because of the condition, keys of one arm may or may not be there."""
    if isinstance(one, str) and isinstance(other, tuple):
        with pytest.raises(EvalError):
            conditional(U, one, other)
        return
    assert shape(conditional(U, one, other)) == expected
    swapped = shape(conditional(U, other, one))
    assert swapped == expected


def test_arms_that_never_fit_are_refused() -> None:
    """Terraform refuses arms without a common type, whichever is chosen."""
    for one, other in (("a", ("b",)), (obj(a="x", b=(1,)), obj()), (1, True)):
        with pytest.raises(EvalError):
            conditional(True, one, other)
    assert conditional(True, 1, "b") == "1"


def test_a_conditional_refinement_is_kept() -> None:
    """Two strings make something that is not null."""
    assert conditional(U, "a", "b").not_null
    assert not conditional(U, "a", None).not_null
    assert equals(conditional(U, "a", "b"), None) is False


def test_logic_decides_where_it_can() -> None:
    """False beats an unknown in &&, true in ||; otherwise unknown."""
    assert binary("&&", False, U) is binary("&&", U, False) is False
    assert binary("||", True, U) is binary("||", U, True) is True
    assert [shape(binary("&&", True, U)), shape(binary("||", U, False)), shape(unary("!", U))] == [f"? {U.cause}"] * 3


EQUALITIES = (
    (U, "x", None),
    (U, None, None),
    (PREFIXED, None, False),
    (PREFIXED, "api-1", False),
    (PREFIXED, "web-1", None),
    (PREFIXED, 5, False),
    (PREFIXED, UnknownValue("", prefix="api"), False),
    (("a", U), ("b", "x"), False),
    (("a", U), ("a", "x"), None),
    (OPEN, obj(Owner="ml"), None),
    (OPEN, obj(Owner="x"), False),
    (OPEN, obj(), False),
    (obj(a=U), obj(b=U), False),
    (make_set(["a"]), make_set(["a"]), True),
    (make_set(["a", U]), make_set(["a", "b"]), None),
    (ListValue(["a"]), ("a",), False),
    (MapValue({"a": "1"}), obj(a="1"), False),
    (1, True, False),
    (0, False, False),
    (SensitiveStr("a"), "a", True),
)


@pytest.mark.parametrize(("left", "right", "expected"), EQUALITIES)
def test_equality_decides_by_known_parts(left: Any, right: Any, expected: bool | None) -> None:
    """One known difference decides; None here means unknown."""
    for got in (equals(left, right), equals(right, left)):
        assert (None if isinstance(got, UnknownValue) else got) is expected


def test_open_objects_answer_what_they_know() -> None:
    """A key that is not seen may be among the rest."""
    assert index(OPEN, "Owner") == attribute(OPEN, "Owner") == call("lookup", OPEN, "Owner", "x") == "ml"
    unseen = [index(OPEN, "b"), attribute(OPEN, "b"), call("lookup", OPEN, "b", "x"), call("length", OPEN),
              call("keys", OPEN), call("values", OPEN)]  # fmt: skip
    assert [shape(value) for value in unseen] == [f"? {U.cause}"] * len(unseen)
    assert shape(call("tomap", OPEN)) == {"Owner": "ml", "...": f"? {U.cause}"}
    assert shape(call("zipmap", ListValue(["a"]), U)) == {"a": f"? {U.cause}"}


def test_a_common_type_never_closes_an_open_object() -> None:
    """What other values are made of says nothing about the attributes that are not seen."""
    opened = {"Owner": "ml", "...": f"? {U.cause}"}
    for other in (obj(a="1"), obj(Owner=1), obj(), None, U):
        assert shape(conditional(True, OPEN, other)) == opened
        assert shape(conditional(False, other, OPEN)) == opened
        assert shape(call("coalesce", OPEN, other)) == opened
    assert shape(conditional(True, OPEN, MapValue({"z": "1"}))) == opened
    assert shape(call("tolist", (OPEN, obj(a="1")))) == [opened, {"a": "1"}]
    assert shape(conditional(True, obj(t=OPEN), obj(t=obj(b="1")))) == {"t": opened}
    assert shape(conditional(True, call("merge", U, U), U)) == {"...": f"? {U.cause}"}
    assert shape(conditional(True, call("merge", U, U), obj(a="1"))) == {"...": f"? {U.cause}"}


def test_known_beginnings() -> None:
    """A string that begins with something known keeps that beginning."""
    text = template_text(PREFIXED)
    assert isinstance(text, UnknownValue)
    assert text.prefix == "web-"
    assert call("format", "%s-%s-%s", "a", "b", U).prefix == "a-b-"
    assert call("join", "-", ListValue(["a", PREFIXED])).prefix == "a-web-"
    assert call("startswith", PREFIXED, "web") is True
    assert call("startswith", PREFIXED, "api") is False
    assert plain(call("startswith", PREFIXED, "web-1")) is plain(U)


def test_sensitive_strings_stay_sensitive() -> None:
    """What is made of a secret is a secret; what merely lies beside one is not."""
    secret = SensitiveStr("s3cret")
    for made in (call("upper", secret), call("format", "x-%s", secret), call("join", ",", ListValue([secret, "a"])),
                 call("jsonencode", obj(a=secret)), call("split", "3", secret)):  # fmt: skip
        assert is_sensitive(made)
    merged = call("merge", obj(a=secret), obj(b="x"))
    assert isinstance(merged["a"], SensitiveStr)
    assert type(merged["b"]) is str
    assert not is_sensitive(call("nonsensitive", merged))


def test_infinity_is_unknown() -> None:
    """Terraform computes with infinities but cannot plan them; here they are unknown, never a wrong number."""
    for value in (binary("/", 1, 0), call("log", 0, 10), call("pow", 10, 400), call("tonumber", "-inf"),
                  call("yamldecode", ".inf")):  # fmt: skip
        assert isinstance(value, UnknownValue)
        assert "infinite" in value.cause
    with pytest.raises(EvalError):
        binary("/", 0, 0)


def test_what_depends_on_the_moment_is_unknown() -> None:
    """Random and present things have a cause, not a value."""
    values = [call("timestamp"), call("plantimestamp"), call("uuid"), call("bcrypt", "x"), call("base64gzip", "x"),
              call("rsadecrypt", "x", "y"), call("textencodebase64", "x", "EBCDIC-US")]  # fmt: skip
    assert all(isinstance(value, UnknownValue) and value.not_null and value.cause for value in values)
