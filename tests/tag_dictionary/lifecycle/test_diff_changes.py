"""What each edit of a dictionary is called, what it does, and which version it demands."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

from tagwright_dictionary.dictionary import Dictionary, Key, Requirement, Selector, Value
from tagwright_dictionary.lifecycle.diff import diff

TODAY = date(2026, 11, 1)
T, L = ("tightened",), ("loosened",)
BOTH = ("tightened", "loosened")

# (the edit, then path, kind, effects, bump of every change)
EDITS = [
    # keys
    ([("  model: {}", "  model: {}\n  extra: {}")], [("keys.extra", "added", (), "minor")]),
    ([("  model: {}\n", "")], [("keys.model", "removed", L, "major")]),
    ([("[0-9]{4}", "4[0-9]{3,4}")], [("keys.cost-center.pattern", "changed", BOTH, "major")]),
    ([("{4}", "{3,4}")], [("keys.cost-center.pattern", "changed", L, "minor")]),
    ([("[0-9]{4}", "[0-9][0-9]{3}")], [("keys.cost-center.pattern", "changed", (), "minor")]),  # the same language
    ([("model: {}", "model: {format: slug}")], [("keys.model.format", "changed", T, "major")]),
    ([("[acme.example]", "[acme.example, b.example]")], [("keys.owner.domains", "changed", L, "minor")]),
    ([(", domains: [acme.example]", "")], [("keys.owner.domains", "changed", L, "minor")]),
    ([("approvers: [finance]", "approvers: [cfo]")], [("keys.cost-center.approvers", "changed", (), "minor")]),
    ([("model: {}", "model: {title: The model}")], [("keys.model.title", "reworded", (), "patch")]),
    ([("model: {}", "model: {values: [a, b]}")], [("keys.model.values", "changed", T, "major")]),
    # values
    ([("search: {cost", "lab: {}\n      search: {cost")], [("keys.team.values.lab", "added", L, "minor")]),
    (
        [("      vision: {title: Computer vision, aliases: [cv], cost-center: [cc-4100, cc-4110]}\n", "")],
        [("keys.team.values.vision", "removed", T, "major")],
    ),
    (
        [("vision: {title: Computer vision, aliases: [cv]", "sight: {title: Computer vision, aliases: [cv, vision]")],
        [("keys.team.values.vision", "renamed", BOTH, "major")],
    ),
    ([("aliases: [cv]", "aliases: [cv, see]")], [("keys.team.values.vision.aliases", "changed", (), "minor")]),
    ([("title: Computer vision", "title: Vision")], [("keys.team.values.vision.title", "reworded", (), "patch")]),
    (
        [("search: {", "search: {owner: s@acme.example, ")],
        [("keys.team.values.search.owner", "changed", (), "minor")],
    ),
    (
        [("[cc-4100, cc-4110]", "[cc-4100]")],
        [("keys.team.values.vision.cost-center", "changed", T, "major")],
    ),
    (
        [("[cc-4100, cc-4110]", "[cc-4100, cc-4110, cc-4120]")],
        [("keys.team.values.vision.cost-center", "changed", L, "minor")],
    ),
    # on its way out: nobody who complies fails today
    (
        [("vision: {", "vision: {status: deprecated, until: 2027-06-30, ")],
        [("keys.team.values.vision.status", "changed", (), "minor")],
    ),
    (
        [("vision: {", "vision: {status: deprecated, until: 2026-10-31, ")],
        [("keys.team.values.vision.status", "changed", T, "major")],
    ),
    ([("until: 2027-01-31, ", "")], [("keys.team.values.batch.status", "changed", (), "minor")]),
    # requirements
    (
        [("require: [owner, team]", "require: [owner, team, model]")],
        [("requirements.accountable.require.model", "changed", T, "major")],
    ),
    (
        [("require: [owner, team]", "require: [owner]")],
        [("requirements.accountable.require.team", "changed", L, "minor")],
    ),
    ([("[gpu, bucket]", "[gpu, bucket, function]")], [("requirements.accountable.for", "changed", T, "major")]),
    ([("[gpu, bucket]", "[gpu]")], [("requirements.accountable.for", "changed", L, "minor")]),
    ([("[gpu, bucket]", "[bucket, gpu]")], []),  # the same set
    (
        [("require: [owner, team]}", "require: [owner, team], when: {team: vision}}")],
        [("requirements.accountable.when", "changed", L, "minor")],
    ),
    (
        [("require: [owner, team]}", "require: [owner, team], severity: warning}")],
        [("requirements.accountable.severity", "changed", L, "minor")],
    ),
    (
        [("require: [owner, team]}", "require: [owner, team], reach: info}")],
        [("requirements.accountable.reach", "changed", L, "minor")],
    ),
    (
        [("  - {id: belongs, for: all, match: {cost-center: team.cost-center}}\n", "")],
        [("requirements.belongs", "removed", L, "minor")],
    ),
    (
        [("requirements:\n", "requirements:\n  - {id: more, for: [gpu], require: [model]}\n")],
        [("requirements.more", "added", T, "major")],
    ),
    (
        [("requirements:\n", "requirements:\n  - {id: more, for: [gpu], require: [team]}\n")],
        [("requirements.more", "added", (), "minor")],  # required already
    ),
    (
        [("requirements:\n", "requirements:\n  - {id: more, for: all, require: [model], from: 2027-01-01}\n")],
        [("requirements.more", "added", (), "minor")],  # a warning until then
    ),
    # the rest
    (
        [("version: 1.2.0", "version: 1.2.0\nproviders: {azure: {keys: {team: squad}}}")],
        [("providers.azure.keys.team", "changed", BOTH, "major")],  # it is required
    ),
    ([("version: 1.2.0", "version: 1.2.0\nunknown: fail")], [("unknown", "changed", (), "major")]),
    ([("version: 1.2.0", "version: 1.2.0\nunknown: ignore")], [("unknown", "changed", (), "minor")]),
    ([("version: 1.2.0", "version: 1.2.0\ncontacts: [a@acme.example]")], [("contacts", "reworded", (), "patch")]),
    ([("version: 1.2.0", "version: 1.2.0\nplaceholders: [soon]")], [("placeholders", "changed", T, "major")]),
    (
        [("version: 1.2.0", "version: 1.2.0\nproviders: {gcp: {keys: {cost-center: cost_center}}}")],
        [("providers.gcp.keys.cost-center", "changed", L, "minor")],
    ),
    (
        [("version: 1.2.0", "version: 1.2.0\nservice_levels: [{for: all, remediate_within: 14d}]")],
        [("service_levels.1", "added", (), "minor")],
    ),
    ([("version: 1.2.0", "version: 9.9.9")], []),
]


@pytest.mark.parametrize(("edits", "expected"), EDITS, ids=[each[1][0][0] if each[1] else "none" for each in EDITS])
def test_edit(acme, edits, expected):
    """All changes of one edit: nothing more, nothing less."""
    found = diff(acme(), acme(*edits), TODAY)
    got = [(each.path, each.kind.value, tuple(map(str, each.effects)), each.bump.word) for each in found.changes]
    assert got == expected


def test_key_renamed():
    """A key that judges alike under another name is renamed; who had to carry it breaks."""
    old = Dictionary("d", "1.0.0", (Key("cost-center", pattern="cc-[0-9]{4}"),))
    new = Dictionary("d", "1.0.0", (Key("CostCenter", pattern="cc-[0-9]{4}"),))
    changes = diff(old, new, TODAY).changes
    assert [(each.path, each.kind.value, each.after, each.bump.word) for each in changes] == [
        ("keys.cost-center", "renamed", "CostCenter", "minor")
    ]
    must = Requirement("r", Selector(everything=True), require=("cost-center",))
    needed = replace(old, requirements=(must,)), replace(new, requirements=(replace(must, require=("CostCenter",)),))
    assert {each.path for each in diff(*needed, TODAY).tightened} == {"requirements.r.require.CostCenter"}


def test_exemptions(write):
    """Taking one away while it is in force breaks whoever relies on it; a later end does not."""
    from tagwright_dictionary.loading import load

    text = """\
        schema: 1
        name: d
        version: 1.0.0
        keys: {owner: {}}
        exemptions:
          - {id: a, reason: r, approver: b@acme.example, until: UNTIL, addresses: ["x.*"]}
        """
    old = load(write("a.yaml", text.replace("UNTIL", "2026-12-31")), cache=False)
    later = load(write("b.yaml", text.replace("UNTIL", "2027-12-31")), cache=False)
    ended = load(write("c.yaml", text.replace("UNTIL", "2026-10-31")), cache=False)
    none = replace(old, exemptions=())

    def told(one, other):
        return [(each.path, each.kind.value, each.bump.word) for each in diff(one, other, TODAY).changes]

    assert told(old, none) == [("exemptions.a", "removed", "major")]
    assert told(ended, none) == [("exemptions.a", "removed", "patch")]
    assert told(none, old) == [("exemptions.a", "added", "minor")]
    assert told(old, later) == [("exemptions.a.until", "changed", "minor")]
    assert told(old, ended) == [("exemptions.a.until", "changed", "major")]


def test_the_example_names_tags_that_pass_and_fail(acme):
    """The witness is complete: every tag that the old dictionary wants is in it."""
    found = diff(acme(), acme(("require: [owner, team]", "require: [owner, team, model]")), TODAY)
    witness = found.tightened[0].tightens
    assert witness is not None
    assert dict(witness.tags).keys() == {"owner", "team"}
    assert witness.rule == "missing-tag"
    assert str(witness).startswith("a bucket resource with ") or str(witness).startswith("a gpu resource with ")


def test_large_lists_stay_fast():
    """50,000 values, one tenth of them changed: seconds, not minutes."""
    values = tuple(Value(f"cc-{number:05d}", title=f"Center {number}") for number in range(50_000))
    must = Requirement("r", Selector(everything=True), require=("cost-center",))
    old = Dictionary("d", "1.0.0", (Key("cost-center", values=values),), (must,))
    new = replace(old, keys=(Key("cost-center", values=values[2_500:] + tuple(map(_more, range(2_500)))),), _index={})
    start = time.perf_counter()
    found = diff(old, new, TODAY)
    assert time.perf_counter() - start < 20
    assert len(found.changes) == 5_000
    assert len(found.tightened) == len(found.loosened) == 2_500


def _more(number):
    return Value(f"dd-{number:05d}")
