"""Every mistake in a dictionary is found in one pass, at its place, with the fix."""
# ruff: noqa: E501 - tables read better unbroken

from __future__ import annotations

import pytest

from tagwright_dictionary.errors import DictionaryError
from tagwright_dictionary.loading import load, validate

KEYS = "keys:\n  owner: {format: email}\n  team: {}\n  env: {values: {prod: {aliases: [production]}, dev: {}}}\n"

# (body of the dictionary with § before each place, the messages in that order)
MUST_REFUSE = {
    "unknown top-level field": ("§keyz: {}\nkeys: {a: {}}\n", ['the dictionary: unknown field "keyz"']),
    "unknown key field": ("keys:\n  a: {§patern: x}\n", ['key "a": unknown field "patern"']),
    "unknown value field": ("keys:\n  a: {values: {x: {§titel: X}}}\n", ['value "x" of "a": unknown field "titel"']),
    "unknown requirement field": (
        KEYS + "requirements:\n  - {id: r, for: all, require: [owner], §requre: [team]}\n",
        ['requirement "r": unknown field "requre"'],
    ),
    "duplicate key at the top": ("keys: {a: {}}\n§keys: {b: {}}\n", ['"keys" is given twice (first on line 4)']),
    "duplicate key deep inside": (
        "keys:\n  a:\n    values:\n      x: {title: one, §title: two}\n",
        ['"title" is given twice (first on line 7)'],
    ),
    "no keys": ("unknown: warn\n", ["the dictionary: the field keys is missing"]),
    "empty keys": ("keys: §{}\n", ["keys: there is none"]),
    "keys as a list": ("keys: §[a]\n", ["keys: expected a mapping, found a list"]),
    "boolean value": (
        "keys:\n  a: {values: [§yes, x]}\n",
        ['key "a", values: expected a value, found the boolean yes'],
    ),
    "boolean key name": ("keys:\n  §on: {}\n", ["keys: expected a name, found the boolean on"]),
    "number value": (
        "keys:\n  a: {values: {§1.10: {}}}\n",
        ['key "a", values: expected a value, found the number 1.10'],
    ),
    "date where text is expected": (
        "keys:\n  a: {default: §2027-01-01}\n",
        ['key "a", default: expected text, found the date 2027-01-01'],
    ),
    "null where text is expected": ("keys:\n  a: {title: §}\n", ['key "a", title: expected text, found nothing']),
    "unknown format": (
        "keys:\n  a: {format: §emial}\n",
        ['key "a", format: "emial" is not one of email, slug, date, url, arn, integer'],
    ),
    "reserved prefix": ("keys:\n  §aws:owner: {}\n", ['key "aws:owner": the prefix aws: is reserved by AWS']),
    "keys that differ in case": (
        "keys:\n  Owner: {}\n  §owner: {}\n",
        ['the keys "Owner" and "owner" differ only in case'],
    ),
    "duplicate value": (
        "keys:\n  a: {values: [x, y, §x]}\n",
        ['key "a": the value "x" is there twice (first on line 5)'],
    ),
    "empty list of values": (
        "keys:\n  a: {values: §[]}\n",
        ['key "a", values: the list is empty, so no value would be approved'],
    ),
    "alias is a value": (
        "keys:\n  a: {values: {x: {aliases: [§y]}, y: {}}}\n",
        ['value "x" of "a": the alias "y" is itself an approved value'],
    ),
    "alias is its own value": (
        "keys:\n  a: {values: {x: {aliases: [§x]}}}\n",
        ['value "x" of "a": the alias "x" is the value itself'],
    ),
    "alias twice": (
        "keys:\n  a: {values: {x: {aliases: [z]}, y: {aliases: [§z]}}}\n",
        ['value "y" of "a": the alias "z" already stands for "x"'],
    ),
    "until without deprecated": (
        "keys:\n  a: {values: {x: {until: §2027-01-01}}}\n",
        ['value "x" of "a": until without status: deprecated'],
    ),
    "replaced_by nothing approved": (
        "keys:\n  a: {values: {x: {status: deprecated, replaced_by: §y}}}\n",
        ['value "x" of "a": replaced_by "y" is not an approved value'],
    ),
    "replaced_by something deprecated": (
        "keys:\n  a: {values: {x: {status: deprecated, replaced_by: §y}, y: {status: deprecated}}}\n",
        ['value "x" of "a": replaced_by "y" is deprecated itself'],
    ),
    "value against its own pattern": (
        "keys:\n  a: {pattern: 'c[0-9]', values: [c1, §d1]}\n",
        ['value "d1" of "a" does not match the pattern c[0-9] of "a"'],
    ),
    "value against its own format": (
        "keys:\n  a: {format: email, values: [a@b.example, §me]}\n",
        ['value "me" of "a" is not an e-mail address, the format of "a"'],
    ),
    "value with an invisible character": (
        'keys:\n  a: {values: [§"pro\\u200bd"]}\n',
        ['key "a", values: the character U+200B is not allowed'],
    ),
    "value with blanks around": (
        'keys:\n  a: {values: [§" x"]}\n',
        ['value " x" of "a": is empty or has spaces around it'],
    ),
    "example against the list": (
        "keys:\n  a: {values: [x], examples: [§y]}\n",
        ['key "a", examples: "y" is not an approved value of "a"'],
    ),
    "default is an alias": (
        "keys:\n  a: {values: {x: {aliases: [y]}}, default: §y}\n",
        ['key "a", default: "y" is an alias of "x" in "a"'],
    ),
    "domains without email": ("keys:\n  a: {domains: §[b.example]}\n", ['key "a": domains without the format email']),
    "domain in upper case": (
        "keys:\n  a: {format: email, domains: [§B.example]}\n",
        ['key "a", domains: "B.example" is not lower case: write b.example'],
    ),
    "relation to a value that is none": (
        "keys:\n  c: {pattern: 'c[0-9]'}\n  a: {values: {x: {c: [c1, §d1]}}}\n",
        ['value "x" of "a", c: "d1" does not match the pattern c[0-9] of "c"'],
    ),
    "requires an unknown key": (
        KEYS + "requirements:\n  - {id: r, for: all, require: [§ownr]}\n",
        ['requirement "r", require: the dictionary has no key "ownr"'],
    ),
    "when on an unknown key": (
        KEYS + "requirements:\n  - {id: r, for: all, require: [owner], when: {§envi: prod}}\n",
        ['requirement "r", when: the dictionary has no key "envi"'],
    ),
    "when with a value that is not approved": (
        KEYS + "requirements:\n  - {id: r, for: all, require: [owner], when: {env: [prod, §prodd]}}\n",
        ['requirement "r", when env: "prodd" is not an approved value of "env"'],
    ),
    "when with an alias": (
        KEYS + "requirements:\n  - {id: r, for: all, require: [owner], when: {env: §production}}\n",
        ['requirement "r", when env: "production" is an alias of "prod" in "env"'],
    ),
    "match on an unknown key": (
        KEYS + "requirements:\n  - {id: r, for: all, match: {§cost: env.owner}}\n",
        ['requirement "r", match: the dictionary has no key "cost"'],
    ),
    "match on a relation nobody has": (
        KEYS + "requirements:\n  - {id: r, for: all, match: {owner: §env.owner}}\n",
        ['requirement "r", match owner: no value of "env" names its "owner"'],
    ),
    "match on an open key": (
        KEYS + "requirements:\n  - {id: r, for: all, match: {owner: §team.owner}}\n",
        ['requirement "r", match owner: "team" has no list of values'],
    ),
    "exclusive with an unknown key": (
        KEYS + "requirements:\n  - {id: r, for: all, exclusive: [[owner, §tam]]}\n",
        ['requirement "r", exclusive: the dictionary has no key "tam"'],
    ),
    "exclusive of one": (
        KEYS + "requirements:\n  - {id: r, for: all, exclusive: [§[owner]]}\n",
        ['requirement "r", exclusive: a group needs at least two keys'],
    ),
    "required and exclusive": (
        KEYS + "requirements:\n  - §{id: r, for: all, require: [owner, team], exclusive: [[owner, team]]}\n",
        ['requirement "r": owner, team are required together and exclude each other'],
    ),
    "unknown class": (
        KEYS + "requirements:\n  - {id: r, for: [§gpus], require: [owner]}\n",
        ['requirement "r", for: "gpus" is not a class of resources'],
    ),
    "selects nothing": (
        KEYS + "requirements:\n  - §{id: r, require: [owner]}\n",
        ['requirement "r": neither `for` nor `types`'],
    ),
    "asks for nothing": (KEYS + "requirements:\n  - §{id: r, for: all}\n", ['requirement "r": it asks for nothing']),
    "requirement without id": (
        KEYS + "requirements:\n  - §{for: all, require: [owner]}\n",
        ["requirement 1: the field id is missing"],
    ),
    "requirement twice": (
        KEYS + "requirements:\n  - {id: r, for: all, require: owner}\n  - §{id: r, for: all, require: team}\n",
        ['requirement "r" is there twice (first on line 9)'],
    ),
    "from on an error": (
        KEYS + "requirements:\n  - {id: r, for: all, require: owner, severity: error, from: §2027-01-01}\n",
        ['requirement "r": `from` has no effect, the severity is error already'],
    ),
    "a day that does not exist": (
        KEYS + "requirements:\n  - {id: r, for: all, require: owner, from: §2027-02-30}\n",
        ['requirement "r", from: expected a date, found the date 2027-02-30'],
    ),
    "unknown provider": (KEYS + "providers: {§google: {}}\n", ['unknown provider "google"']),
    "provider key that cannot be": (
        KEYS + "providers: {gcp: {keys: {team: §Team}}}\n",
        ['provider gcp: "Team" cannot be a key there'],
    ),
    "provider maps an unknown key": (
        KEYS + "providers: {gcp: {keys: {§tam: team}}}\n",
        ['provider gcp, keys: the dictionary has no key "tam"'],
    ),
    "provider maps two keys to one": (
        KEYS + "providers: {gcp: {keys: {team: x, owner: §x}}}\n",
        ['provider gcp: team and owner would both be "x"'],
    ),
    "annotations elsewhere": (
        KEYS + "providers: {gcp: {annotations: §[owner]}}\n",
        ["provider gcp has no annotations"],
    ),
    "bad duration": (
        KEYS + "service_levels: [{for: all, remediate_within: §48}]\n",
        ["service level 1, remediate_within: expected a duration, found the number 48"],
    ),
    "service level that never counts": (
        KEYS + "service_levels: [{for: all, remediate_within: 4h}, §{for: all, remediate_within: 8h}]\n",
        ["service level 2: an earlier one is for the same resources"],
    ),
    "unknown target": (
        KEYS + "targets: {§spend: {green: 95, yellow: 85}}\n",
        ['unknown target "spend"'],
    ),
    "target that is no percentage": (
        KEYS + "targets: {spend_compliance: {green: §98%, yellow: 85}}\n",
        ['target spend_compliance, green: expected a percentage, found the text "98%"'],
    ),
    "target above all": (
        KEYS + "targets: {spend_compliance: {green: §101, yellow: 85}}\n",
        ["target spend_compliance, green: expected a percentage, found the number 101"],
    ),
    "target in pieces": (
        KEYS + "targets: {count_compliance: §{green: 95}}\n",
        ["target count_compliance: the field yellow is missing"],
    ),
    "targets upside down": (
        KEYS + "targets: {count_compliance: {green: 80, yellow: §90}}\n",
        ["target count_compliance: yellow begins at 90, above green at 80"],
    ),
    "placeholder that is approved": (
        "keys:\n  owner: {format: email}\n  team: {}\n  env: {values: {prod: {aliases: [production]}, §dev: {}}}\nplaceholders: [DEV]\n",
        ['value "dev" of "env" is listed as a placeholder too'],
    ),
    "unknown policy": (
        KEYS + "unknown: §off\n",
        ["the dictionary, unknown: expected one of ignore, warn, fail, found the boolean off"],
    ),
    "remove without extends": (
        KEYS + "remove: §[keys.owner]\n",
        ["remove: this dictionary extends no other"],
    ),
    "merge keys": (
        "§x: &x {format: email}\nkeys:\n  a:\n    §<<: *x\n",
        ['the dictionary: unknown field "x"', 'key "a": YAML merge keys (<<) are not supported'],
    ),
    "explicit YAML tag": (
        "keys:\n  a: §!!python/name:os.system x\n",
        ['the YAML tag "tag:yaml.org,2002:python/name:os.system" is not allowed'],
    ),
}


@pytest.mark.parametrize("case", MUST_REFUSE)
def test_mistake_is_found_at_its_place(case, mistakes):
    """Exactly these mistakes are reported, at these places."""
    marked, messages = MUST_REFUSE[case]
    parts = marked.split("§")
    before = ["".join(parts[: count + 1]) for count in range(len(parts) - 1)] or [None]
    places = [
        f"{text.count(chr(10)) + 1}:{len(text) - text.rfind(chr(10))}" if text is not None else "-2:1"
        for text in before
    ]
    assert mistakes("".join(parts)) == [f"{place} {message}" for place, message in zip(places, messages, strict=True)]


@pytest.mark.parametrize("case", MUST_REFUSE)
def test_every_mistake_has_a_fix(case, write):
    """No error leaves its reader without the next step."""
    write("d.yaml", MUST_REFUSE[case][0].replace("§", ""), head=True)
    assert [error.message for error in validate("d.yaml") if not error.hint] == []


MUST_ACCEPT = {
    "null for an open key": "keys:\n  a:\n",
    "null for a plain value": "keys:\n  a:\n    values:\n      x:\n      y:\n",
    "quoted look-alikes": "keys:\n  a: {values: ['yes', 'on', '1.10', '2027-01-01', 'null', '~']}\n",
    "unquoted day where a day is expected": "keys:\n  a: {values: {x: {status: deprecated, until: 2027-01-01}}}\n",
    "quoted day": "keys:\n  a: {values: {x: {status: deprecated, until: '2027-01-01'}}}\n",
    "one text for a list": KEYS + "requirements:\n  - {id: r, for: gpu, require: owner, when: {env: prod}}\n",
    "an alias within bounds": "keys:\n  a: {examples: &e [x]}\n  b: {examples: *e}\n",
    "joiners and accents in prose": "keys:\n  a: {title: 'Équipe', description: \"\\u0645\\u200c\\u0647\\nsecond line\"}\n",
    "pattern beside a list": "keys:\n  a: {pattern: 'c[0-9]', values: [c1, c2]}\n",
    "flat exclusive": KEYS + "requirements:\n  - {id: r, for: all, exclusive: [owner, team]}\n",
    "keys with dots and slashes": (
        "keys:\n  a.b/c: {values: {x: {d.e: [y]}}}\n  d.e: {values: [y]}\n"
        "requirements:\n  - {id: r, for: all, match: {d.e: a.b/c.d.e}}\n"
    ),
}


@pytest.mark.parametrize("case", MUST_ACCEPT)
def test_must_not_be_refused(case, mistakes):
    """What is written like this is fine."""
    assert mistakes(MUST_ACCEPT[case]) == []


def test_load_raises_the_first_and_relates_the_others(write):
    """One error is raised; the others, in file order, are its `related`, and its text shows them all."""
    write("d.yaml", "keys:\n  a: {patern: x}\n  b: {patern: x}\n", head=True)
    with pytest.raises(DictionaryError) as caught:
        load("d.yaml")
    assert caught.value.message == 'key "a": unknown field "patern"'
    assert [error.message for error in caught.value.related] == ['key "b": unknown field "patern"']
    assert str(caught.value).splitlines()[0] == 'd.yaml:5:7: key "a": unknown field "patern"'
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("patern: x", "pattern"),
        ("regex: x", "pattern"),
        ("value: [x]", "values"),
        ("allowed_values: [x]", "values"),
        ("values-from: x.csv", "values_from"),
        ("Title: x", "title"),
    ],
)
def test_unknown_fields_get_did_you_mean(wrong, meant, write):
    """A near miss, another case or the word of another tool is led to the right field."""
    write("d.yaml", f"keys:\n  a: {{{wrong}}}\n", head=True)
    assert [error.hint.split("? ")[0] for error in validate("d.yaml")] == [f'did you mean "{meant}"']


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("", ["1:1 the dictionary: the field name is missing", "1:1 the dictionary: the field schema is missing", "1:1 the dictionary: the field version is missing"]),
        ("schema: 2\nname: a\nversion: 1.0.0\n", ["1:9 schema: expected 1, found the number 2"]),
        ("schema: '1'\nname: a\nversion: 1.0.0\n", ['1:9 schema: expected 1, found the text "1"']),
        ("schema: 1\nname: a b\nversion: 1.0.0\n", ['2:7 name: "a b" is not a name']),
        ("schema: 1\nname: a\nversion: 1.10\n", ["3:10 version: expected text, found the number 1.10"]),
        ("schema: 1\nname: a\nversion: v1.0.0\n", ['3:10 version: "v1.0.0" is not a semantic version']),
        ("schema: 1\nname: a\nversion: 1.0.0-01\n", ['3:10 version: "1.0.0-01" is not a semantic version']),
        ("schema: 1\nname: a\nversion: 1.0.0-rc.1+build.5\n", []),
    ],
)  # fmt: skip
def test_head(head, expected, write):
    """The four obligatory fields are there and well formed."""
    write("d.yaml", head + "keys: {a: {}}\n")
    found = [f"{error.location.line}:{error.location.column} {error.message}" for error in validate("d.yaml")]
    assert found == expected


def test_many_mistakes_are_bounded(write):
    """Thousands of mistakes are counted rather than all shown, and do not take minutes of did-you-mean."""
    write(
        "d.yaml", "keys:\n  a:\n    values:\n" + "".join(f"      v{n}: {{titel: x}}\n" for n in range(5000)), head=True
    )
    errors = validate("d.yaml")
    assert len(errors) == 501
    assert errors[-1].message == "and 4500 more mistakes, not shown"
