"""Laws over random worlds: what is said about bills and ways, against a count by hand."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.drift_scanner.reach.worlds import World, disk, group, machine, node_group

from tagwright_dictionary.model import Unknown
from tagwright_drift.reach import broken_hop, chain_fix, chain_words
from tagwright_drift.reach.bills import group_bills, machine_bills, template_bills
from tagwright_drift.reach.chains import disk_chain, machine_chain
from tagwright_drift.reach.facts import TemplateRef
from tagwright_drift.reach.tagsets import live

KEYS = ("owner", "team", "x\n")
TAGS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["a", "b"]), max_size=3)
LISTINGS = (
    "machines",
    "disks",
    "groups",
    "node_groups",
    "environments",
    "fleets",
    "spot_fleets",
    "templates",
    "clusters",
)
EKS = "eks-ng-640012bd-4e90-3f19-9dd2-c09a23dc923d"


NOTHING = st.just(())


@st.composite
def worlds(draw, denied=NOTHING):
    """One group, its template in two versions, its instances; perhaps it is a node group's."""
    name = draw(st.sampled_from(["g", EKS]))
    count = draw(st.integers(0, 4))
    machines = [
        machine(
            each, draw(TAGS), group=name, template="lt-1", version=draw(st.integers(1, 3)), aws__eks__cluster_name="c"
        )
        for each in range(count)
    ]
    disks = [disk(each, draw(TAGS)) for each in range(count) if draw(st.integers(0, 5))]
    templates = {"lt-1": (draw(TAGS), {number: (draw(TAGS), draw(TAGS)) for number in (1, 2)})}
    template = draw(st.sampled_from([None, TemplateRef("lt-1", version="1")]))
    nodes = [node_group("ng", draw(TAGS), template, (name,))] if name == EKS else []
    propagated = draw(TAGS)
    kept = {key: value for key, value in draw(TAGS).items() if key not in propagated}
    return World(machines, disks, [group(name, propagated, kept)], nodes, templates=templates, denied=draw(denied))


def by_hand(sets, key):
    """The one value that all carry; None when none does; Unknown when they are split."""
    values = [tags.get(key) for tags in sets]
    if all(value is None for value in values):
        return None
    return values[0] if len(set(values)) == 1 else Unknown


@given(worlds())
def test_bills_of_a_group_are_what_a_count_says(world):
    joined = world.joined()
    (carrier,) = joined.facts.groups.rows
    bills = {bill.what: bill.tags for bill in group_bills(joined, carrier)}
    if not world.machines:
        assert set(bills) == {"instances it will launch", "volumes it will launch"}
        return
    listed = {each.id: dict(each.tags) for each in world.disks}
    wanted = [attached.disk for each in world.machines for attached in each.disks]
    for key in KEYS:
        tag = bills["instances"].get(key)
        found = None if tag is None else tag.value if isinstance(tag.value, str) else Unknown
        assert found == by_hand([dict(each.tags) for each in world.machines], key)
    assert bills["instances"].complete
    assert bills["volumes"].complete == all(each in listed for each in wanted)
    for tag in bills["volumes"].items:
        if isinstance(tag.value, str):
            assert {listed[each][tag.key] for each in wanted} == {tag.value}


@given(worlds())
def test_a_way_is_broken_exactly_when_its_end_lacks_the_key(world):
    joined = world.joined()
    chains = [machine_chain(joined, each) for each in joined.facts.machines.rows]
    chains += [disk_chain(joined, each) for each in joined.facts.disks.rows]
    ends = [*joined.facts.machines.rows, *joined.facts.disks.rows]
    for chain, end in zip(chains, ends, strict=True):
        assert chain[-1].id == end.id
        for key in KEYS:
            words = chain_words(chain, key)
            assert (words == "") == (key in dict(end.tags)) == (chain_fix(chain, key) == "")
            assert words.isprintable() or not words
            stop = broken_hop(chain, key)
            if stop is not None:
                assert key in stop.carries
                assert words.startswith(stop.what)
                assert stop.passes or stop.why


@given(worlds(st.lists(st.sampled_from(LISTINGS), max_size=4).map(tuple)))
@settings(max_examples=200)
def test_what_was_denied_makes_nothing_definite_that_is_not_so(world):
    """Every bill that is complete although listings were refused is the bill without refusals."""
    joined = world.joined()
    world.denied = ()
    whole = world.joined()

    def told(at):
        for carrier in at.facts.groups.rows:
            yield carrier.name, group_bills(at, carrier)
        for carrier in at.facts.templates.rows:
            yield carrier.id, template_bills(at, carrier)
        for one in at.facts.machines.rows:
            yield one.id, machine_bills(at, one, live(one.tags))

    truth = {name: [bill.tags for bill in bills] for name, bills in told(whole)}
    for name, bills in told(joined):
        for bill in bills:
            if bill.tags.complete:
                assert bill.tags in truth[name]


@given(worlds(), st.randoms())
def test_the_order_of_listings_changes_nothing(world, random):
    first = world.joined()
    before = {each.id: machine_chain(first, each) for each in first.facts.machines.rows}
    bills = group_bills(first, world.groups[0])
    random.shuffle(world.machines)
    random.shuffle(world.disks)
    other = world.joined()
    assert before == {each.id: machine_chain(other, each) for each in other.facts.machines.rows}
    assert [(bill.what, bill.tags.keys(), bill.broken_hop) for bill in bills] == [
        (bill.what, bill.tags.keys(), bill.broken_hop) for bill in group_bills(other, world.groups[0])
    ]
