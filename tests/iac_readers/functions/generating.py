"""Random but repeatable expressions: functions and operators over literal arguments of every shape."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

TEXTS = (
    "", "a", "b", "abc", "Hello World", "a-b_c", "1", "10", "-2.5", "true", "false", "é", "e\u0301x", "ß", "👍🏽z",
    "x=1,y=2", "a,b,,c", "a\nb\n", " pad ", "10.0.0.0/16", "2024-02-29T12:30:00Z", "%s-%d", "/a/", "[a-c]+",
    "(b)(c)?", "$1", "null", "A", "prod", "Prod-01", "\t", "0", "1e3", "🇩🇪", "\u00a0", '"q"', "a.b.c", "../x//y/",
)  # fmt: skip
NUMBERS = ("0", "1", "2", "3", "-1", "-2", "10", "1.5", "-0.5", "0.1", "1e3", "007", "100", "1/3", "2.675", "255")
KEYS = ("a", "b", "c", "Owner", "owner", '"é"', '"k-1"', '"1"', "B")
FORMATS = ("%s", "%d", "%q", "%v", "%5s", "%-6s|", "%05d", "%.2f", "%x", "%s-%s", "%[2]v%[1]v", "%t", "%e", "%g", "%%")

Make = Callable[[random.Random], str]


def text(source: random.Random) -> str:
    quoted = json.dumps(source.choice(TEXTS), ensure_ascii=False)
    return quoted.replace("${", "$${").replace("%{", "%%{")


def number(source: random.Random) -> str:
    return source.choice(NUMBERS)


def flag(source: random.Random) -> str:
    return source.choice(("true", "false"))


def scalar(source: random.Random) -> str:
    return source.choice((text, text, number, flag, lambda _source: "null"))(source)


def items(source: random.Random, depth: int = 1) -> str:
    one = source.choice((text, text, number, scalar, lambda inner: anything(inner, depth - 1)))
    return "[" + ", ".join(one(source) for _ in range(source.choice((0, 1, 2, 2, 3, 4)))) + "]"


def sequence(source: random.Random) -> str:
    return source.choice(("{}", "{}", "{}", "tolist({})", "toset({})")).format(items(source))


def entries(source: random.Random, depth: int = 1) -> str:
    one = source.choice((text, text, scalar, lambda inner: anything(inner, depth - 1)))
    keys = source.sample(KEYS, source.choice((0, 1, 2, 2, 3)))
    return "{" + ", ".join(f"{key} = {one(source)}" for key in keys) + "}"


def mapping(source: random.Random) -> str:
    return source.choice(("{}", "{}", "{}", "tomap({})")).format(entries(source))


def anything(source: random.Random, depth: int = 1) -> str:
    if depth <= 0:
        return scalar(source)
    return source.choice(
        (text, number, scalar, lambda inner: items(inner, depth), lambda inner: entries(inner, depth))
    )(source)


def key(source: random.Random) -> str:
    return source.choice((*(name if name[0] == '"' else f'"{name}"' for name in KEYS), "1", "null"))


def template(source: random.Random) -> str:
    return '"' + "".join(source.choice(FORMATS) for _ in range(source.choice((1, 1, 2)))) + '"'


def lists(source: random.Random) -> str:
    return "[" + ", ".join(source.choice((items, sequence, text))(source) for _ in range(source.choice((1, 2)))) + "]"


SIGNATURES: dict[str, tuple[Make, ...]] = {
    "abs": (number,), "alltrue": (items,), "anytrue": (items,), "base64decode": (text,), "base64encode": (text,),
    "base64sha256": (text,), "basename": (text,), "ceil": (number,), "chomp": (text,), "chunklist": (sequence, number),
    "cidrhost": (text, number), "coalesce": (anything, anything), "coalescelist": (items, items),
    "compact": (sequence,), "concat": (sequence, sequence), "contains": (sequence, scalar), "csvdecode": (text,),
    "dirname": (text,), "distinct": (sequence,), "element": (items, number), "endswith": (text, text),
    "flatten": (lists,), "floor": (number,), "format": (template, scalar), "formatdate": (text, text),
    "formatlist": (template, items, scalar), "indent": (number, text), "index": (items, scalar),
    "join": (text, sequence), "jsondecode": (text,), "jsonencode": (anything,), "keys": (mapping,),
    "length": (anything,), "log": (number, number), "lookup": (mapping, key, scalar), "lower": (text,),
    "matchkeys": (sequence, sequence, sequence), "max": (scalar, scalar), "md5": (text,), "merge": (mapping, mapping),
    "min": (number, text), "one": (sequence,), "parseint": (text, number), "pow": (number, number),
    "range": (number, number), "regex": (text, text), "regexall": (text, text), "replace": (text, text, text),
    "reverse": (sequence,), "setintersection": (items, items), "setproduct": (sequence, sequence),
    "setsubtract": (sequence, items), "setunion": (items, sequence), "sha1": (text,), "signum": (number,),
    "slice": (items, number, number), "sort": (sequence,), "split": (text, text), "startswith": (text, text),
    "strcontains": (text, text), "strrev": (text,), "substr": (text, number, number), "sum": (items,),
    "timeadd": (text, text), "title": (text,), "tobool": (scalar,), "tolist": (items,), "tomap": (entries,),
    "tonumber": (scalar,), "toset": (items,), "tostring": (anything,), "transpose": (entries,), "trim": (text, text),
    "trimprefix": (text, text), "trimspace": (text,), "trimsuffix": (text, text), "upper": (text,),
    "urlencode": (text,), "values": (mapping,), "yamldecode": (text,), "yamlencode": (anything,),
    "zipmap": (items, sequence),
}  # fmt: skip
OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||")


def expression(source: random.Random, depth: int = 1) -> str:
    """One expression; up to `depth` further ones stand inside one another as arguments."""
    kind = source.random()
    if kind < 0.12:
        operator = source.choice(OPERATORS)
        side = anything if operator in ("==", "!=") else scalar
        return f"{side(source)} {operator} {side(source)}"
    if kind < 0.16:
        return f"{source.choice((items, mapping))(source)}[{source.choice((number, key))(source)}]"
    name = source.choice(tuple(SIGNATURES))
    arguments = [
        expression(source, depth - 1) if depth and source.random() < 0.15 else make(source) for make in SIGNATURES[name]
    ]
    if source.random() < 0.06:
        arguments[source.randrange(len(arguments))] = anything(source)
    if source.random() < 0.02:
        arguments.append(scalar(source))
    return f"{name}({', '.join(arguments)})"
