"""Variable type constraints convert as Terraform converts them."""

from __future__ import annotations

import pytest
from tests.iac_readers.functions.comparing import evaluate, plain, same_type
from tests.oracle import console, terraform

from tagwright_iac.terraform.conversion import convert
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.source import SourceText
from tagwright_iac.terraform.type_syntax import parse_type
from tagwright_iac.terraform.types import ANY, Attribute, TypeSpec
from tagwright_iac.terraform.unification import STRING, type_of
from tagwright_iac.terraform.values import EvalError, ListValue, MapValue, ObjectValue, UnknownValue

pytestmark = pytest.mark.skipif(terraform.binary() is None, reason="terraform is not installed")

CONVERTED = (
    ("string", "1.50"),
    ("string", "true"),
    ("string", "null"),
    ("number", '"1e3"'),
    ("bool", '"true"'),
    ("bool", '"1"'),
    ("any", "[1, true]"),
    ("any", '{a = 1, b = "x"}'),
    ("list(string)", '[1, true, "x", null]'),
    ("list(string)", "[]"),
    ("list(number)", '["1", 2]'),
    ("list(any)", '[1, "x"]'),
    ("list(any)", "[]"),
    ("list(any)", "[{a = 1}, {b = 2}]"),
    ("list(any)", '[{a = 1}, {a = "x"}]'),
    ("list", '[1, "x"]'),
    ("set(string)", '["b", "a", "b", 1]'),
    ("set(number)", '["10", 9]'),
    ("set(any)", '["b", 1]'),
    ("set(object({a = string}))", "[{a = 2}, {a = 1}, {a = 1, b = 3}]"),
    ("map(string)", '{a = 1, b = true, c = "x", d = null}'),
    ("map(string)", "{}"),
    ("map(any)", '{a = 1, b = "x"}'),
    ("map(any)", "{a = 1, b = 2}"),
    ("map(any)", "{a = null}"),
    ("map", '{a = 1, b = "x"}'),
    ("map(list(string))", "{a = [1], b = []}"),
    ("map(map(string))", '{a = {x = 1}, b = {y = "2"}}'),
    ("map(object({a = string}))", "{x = {a = 1, b = 2}}"),
    ("map(object({a = any}))", '{x = {a = 1}, y = {a = "z"}}'),
    ("tuple([string, number])", '[1, "2"]'),
    ("tuple([any, list(string)])", "[{a = 1}, [1]]"),
    ("tuple([])", "[]"),
    ("object({})", "{a = 1}"),
    ("object({a = string})", "{a = 1, b = 2}"),
    ("object({a = any})", "{a = [1]}"),
    ("object({a = string})", "{a = null}"),
    ("object({a = string})", "null"),
    ("object({a = optional(string)})", "{}"),
    ("object({a = optional(string), b = string})", "{b = 1}"),
    ('object({a = optional(string, "d")})', "{}"),
    ('object({a = optional(string, "d")})', "{a = null}"),
    ('object({a = optional(string, "d")})', '{a = ""}'),
    ("object({a = optional(number, 5)})", "{}"),
    ("object({a = optional(string, 5)})", "{}"),
    ("object({a = optional(list(string), [])})", "{}"),
    ("object({a = optional(list(string), [1])})", "{a = null}"),
    ("object({a = optional(map(string), {x = 1})})", "{}"),
    ('object({a = optional(object({b = optional(string, "x")}), {})})', "{}"),
    ('object({a = optional(object({b = optional(string, "x")}))})', "{}"),
    ('object({a = optional(object({b = optional(string, "x"), c = optional(number)}), {c = 1})})', "{}"),
    ('object({a = object({b = optional(string, "x")})})', "{a = {}}"),
    ('list(object({a = optional(string, "d"), b = optional(number)}))', '[{}, {a = "x", b = "1"}]'),
    ('map(object({a = optional(string, "d")}))', "{x = {}, y = {a = 1}}"),
    ('set(object({a = optional(string, "d")}))', '[{}, {a = "d"}, {a = "c"}]'),
    ("map(object({tags = optional(map(string), {}), size = optional(number)}))", "{x = {tags = {A = 1}}, y = {}}"),
    ("list(list(string))", "[[1], [], [true]]"),
    ("list(tuple([string, any]))", "[[1, 2], [3, 4]]"),
    ("object({a = list(any), b = map(any)})", '{a = [1, "x"], b = {k = true, l = "y"}}'),
    ("any", "null"),
    ("list(string)", "null"),
)
REFUSED = (
    ("number", '"x"'),
    ("number", "true"),
    ("bool", "1"),
    ("bool", '"yes"'),
    ("string", "[]"),
    ("string", "{}"),
    ("list(string)", '"a"'),
    ("list(string)", "{a = 1}"),
    ("list(string)", "[[1]]"),
    ("list(any)", '["a", ["b"]]'),
    ("map(string)", "[]"),
    ("map(string)", "{a = [1]}"),
    ("map(any)", '{a = 1, b = ["x"]}'),
    ("map(any)", "{a = 1, b = true}"),
    ("object({a = string})", "{}"),
    ("object({a = string})", "[]"),
    ("object({a = number})", '{a = "x"}'),
    ("tuple([string])", "[]"),
    ("tuple([string])", "[1, 2]"),
    ("set(number)", '["x"]'),
)


def spec_of(text: str) -> TypeSpec:
    return parse_type(Parser(SourceText("type.tf", text)).expression_only())


def test_conversions_are_terraforms() -> None:
    """What a variable of each type makes of its default is what Terraform makes of it, type and all."""
    variables = "\n".join(
        f'variable "v{number}" {{\n  type    = {kind}\n  default = {value}\n}}'
        for number, (kind, value) in enumerate(CONVERTED)
    )
    theirs = console.evaluate_many([f"var.v{number}" for number in range(len(CONVERTED))], {"v.tf": variables})
    different = []
    for (kind, value), expected in zip(CONVERTED, theirs, strict=True):
        got = convert(evaluate(value), spec_of(kind))
        assert isinstance(expected, console.Value), expected
        if plain(got) != expected.value or not same_type(type_of(got), expected.type):
            different.append((kind, value, plain(got), expected))
    assert different == []


@pytest.mark.parametrize(("kind", "value"), REFUSED)
def test_what_terraform_refuses_is_refused(kind: str, value: str) -> None:
    """A value that Terraform cannot convert is an EvalError here."""
    block = f'variable "v" {{\n  type    = {kind}\n  default = {value}\n}}'
    with pytest.raises(terraform.PlanError):
        console.evaluate_many(["var.v"], {"v.tf": block})
    with pytest.raises(EvalError):
        convert(evaluate(value), spec_of(kind))


def test_unknowns_pass_and_open_objects_stay_open_as_maps() -> None:
    """A conversion never makes more or less of what is not known."""
    unknown = UnknownValue("not given", prefix="a-")
    assert convert(unknown, STRING) is unknown
    strings = TypeSpec("map", element=STRING)
    opened = convert(ObjectValue({"a": 1}, rest=unknown), strings)
    assert isinstance(opened, MapValue)
    assert (dict(opened), opened.rest) == ({"a": "1"}, unknown)
    assert convert(ListValue([unknown]), TypeSpec("list", element=STRING)) == (unknown,)


def test_an_object_type_closes_an_open_object() -> None:
    """What the type names may be among what is not seen; what it does not name is dropped."""
    unknown = UnknownValue("var.extra has no value")
    spec = TypeSpec(
        "object",
        attributes=(("a", Attribute(STRING)), ("b", Attribute(STRING)), ("c", Attribute(ANY, optional=True))),
    )
    got = convert(ObjectValue({"a": 1, "z": 2}, rest=unknown), spec)
    assert got.rest is None
    assert got["a"] == "1"
    assert sorted(got) == ["a", "b", "c"]
    assert [got[name].cause for name in "bc"] == [unknown.cause] * 2
