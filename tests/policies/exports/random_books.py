"""Random dictionaries, as a loader takes them, and tags that come near to what they ask for."""

from __future__ import annotations

import json
import re
from datetime import date

from hypothesis import assume
from hypothesis import strategies as st
from tests.policies.exports.case_table import Case

from tagwright_dictionary.dictionary import Key, Value
from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.judging.placeholders import Placeholders
from tagwright_dictionary.judging.values import KeyCheck
from tagwright_dictionary.loading import load

NAMES = (
    "owned-by",
    "team",
    "Cost-Center",
    "k.e+y",
    "a:b/c",
    "env",
    "under_score",
    "size2",
    "stra\u00dfe",
    "\u0394elta",
    "two words",
)
TEXTS = (
    "a", "prod", "Prod", "cc-1", "x.y", "a+b", "a|b", "(a)", "[a]", "a*", "^a$", "a\\b", "${a}", "%{a}", "$a",
    'a"b', "a'b",
    "a`b", "{{a}}", "*/", "#x", "//x", "<a>", "a b", "a,b", "0", "7", "-1", "true", "null", "~", "todo", "test",
    "n/a", "aaa",
    "caf\u00e9", "\u00c9", "e\u0301", "\u0434\u0430", "\U0001f600", "\u00df", "SS", "\u0130", "a@b.cd",
    "x@acme.example", "2027-01-31",
    "a-b", "https://a.b/c", "arn:aws:s3:::b", "@", "=", "constructor", "__proto__", "\u017f", "K", "\u212a",
)  # fmt: skip
FORMED = (
    "cc-4100",
    "vision@acme.example",
    "2028-02-29",
    "https://acme.example/x",
    "42",
    "platform",
    "x.y",
    "12",
    "ab cd",
)
PATTERNS = (
    "cc-[0-9]{4}", "[a-z]+", "a|b|prod", ".*", ".{2,5}", r"\w+", r"[^\s]+", "(?:a|x)[.]y", r"\d{1,3}",
    "[a-z0-9]+(-[a-z0-9]+)*", "x?",
    r"[\w.]+@acme[.]example", "caf\u00e9|[\u0430-\u044f]+", r"a\+b", r"[\\^$|]+", r"\S+ \S+",
)  # fmt: skip
FORMATS = ("email", "slug", "date", "url", "arn", "integer")
BAD = ("", " ", "todo", "TBD", "unknown", "-", "xxx", "${var.x}", "<team>", "a\u200bb", "v\u0456sion",
    "nobody@acme.example", "x@example.com",
       "x@ACME.example", "2027-02-30", "000", "1 1 1", "\t", "a\tb", "[some team]", "__x__", "fixme: y",
       "\u00a0")  # fmt: skip
TODAY = date(2026, 11, 23)
AWS = re.compile(r"[\w .:/=+\-@]*")


def _key(draw, others):
    kind = draw(st.sampled_from(["closed", "closed", "closed", "pattern", "format", "format+", "open", "closed+"]))
    if kind == "open":
        return {}
    if kind == "pattern":
        return {"pattern": draw(st.sampled_from(PATTERNS))}
    if kind.startswith("format"):
        found = {"format": draw(st.sampled_from(FORMATS))}
        if found["format"] == "email" and draw(st.booleans()):
            found["domains"] = draw(
                st.lists(st.sampled_from(["acme.example", "b.cd", "example.com"]), min_size=1, unique=True)
            )
        if kind == "format+":
            found["pattern"] = draw(st.sampled_from(PATTERNS))
        return found
    pattern = draw(st.sampled_from(PATTERNS)) if kind == "closed+" else ""
    choices = [text for text in TEXTS if not pattern or re.compile(pattern, re.ASCII).fullmatch(text)]
    texts = draw(st.lists(st.sampled_from(choices or TEXTS), min_size=1, max_size=8, unique=True))
    own = draw(st.integers(1, len(texts)))
    aliases, values = texts[own:], {}
    for text in texts[:own]:
        about = {}
        if draw(st.integers(0, 3)) == 0:
            about["status"] = "deprecated"
            day = draw(st.sampled_from(["", "2026-11-22", "2026-11-23", "2027-06-30"]))
            if day:
                about["until"] = day
        if aliases and draw(st.booleans()):
            about["aliases"] = [aliases.pop()]
        for other, of in others.items():
            if draw(st.integers(0, 2)) == 0:
                about[other] = draw(st.lists(st.sampled_from(of), min_size=1, max_size=2, unique=True))
        values[text] = about
    found = {"values": values}
    return found | ({"pattern": pattern} if pattern else {})


def _requirement(draw, number, keys):
    about = {"id": f"rule-{number}"}
    aim = draw(st.sampled_from(["all", ["gpu"], ["bucket"], ["bucket", "gpu"], "types"]))
    if aim == "types":
        about["types"] = draw(st.sampled_from([["aws_s3_*"], ["aws_sqs_queue", "AWS::Lambda::*"]]))
    else:
        about["for"] = aim
    names = list(keys)
    what = draw(st.sampled_from(["require", "require", "match", "exclusive"]))
    related = [
        (key, other)
        for other, of in keys.items()
        for key in names
        if key != other and any(key in row for row in (of.get("values") or {}).values())
    ]
    if what == "match" and related:
        key, other = draw(st.sampled_from(related))
        about["match"] = {key: f"{other}.{key}"}
    elif what == "exclusive" and len(names) > 1:
        about["exclusive"] = [draw(st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True))]
    else:
        about["require"] = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    closed = [name for name in names if keys[name].get("values")]
    if closed and draw(st.integers(0, 2)) == 0:
        name = draw(st.sampled_from(closed))
        about["when"] = {name: draw(st.lists(st.sampled_from(list(keys[name]["values"])), min_size=1, unique=True))}
    if draw(st.integers(0, 3)) == 0:
        about["severity"] = "warning"
        if draw(st.booleans()):
            about["from"] = draw(st.sampled_from(["2026-11-23", "2026-11-24"]))
    return about


def fitting(name, about):
    """Texts that a key takes."""
    values = tuple(Value(text, status=each.get("status", "active")) for text, each in about.get("values", {}).items())
    given = {field: about[field] for field in ("pattern", "format") if field in about}
    key = Key(name, values=values if "values" in about else None, domains=tuple(about.get("domains", ())), **given)
    check = KeyCheck(key, Placeholders())
    return [text for text in (*TEXTS, *FORMED) if check.fault(text) is None]


@st.composite
def books(draw, folder):
    """A dictionary that the loader takes; `folder` is where its file is written."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    keys = {}
    for name in names:
        keys[name] = _key(
            draw, {other: fitting(other, about) for other, about in keys.items() if fitting(other, about)}
        )
    count = draw(st.integers(0, 4))
    document = {
        "schema": 1,
        "name": "random",
        "version": "1.0.0",
        "keys": keys,
        "requirements": [_requirement(draw, number, keys) for number in range(count)],
    }
    if draw(st.integers(0, 3)) == 0:
        document["providers"] = {"aws": {"keys": {names[0]: draw(st.sampled_from(["Renamed", "x:y", "o.w+n"]))}}}
    if draw(st.integers(0, 3)) == 0:
        document["placeholders"] = draw(
            st.lists(st.sampled_from(["acme", "cc 1", "platform", "\u0434\u0430 now"]), min_size=1, unique=True)
        )
    file = folder / "tags.yaml"
    file.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    try:
        return load(file, cache=False)
    except DictionaryError:
        assume(False)


def _value(draw, key):
    check = KeyCheck(key, Placeholders())
    good = [
        text for text in (*(value.value for value in key.values or ()), *TEXTS, *FORMED) if check.fault(text) is None
    ]
    taken = [text for text in good if AWS.fullmatch(text)]
    chance = draw(st.integers(0, 9))
    if (taken or good) and chance:
        return draw(st.sampled_from(taken if taken and chance > 1 else good))
    near = [value.value for value in key.values or ()]
    near += [alias for value in key.values or () for alias in value.aliases]
    text = draw(st.one_of(st.sampled_from([*near, *TEXTS]), st.sampled_from(BAD), st.text(max_size=4)))
    twist = draw(st.sampled_from(["", "", "", "upper", "pad", "line", "long"]))
    if twist == "upper":
        text = text.upper()
    return {"pad": f" {text}", "line": f"{text}\n", "long": text * 90}.get(twist, text)


def _tags(draw, book, spelled):
    tags = {}
    for key in book.keys:
        if draw(st.integers(0, 5)) == 0:
            continue
        name = spelled[key.name]
        if draw(st.integers(0, 15)) == 0:
            name = draw(st.sampled_from([name.upper(), name.lower(), name.swapcase()]))
        tags[name] = _value(draw, key)
        related = [row for value in key.values or () if value.value == tags[name] for row in value.relations]
        for other, values in related:
            if draw(st.booleans()):
                tags[spelled[other]] = draw(st.sampled_from(values))
    if draw(st.integers(0, 9)) == 0:
        tags[draw(st.sampled_from(["Name", "aws:x", "a,b", "", "\u00fcber", "__proto__"]))] = draw(
            st.sampled_from(TEXTS)
        )
    return tags


KINDS = {
    "gpu": {"type": "aws_instance", "classes": ("compute", "gpu"), "attributes": {"instance_type": "p5.48xlarge"},
            "custodian": "ec2", "live": {"InstanceType": "p5.48xlarge"}},
    "bucket": {"type": "aws_s3_bucket", "classes": ("bucket", "storage"), "custodian": "s3"},
    "queue": {"type": "aws_sqs_queue", "classes": ("queue",), "custodian": "sqs"},
}  # fmt: skip


@st.composite
def tables(draw, folder, *, most=12):
    """A dictionary and cases for it."""
    book = draw(books(folder))
    encoding = book.encoding("aws")
    spelled = {key.name: key.name for key in book.keys} | dict(encoding.keys if encoding else ())
    count = draw(st.integers(1, most))
    cases = []
    for number in range(count):
        kind = draw(st.sampled_from(sorted(KINDS)))
        cases.append(Case(f"{kind}/{number}", _tags(draw, book, spelled), **KINDS[kind]))
    return book, tuple(cases)
