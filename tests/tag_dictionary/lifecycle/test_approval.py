"""What a change of the dictionary needs before it may be merged."""

from __future__ import annotations

from datetime import date

import pytest

from tagwright_dictionary.lifecycle.approval import Evidence, check_approval
from tagwright_dictionary.lifecycle.authorship import Author, Authorship
from tagwright_dictionary.lifecycle.changes import Change, Kind
from tagwright_dictionary.lifecycle.diff import diff
from tagwright_dictionary.lifecycle.reviews import NO_TEAMS, Voices, parse_teams
from tagwright_dictionary.lifecycle.usage import Use, used
from tagwright_dictionary.lifecycle.versions import Bump
from tagwright_dictionary.model import Location, Resource, Tag, Tags, Unknown

TODAY = date(2026, 11, 1)
TEAMS = parse_teams("finops @alice\nfinance @carol @dave\n", "teams")
ADDED = ("search: {cost", "lab: {cost-center: cc-4300}\n      search: {cost")
FREE = ("replaced_by: search", "replaced_by: vision")
REMOVED = ("      search: {cost-center: cc-4200}\n", "      look: {}\n")


def _check(old, new, *approved, teams=TEAMS, uses=None, against=(), stale=(), allowed=(), **more):
    said = Voices(frozenset(approved), frozenset(against), frozenset(stale))
    return check_approval(diff(old, new, TODAY), Evidence(said, teams, uses, allowed=allowed, **more))


@pytest.mark.parametrize(
    ("edit", "keys"),
    [
        (ADDED, ["team"]),
        (("{4}", "{4,5}"), ["cost-center"]),
        (("title: Computer vision", "title: Vision"), ["team"]),
        (("require: [owner, team]", "require: [owner, team, model]"), ["", "model"]),  # nobody approves model
        (("  model: {}", "  model: {}\n  extra: {}"), ["", "extra"]),  # a further key is everybody's matter
        (("model: {}", 'model: {approvers: ["@bob"]}'), ["", "model"]),
        (("model: {}", "model: {format: slug}"), ["model"]),
        (("[gpu, bucket]", "[gpu]"), ["owner", "team"]),
        (("match: {cost-center: team.cost-center}", "require: [owner]"), ["owner", "cost-center"]),
        (("version: 1.2.0", "version: 1.3.0"), []),
        (("version: 1.2.0", "version: 1.2.0\nunknown: ignore"), [""]),
    ],
)
def test_whose_sign_off_is_needed(acme, edit, keys):
    """The keys that the change is about; "" is the dictionary as a whole."""
    found = _check(acme(), acme(edit))
    assert [each.key for each in found.sign_offs] == keys


def test_one_approver_is_enough(acme):
    """Of those that the key names, by team or by login."""
    for login in ("alice", "lead"):
        assert _check(acme(), acme(ADDED), login).approved
    for login in ("carol", "finops", "eve", ""):
        found = _check(acme(), acme(ADDED), login)
        assert [each.key for each in found.missing] == ["team"]


def test_who_asks_for_changes_withholds(acme):
    """Also where another approver agreed; a stranger's objection is not ours to weigh."""
    assert not _check(acme(), acme(ADDED), "alice", against=("lead",)).approved
    assert _check(acme(), acme(ADDED), "alice", against=("eve",)).approved


def test_stale_approvals_are_told(acme):
    """They do not count."""
    found = _check(acme(), acme(ADDED), stale=("alice",))
    assert not found.approved
    assert found.sign_offs[0].stale == ("alice",)


def test_nobody_appoints_himself(acme):
    """The approvers before the change decide, also where the change names others."""
    taken = acme(ADDED, ('approvers: [finops, "@lead"]', 'approvers: ["@eve"]'))
    assert not _check(acme(), taken, "eve").approved
    assert _check(acme(), taken, "alice").approved


@pytest.mark.parametrize(
    "edit",
    [("model: {}", 'model: {approvers: ["@bob"]}'), ("  model: {}", '  model: {}\n  extra: {approvers: ["@bob"]}')],
    ids=["a key that had none", "a new key"],
)
def test_first_approvers_are_appointed_and_agree(acme, edit):
    """By an approver that the dictionary has already: else whoever wants a key could hand it to himself."""
    assert not _check(acme(), acme(edit)).approved
    assert not _check(acme(), acme(edit), "bob").approved
    assert not _check(acme(), acme(edit), "carol").approved
    assert _check(acme(), acme(edit), "bob", "carol").approved


def test_a_dictionary_that_nobody_approves(acme):
    """Appoints its first approvers with their own consent: there is nobody else to ask."""
    bare = [(", approvers: [finops]", ""), ('    approvers: [finops, "@lead"]\n', ""), (", approvers: [finance]", "")]
    named = [*bare, ("model: {}", 'model: {approvers: ["@bob"]}')]
    assert not _check(acme(*bare), acme(*named)).approved
    assert _check(acme(*bare), acme(*named), "bob").approved


def test_approvers_are_those_of_the_branch_it_goes_into(acme):
    """Not those of the older commit that the change starts from: who left since does not come back that way."""
    earlier = ('approvers: [finops, "@lead"]', 'approvers: ["@eve"]')
    old, new = acme(earlier), acme(earlier, ADDED)
    assert _check(old, new, "eve").approved
    assert not _check(old, new, "eve", trusted=acme()).approved
    assert _check(old, new, "lead", trusted=acme()).approved


def test_who_wrote_it_does_not_approve_it(acme):
    """Whoever opened the pull request; another approver's word counts."""
    wrote = Authorship(((Author("Alice", "7+Alice@users.noreply.github.com"), frozenset({"keys.team.values.lab"})),))
    found = _check(acme(), acme(ADDED), "alice", authors=wrote)
    assert not found.approved
    assert (found.sign_offs[0].by, found.sign_offs[0].own) == ((), ("alice",))
    assert _check(acme(), acme(ADDED), "alice", "lead", authors=wrote).approved
    other = Authorship(((Author("Alice", "7+Alice@users.noreply.github.com"), frozenset({"keys.owner"})),))
    assert _check(acme(), acme(ADDED), "alice", authors=other).approved


def test_another_file_behind_the_dictionary(acme):
    """A change that the comparison cannot see is the whole dictionary's matter, even where nothing else changed."""
    moved = Change(Kind.CHANGED, "files", "the dictionary is made of other files", Bump.PATCH)
    assert not _check(acme(), acme(), elsewhere=(moved,)).approved
    assert not _check(acme(), acme(), "eve", elsewhere=(moved,)).approved
    assert _check(acme(), acme(), "carol", elsewhere=(moved,)).approved


def test_keys_without_approvers_are_free_and_told(acme):
    """There is nobody to ask; the report says so."""
    found = _check(acme(), acme(("model: {}", "model: {format: slug}")))
    assert found.approved
    assert found.notes == ("nobody has to approve model: these keys name no approvers",)


def test_a_name_that_stands_for_nobody(acme):
    """Cannot sign off: fail closed."""
    found = _check(acme(), acme(("{4}", "{4,5}")), "finance", teams=NO_TEAMS)
    assert not found.approved
    assert found.sign_offs[0].nobody == ("finance",)


def test_the_whole_dictionary_is_everybodys(acme):
    """Any approver of any key."""
    for login in ("alice", "carol", "lead"):
        assert _check(acme(), acme(("version: 1.2.0", "version: 1.2.0\nunknown: ignore")), login).approved


def test_near_duplicates_are_refused(acme):
    """Whoever approved them; unless both are meant."""
    near = ("search: {cost", "Vision: {}\n      search: {cost")
    found = _check(acme(), acme(near), "alice")
    assert [(each.value, each.other) for each in found.near] == [("Vision", "vision")]
    assert not found.approved
    assert _check(acme(), acme(near), "alice", allowed=("Vision",)).approved


def test_values_in_use_do_not_go_without_a_successor(acme):
    """In use: refused with the places. Not in use, or with a successor: fine. Nobody looked: refused."""
    old, new = acme(FREE), acme(FREE, REMOVED)
    in_use = {"team": Use({"search": ["aws_s3_bucket.a (main.tf:1)"]})}
    found = _check(old, new, "alice", uses=in_use)
    assert [str(each) for each in found.in_use] == [
        'team: "search" is removed without a successor, but in use: aws_s3_bucket.a (main.tf:1)'
    ]
    assert not found.approved
    assert _check(old, new, "alice", uses={"team": Use({"vision": ["x"]})}).approved
    unlooked = _check(old, new, "alice", uses=None)
    assert "nobody looked" in str(unlooked.in_use[0])
    renamed = acme(FREE, ("      search: {", "      look: {aliases: [search], "))
    assert _check(old, renamed, "alice", uses=in_use).in_use == ()


def _ending(status):
    return ("      search: {cost-center: cc-4200}\n", f"      search: {{cost-center: cc-4200, {status}}}\n")


def test_a_value_in_use_does_not_end_without_a_successor(acme):
    """Deprecated until yesterday is removed by another name, whoever approves; until a later day it is a note."""
    in_use = {"team": Use({"search": ["aws_s3_bucket.a (main.tf:1)"]})}
    ended = acme(FREE, _ending("status: deprecated, until: 2026-10-31"))
    found = _check(acme(FREE), ended, "alice", uses=in_use)
    assert [str(each) for each in found.in_use] == [
        'team: "search" has ended without a successor, but in use: aws_s3_bucket.a (main.tf:1)'
    ]
    assert not found.approved
    assert "nobody looked" in str(_check(acme(FREE), ended, "alice", uses=None).in_use[0])
    assert _check(acme(FREE), ended, "alice", uses={}).approved
    # It had ended before: this change does nothing to it.
    later = acme(FREE, _ending("status: deprecated, until: 2026-10-31, title: Search"))
    assert _check(ended, later, "alice", uses=in_use).approved
    followed = acme(FREE, _ending("status: deprecated, until: 2026-10-31, replaced_by: vision"))
    assert _check(acme(FREE), followed, "alice", uses=in_use).approved
    coming = _check(acme(FREE), acme(FREE, _ending("status: deprecated, until: 2027-01-31")), "alice", uses=in_use)
    assert coming.approved
    assert coming.notes == (
        'team: "search" ends on 2027-01-31 without a successor, but is in use: aws_s3_bucket.a (main.tf:1)',
    )


def test_unknown_uses_are_told(acme):
    """A value that is not known may be the one."""
    found = _check(acme(FREE), acme(FREE, REMOVED), "alice", uses={"team": Use(unknown=["aws_s3_bucket.a"])})
    assert found.approved
    assert found.notes == ("1 resource may use what is removed of team: the value is not known there",)


def test_a_key_in_use_does_not_go(acme):
    """Removing a key is removing all its values."""
    found = _check(acme(), acme(("  model: {}\n", "")), uses={"model": Use({"m": ["aws_s3_bucket.a"]})})
    assert [(each.key, each.value) for each in found.in_use] == [("model", "")]


def test_used():
    """By the key of the dictionary, however a cloud spells it."""
    from tagwright_dictionary.dictionary import Dictionary, Key, ProviderEncoding, Value

    dictionary = Dictionary(
        "d",
        "1.0.0",
        (Key("cost-center", values=(Value("CC.1"),)),),
        providers=(ProviderEncoding("gcp", (("cost-center", "cost_center"),), values="label"),),
    )
    resources = (
        Resource("a", "aws_s3_bucket", "aws", tags=Tags((Tag("cost-center", "CC.1"),)), location=Location("m.tf", 3)),
        Resource("b", "google_x", "google", tags=Tags((Tag("cost_center", "cc_1"),))),
        Resource("c", "aws_s3_bucket", "aws", tags=Tags((Tag("cost-center", Unknown("var.x has no value")),))),
        Resource("d", "aws_s3_bucket", "aws", tags=Tags((Tag("cost_center", "CC.1"),))),
    )
    assert used(dictionary, resources) == {"cost-center": Use({"CC.1": ["a (m.tf:3)", "b"]}, ["c"])}
