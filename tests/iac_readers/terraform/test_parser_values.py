"""How an expression was parsed shows in its value: ours against the real Terraform's, for constants in odd layouts."""

# ruff: noqa: E501 - rows of sample texts; seeded randomness

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from tests.iac_readers.functions.comparing import Context, more_known, plain
from tests.iac_readers.terraform.closed_text import ClosedText
from tests.oracle import console, need

from tagwright_iac.terraform.expressions import Env
from tagwright_iac.terraform.parser import Parser
from tagwright_iac.terraform.source import SourceText, SyntaxProblem
from tagwright_iac.terraform.values import EvalError

CHOSEN = (
    # precedence and associativity
    "1 + 2 * 3 - 4 / 2 % 3", "10 - 3 - 2", "100 / 10 / 5", "2 * -3", "- 2 + 3", "-2 * -2", "- -1", "!true || true", "!(true || true)",
    "1 + 1 == 2 && 3 < 4 || false", "1 < 2 == true", "true == 1 < 2", "true || false && false", "1 == 1 != false",
    # conditionals associate to the right
    "true ? 1 : false ? 2 : 3", "false ? 1 : true ? 2 : 3", '(true ? false : true) ? "a" : "b"', "true ? false ? 1 : 2 : 3",
    "true ? {a = 1} : {a = 2}", "1 + 1 == 2 ? 1 + 2 : 3", 'false ? "x" : "${true ? "y" : "z"}"',
    # newlines and commas of objects
    "{\n a = 1\n b = 2,\n c = 3 # c\n d : 4\n}", "{ a = 1, b = 2 }", "{ a = 1,\n\n b = 2 }", '{ a = [\n1,\n2\n]\n ("b") = 3 }',
    "{ a = 1 b = 2 }", "{ a = 1\n, b = 2 }", "{ a =\n 1 }", "{ a\n = 1 }", "{,}", "{ a = 1,, b = 2 }", "{}", "{\n}", "{ a = 1 /* \n */ b = 2 }",
    '{ a = "x"\n ("b") = "y" }', '{ a = "x"\n [0] = "y" }', '{ "a" = 1, (upper("b")) = 2, 3 = 4, true = 5, null = 6, for_x = 7 }',
    "{ if = 1, in = 2, else = 3 }", "{ for = 1 }", "{ a == 1 }", "{ a = 1, a = 2 }", '{ "${"k"}" = 1 }', "{ -1 = 2 }", "{ true ? 1 : 2 = 3 }",
    # newlines elsewhere
    "1 +\n2", "1\n+ 2", "(1\n+ 2)", "[1\n,\n2\n]", "[1, 2,]", "[,]", "[1,,2]", "(\n1\n)", "[1, 2][\n0\n]", "[[1, 2]\n[0]]", "length(\n[1]\n)",
    "length([1],)", "length(,)", "max([1, 2]...)", "max([1, 2] ...)", "max([1, 2]\n...\n)", "max([1, 2]..., )", "max([1]..., 2)", "length ([1])",
    "length\n([1])", "(length\n([1]))", "true ?\n1 : 2", "(true ?\n1 :\n2)", "(true\n? 1\n: 2)", "()", "(1, 2)",
    # numbers
    "1.50", "1e3", "1E-2", "1.5e+1", "007", "1.", ".5", "0x1F", "1_000", "1.2.3", "1e", "1e5e5", "12345678901234567890123", "1e400", "0.1 + 0.2",
    # steps, indexes and splats
    "[1, 2].0", "[[1, 2]].0.1", "[[1, 2]].0[1]", "[[1, 2]][0].1", "[1, 2] [0]", "{a = 1} .a", "{a = 1}. a", "[{a = 1}, {a = 2}][*].a",
    "[{a = 1}, {a = 2}].*.a", "[{a = [1, 2]}].*.a[0]", "[{a = [1, 2]}][*].a[0]", "[{a = [1, 2]}].*.a.0", "[{a = [{b = 1}]}][*].a[*].b",
    "[{a = [{b = 1}]}].*.a.*.b", "[{a = [{b = 1}]}].*.a[*].b", "[{a = [{b = 1}]}][*].a.*.b", "null[*]", "5[*]", '"x"[*]', "null.*", "[1][ * ]", "[1][*]\n",
    "[1]...", "[1]..0", '[1]."0"', "[1][0, 1]", "[1][]", "[1].1e0", '{a = 1}["a"]', '{"a b" = 1}["a b"]', "[[1]][*][0]", "[[1]].*[0]", '{a={b=1}}.a["b"]',
    # for
    "[for v in [1, 2] : v * 2]", "[for k, v in {a = 1} : k if v == 1]", "{for v in [1, 2, 1] : v => v...}", "{for k, v in {a = 1} : v => k}",
    "{for v in [1, 1] : v => v}", "[for v in [1] : v => v]", "{for v in [1] : v}", "[for v in [1] : v...]", "[\nfor\nv\nin\n[1]\n:\nv\n]", "{\nfor k\n, v\nin {a = 1}\n:\nk\n=>\nv\n}",
    "[for v in [[1, 2]] : [for w in v : w]]", "[for]", "[for, 1]", "[for a, b, c in [] : a]", "[for a.b in [] : 1]", "[for v in [1] : v if]", "[forx in [1] : 1]",
    # strings and templates
    r'"\n\t\r\"\\\u00e9\U0001F600"', r'"\q"', r'"\u12"', r'"\uD800"', r'"\U00110000"', '"$"', '"$$"', '"$${a}"', '"$$${1}"', '"$$$${1}"', '"%%{a}"',
    '"100%"', '"%%"', '"${1}"', '"${"a"}"', '"${true}"', '"x${1}"', '"${1}${2}"', '"a  ${~ "b" ~}  c"', '" ${~ 1}"', '"${1 ~} "', '"${ "${ "x" }" }"', '"${}"',
    '"${1"', '"${1 2}"', '"%{ if true }a%{ else }b%{ endif }"', '"%{ if false }a%{ endif }"', '"%{ if true ~} a %{~ else ~} b %{~ endif }"',
    '"%{ for v in [1, 2] }${v},%{ endfor }"', '"%{ for k, v in {a = 1} ~} ${k}=${v} %{~ endfor }"', '"%{ if true }"', '"%{ endif }"', '"%{ else }"',
    '"%{if true}%{for v in [1]}x%{endif}%{endfor}"', '"%{foo}"', '"%{ifa}x%{endif}"', '"%{if(true)}x%{endif}"', '"%{\nif true }x%{ endif\n}"', '"%{/* c */ if true}x%{endif}"',
    '"${\n1\n}"', '"${1 # c\n}"', '"a\nb"', '"a\rb"', '"tab\there"', '"e\u0301"', '"${[1, 2][0]}"', '"${{a = 1}.a}"', '"${ {a = 1}["a"] }"', "''", '""', '"" + 1', '"~${1}~"',
    # heredocs
    "<<E\na\n  b\nE", "<<-E\n  a\n    b\n  E", "<<-E\n    a\n\n  b\nE", "<<-E\n\ta\n\t\tb\nE", "<<-E\n  a\n \n  b\nE", "<<-E\n  ${1}\n    b\nE", "<<-E\n${1}\n  b\nE", "<<E\nE",
    "<<E\n\nE", "<<E\n${1}\nE", "<<E\na ${~ 1 ~}\n  b\nE", "<<-E\n    a\n  ${~ 1 ~}\n    b\nE", "<<E\n%{ if true ~}\na\n%{ endif ~}\nb\nE", "<<-E\n    %{ for v in [1, 2] ~}\n    x ${v}\n    %{ endfor ~}\n  E",
    '<<E\n"q" \\n $${a} %%{b} $ %\nE', "<<E\nEE\nE E\n E \n", "<<E\nx\nE ", "<<E \nx\nE", "<< E\nx\nE", '<<"E"\nx\nE', "<<E\n${[\nE\n]}\nE", "<<E\n${<<F\nx\nF\n}\nE", "[<<E\nx\nE\n, 1]",
    "[<<E\nx\nE, 1]", "upper(<<E\nx\nE\n)", "{ a = <<E\nx\nE\n b = 1 }", "{ a = <<E\nx\nE\n, b = 1 }", "<<-E\n  a\r\n    b\r\n  E", "<<Ü-1\nx\nÜ-1", "<<-E\n  \u00a0a\n  b\nE",
    # comments
    "1 # c", "1 // c", "1 /* c */ + /* \n */ 2", "[1, # c\n 2 // d\n /* e */, 3]", "1 /* unclosed", "(1 # c )\n)", "1 /**/", "1 / /* c */ 2", "1 /// c", "1 #",
)  # fmt: skip
GENERATED = 700
SEED = 20261123


def value(text: str) -> Any:
    """Ours, of the expression as an argument of a file; the error when we refuse it."""
    try:
        expression = Parser(SourceText("main.tf", f"value = {text}\n")).file().attributes[0].expression
        return plain(expression.evaluate(Env(_Module())))
    except (SyntaxProblem, EvalError) as error:
        return error


class _Module:
    """No references, no files."""

    sensitive_seen = False

    def __init__(self) -> None:
        self.context = Context()

    def lookup(self, root: str, names: tuple[str, ...], env: Env) -> tuple[Any, int]:
        raise EvalError(f"no {root}")


def disagreements(expressions: list[str]) -> list[str]:
    """What we and Terraform do not see alike."""
    found = []
    for text, theirs in zip(expressions, console.evaluate_many(expressions), strict=True):
        ours = value(text)
        if isinstance(theirs, console.ErrorText) != isinstance(ours, Exception):
            found.append(f"{text!r}: ours {ours!r}, Terraform {theirs!r}")
        elif isinstance(theirs, console.Value) and not more_known(ours, theirs.value):
            found.append(f"{text!r}: ours {ours!r}, Terraform {theirs.value!r}")
    return found


@pytest.fixture(autouse=True)
def _terraform() -> None:
    need.oracle()


def test_chosen_expressions_have_terraforms_value() -> None:
    """Every corner of the grammar that a list can name gives Terraform's value, or is refused as there."""
    assert disagreements(list(CHOSEN)) == []


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_generated_expressions_have_terraforms_value(depth: int) -> None:
    """Operators, strip markers, heredocs, splats and comments in any mixture give Terraform's value."""
    random = Random(SEED + depth)
    expressions = []
    for _ in range(GENERATED // 3):
        text = ClosedText(random, odd=random.choice((0.02, 0.2, 0.5)))
        expressions.append(random.choice((text.numeric, text.truth, text.listed, text.words, text.document))(depth))
    assert disagreements(expressions) == []
