"""`extends`: a later layer tightens; what it loosens it must declare, each change with a reason."""
# ruff: noqa: E501 - tables read better unbroken

from __future__ import annotations

import hashlib

import pytest

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.loading import load, validate

BASE = """
schema: 1
name: base
version: 1.2.0
contacts: [finops]
keys:
  owner: {format: email, domains: [acme.example, corp.example], approvers: [finops]}
  team:
    values:
      vision: {title: Vision, aliases: [cv], cost-center: [cc-1, cc-2]}
      search: {title: Search, cost-center: [cc-3]}
      old: {status: deprecated, until: 2027-01-31}
  cost-center: {pattern: "cc-[0-9]"}
  note: {}
requirements:
  - {id: must, for: [gpu, bucket], types: [aws_x], require: [owner, team], when: {team: [vision, search]}}
  - {id: should, for: all, require: cost-center, severity: warning, from: 2027-01-01, reach: warning}
  - {id: cross, for: all, match: {cost-center: team.cost-center}, exclusive: [[note, owner]]}
unknown: warn
placeholders: [xyz]
providers: {gcp: {keys: {cost-center: cost_center}}}
service_levels:
  - {for: gpu, remediate_within: 48h}
  - {for: all, remediate_within: 14d}
targets: {spend_compliance: {green: 95, yellow: 85}}
"""
HEAD = "schema: 1\nname: unit\nversion: 0.1.0\nextends: base.yaml\n"

# change in the layer -> the loosening it must declare
LOOSENS = {
    "requirement gone": ("remove: [requirements.must]", "requirements.must"),
    "key gone": ("remove: [keys.note, requirements.cross]", "keys.note"),
    "required key gone": ("remove: [requirements.must.require.team]", "requirements.must.require.team"),
    "required keys rewritten": ("requirements: [{id: must, require: [owner, note]}]", "requirements.must.require.team"),
    "fewer classes": ("requirements: [{id: must, for: gpu, types: aws_x}]", "requirements.must.for"),
    "fewer types": ("requirements: [{id: must, for: [gpu, bucket]}]", "requirements.must.for"),
    "all no longer": ("requirements: [{id: should, for: [gpu]}]", "requirements.should.for"),
    "a new condition": ("requirements: [{id: should, when: {team: vision}}]", "requirements.should.when"),
    "a narrower condition": ("requirements: [{id: must, when: {team: vision}}]", "requirements.must.when"),
    "lower severity": ("requirements: [{id: must, severity: warning}]", "requirements.must.severity"),
    "a later day": ("requirements: [{id: should, from: 2027-06-01}]", "requirements.should.from"),
    "never": ("remove: [requirements.should.from]", "requirements.should.from"),
    "lower reach": ("requirements: [{id: should, reach: info}]", "requirements.should.reach"),
    "match gone": ("remove: [requirements.cross.match]", "requirements.cross.match"),
    "exclusive gone": ("remove: [requirements.cross.exclusive]", "requirements.cross.exclusive"),
    "pattern gone": ("remove: [keys.cost-center.pattern]", "keys.cost-center.pattern"),
    "another pattern": ("keys: {cost-center: {pattern: 'cc-[0-9]+'}}", "keys.cost-center.pattern"),
    "another format": ("keys: {owner: {format: slug}}\nremove: [keys.owner.domains]", "keys.owner.format"),
    "more domains": ("keys: {owner: {domains: [acme.example, evil.example]}}", "keys.owner.domains"),
    "domains gone": ("remove: [keys.owner.domains]", "keys.owner.domains"),
    "other approvers": ("keys: {owner: {approvers: [me]}}", "keys.owner.approvers"),
    "list opened": ("remove: [keys.team.values, requirements.cross]", "keys.team.values"),
    "value added": ("keys: {team: {add_values: [ads]}}", "keys.team.values.ads"),
    "list with another value": ("keys: {team: {values: [vision, search, ads]}}", "keys.team.values.ads"),
    "value revived": ("keys: {team: {add_values: {old: {status: active, until: }}}}", None),
    "value lives longer": ("keys: {team: {add_values: {old: {until: 2028-01-31}}}}", "keys.team.values.old.until"),
    "more cost centers": (
        "keys: {team: {add_values: {search: {cost-center: [cc-3, cc-4]}}}}",
        "keys.team.values.search.cost-center",
    ),
    "unknown ignored": ("unknown: ignore", "unknown"),
    "longer service level": ("service_levels: [{for: gpu, remediate_within: 72h}]", "service_levels.1"),
    "lower target": ("targets: {spend_compliance: {green: 90, yellow: 85}}", "targets.spend_compliance"),
    "lower yellow": ("targets: {spend_compliance: {green: 95, yellow: 80}}", "targets.spend_compliance"),
    "a lax level in front": ("service_levels: [{for: [gpu, queue], remediate_within: 72h}]", "service_levels.1"),
}
# Removing both is two loosenings; these cases need the second one declared as well.
ALSO = {
    "key gone": ["requirements.cross"],
    "list opened": ["requirements.cross"],
    "another format": ["keys.owner.domains"],
}


@pytest.fixture
def layer(write):
    """layer(text): writes base.yaml and d.yaml, which extends it."""

    def writer(text: str) -> None:
        write("base.yaml", BASE)
        write("d.yaml", HEAD + text + "\n")

    return writer


def loosens(*paths: str) -> str:
    return "\nloosens:\n" + "".join(f"  - {{change: {path}, reason: agreed with finance}}\n" for path in paths)


@pytest.mark.parametrize("case", [case for case, (_, path) in LOOSENS.items() if path])
def test_loosening_must_be_declared(case, layer):
    """Undeclared it is refused, by name and with the line to write; declared it is accepted."""
    text, path = LOOSENS[case]
    layer(text)
    errors = validate("d.yaml")
    assert sorted(error.message.split(": ")[0] for error in errors) == sorted([path, *ALSO.get(case, [])])
    assert all("loosens: [{change: " in error.hint for error in errors)
    layer(text + loosens(path, *ALSO.get(case, [])))
    assert validate("d.yaml") == ()


def test_one_declaration_covers_added_values(layer):
    """`keys.team.values` stands for every value added to that list, and for nothing else."""
    layer("keys: {team: {add_values: [ads, maps]}}" + loosens("keys.team.values"))
    assert validate("d.yaml") == ()
    layer("keys: {team: {add_values: [ads]}, owner: {approvers: [me]}}" + loosens("keys.team.values"))
    assert [error.message.split(": ")[0] for error in validate("d.yaml")] == ["keys.owner.approvers"]


TIGHTENS = {
    "nothing": "",
    "new key": "keys: {stage: {values: [a]}}",
    "new requirement": "requirements: [{id: more, for: all, require: note}]",
    "one more required key": "requirements: [{id: must, require: [owner, team, note]}]",
    "more classes": "requirements: [{id: must, for: all}]",
    "condition gone": "remove: [requirements.must.when]",
    "wider condition": "requirements: [{id: must, when: {team: [vision, search, old]}}]",
    "higher severity": "requirements: [{id: should, severity: error}]\nremove: [requirements.should.from]",
    "an earlier day": "requirements: [{id: should, from: 2026-06-01}]",
    "higher reach": "remove: [requirements.must.when]\nrequirements: [{id: should, reach: error}]",
    "narrower list": "keys: {team: {values: [vision, search]}}",
    "value removed": "remove: [keys.team.values.old]",
    "value deprecated": "keys: {team: {add_values: {search: {status: deprecated}}}}",
    "value ends sooner": "keys: {team: {add_values: {old: {until: 2026-12-31}}}}",
    "fewer cost centers": "keys: {team: {add_values: {vision: {cost-center: cc-1}}}}",
    "open key closed": "keys: {note: {values: [a, b]}}",
    "open key with a pattern": "keys: {note: {pattern: '[a-z]+'}}",
    "fewer domains": "keys: {owner: {domains: [acme.example]}}",
    "words only": "keys: {owner: {title: Chef, description: x, examples: [a@acme.example]}}",
    "undecided fails": "unknown: fail",
    "more placeholders": "placeholders: [abc]",
    "shorter service level": "service_levels: [{for: gpu, remediate_within: 4h}, {for: bucket, remediate_within: 3d}]",
    "higher target": "targets: {spend_compliance: {green: 98, yellow: 90}}",
    "a further target": "targets: {count_compliance: {green: 5, yellow: 1}}",
    "bigger exclusive group": "requirements: [{id: cross, exclusive: [[note, owner, team]]}]",
}


@pytest.mark.parametrize("case", TIGHTENS)
def test_tightening_needs_no_declaration(case, layer):
    """What only asks for more is accepted as it is."""
    layer(TIGHTENS[case])
    assert [str(error) for error in validate("d.yaml")] == []


def key_values(dictionary: Dictionary, name: str) -> list[str]:
    key = dictionary.key(name)
    assert key is not None
    return [value.value for value in key.values or ()]


def test_what_comes_out(layer):
    """Fields not mentioned are inherited, those mentioned replaced, values keep their details; layers are named."""
    layer(
        "keys:\n  team: {values: [search, vision]}\n  owner: {title: Chef}\n"
        "requirements: [{id: must, require: [owner, team, note]}]\nplaceholders: [abc]\nproviders: {gcp: {keys: {note: n}}}\n"
        "service_levels: [{for: gpu, remediate_within: 4h}]"
    )
    result = load("d.yaml")
    owner, team = result.key("owner"), result.key("team")
    assert owner is not None
    assert team is not None
    assert (result.name, result.version, result.contacts, result.layers) == (
        "unit",
        "0.1.0",
        ("finops",),
        ("base 1.2.0",),
    )
    assert (owner.title, owner.format, str(owner.location)) == ("Chef", "email", "d.yaml:7:3")
    assert [(v.value, v.title, v.aliases, v.relations) for v in team.values or ()] == [
        ("search", "Search", (), (("cost-center", ("cc-3",)),)),
        ("vision", "Vision", ("cv",), (("cost-center", ("cc-1", "cc-2")),)),
    ]
    assert [requirement.id for requirement in result.requirements] == ["must", "should", "cross"]
    assert result.requirements[0].selector.classes == ("gpu", "bucket")
    assert result.placeholders == ("xyz", "abc")
    assert result.providers[0].keys == (("cost-center", "cost_center"), ("note", "n"))
    assert [level.remediate_within_hours for level in result.service_levels] == [4.0, 336.0]


def test_the_same_without_layers(layer, write):
    """A layer that says nothing but its name has the base's content."""
    layer("")
    write("flat.yaml", BASE.replace("name: base", "name: unit").replace("1.2.0", "0.1.0"))
    assert load("d.yaml").digest == load("flat.yaml").digest


MISTAKES = {
    "nothing to loosen": (loosens("unknown"), ['7:5 loosens: "unknown" is not loosened by this file']),
    "no reason": ("unknown: ignore\nloosens: [{change: unknown}]", ["6:11 loosens, entry 1: no reason"]),
    "empty reason": ("unknown: ignore\nloosens: [{change: unknown, reason: ''}]", ["6:11 loosens, entry 1: no reason"]),
    "removes what is not there": ("remove: [keys.ownr]", ['5:10 remove: there is no "keys.ownr" in what is extended']),
    "add_values to an open key": ("keys: {note: {add_values: [x]}}", ['5:8 key "note": add_values, but it takes any value']),
    "add_values to a new key": ("keys: {noot: {add_values: [x]}}", ['5:8 key "noot": add_values, but nothing that is extended has such a key']),
    "both lists": ("keys: {team: {values: [vision, search, old], add_values: [x]}}", ['5:58 key "team": both a new list of values and add_values']),
    "the base needs what is removed": (
        "remove: [keys.note]" + loosens("keys.note"),
        ['requirement "cross", exclusive: the dictionary has no key "note"'],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_of_a_layer(case, layer):
    """Found at their place in the layer."""
    text, expected = MISTAKES[case]
    layer(text)
    found = [f"{e.location.line}:{e.location.column} {e.message}" for e in validate("d.yaml")]
    assert [line if expected[0][0].isdigit() else line.split(" ", 1)[1] for line in found] == expected


def test_errors_of_the_base_are_shown_with_those_of_the_layer(write):
    """Both files are read in one pass."""
    write("base.yaml", "keys: {a: {patern: x}}\n", head=True)
    write("d.yaml", HEAD + "keys: {b: {patern: x}}\n")
    assert [f"{error.location} {error.message}" for error in validate("d.yaml")] == [
        'base.yaml:4:12 key "a": unknown field "patern"',
        'd.yaml:5:12 key "b": unknown field "patern"',
    ]


def test_circles_and_towers(write):
    """A dictionary that extends itself, at any distance, and a chain without end are refused."""
    write("d.yaml", HEAD.replace("base", "d"))
    assert [error.message for error in validate("d.yaml")] == ["d.yaml extends this dictionary in turn"]
    write("a.yaml", HEAD.replace("base", "b"))
    write("b.yaml", HEAD.replace("base", "a"))
    assert [error.message for error in validate("a.yaml")] == ["a.yaml extends this dictionary in turn"]
    for number in range(12):
        write(f"t{number}.yaml", HEAD.replace("base", f"t{number + 1}"))
    assert [error.message for error in validate("t0.yaml")] == ["more than 8 dictionaries extend each other"]


def test_a_base_in_another_folder(write):
    """A base may lie anywhere on the machine; its CSV files must lie beside it."""
    write("org/base.yaml", "keys: {a: {values_from: v.csv}}\n", head=True)
    write("org/v.csv", "value\nx\n")
    write("unit/deep/d.yaml", HEAD.replace("base.yaml", "../../org/base.yaml"))
    assert key_values(load("unit/deep/d.yaml"), "a") == ["x"]


def test_a_pinned_local_base(write):
    """`#sha256=` pins a file as well: a base that has changed is refused."""
    path = write("base.yaml", "keys: {a: {}}\n", head=True)
    pin = hashlib.sha256(path.read_bytes()).hexdigest()
    write("d.yaml", HEAD.replace("base.yaml", f"base.yaml#sha256={pin}"))
    assert validate("d.yaml") == ()
    write("base.yaml", "keys: {b: {}}\n", head=True)
    assert [error.hint for error in validate("d.yaml")] == ["check the change, then update the digest"]
