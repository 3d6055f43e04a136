"""What reaches the bill, judged: for every hop what must fire, what must not, and what cannot be told."""

from __future__ import annotations

import pytest
from tests.drift_scanner.reach.worlds import OWNER, World, disk, group, machine, node_group, pairs

from tagwright_dictionary.model import NO_TAGS, Tag, Tags, Unknown
from tagwright_drift.reach.bills import (
    environment_bills,
    fleet_bills,
    group_bills,
    machine_bills,
    node_group_bills,
    template_bills,
)
from tagwright_drift.reach.facts import Environment, Fleet, TemplateRef
from tagwright_drift.reach.services import service_bills
from tagwright_drift.reach.tagsets import live

FIRES = [("unreached", "owner", "definite")]
MAY = "something about owner is undecided, and nothing is definite"
CLEAN: list[tuple[str, str, str]] = []
TEAM = {"team": "vision"}
BOTH = OWNER | TEAM


def agrees(found, expected):
    """Which rule waits for an unknown is the judge's affair: a value that may differ, a tag that may not arrive."""
    if expected is not MAY:
        return found == expected
    return {certainty for _, _, certainty in found} == {"undecided"} and "owner" in {key for _, key, _ in found}


def templated(instances=None, volumes=None, own=None):
    return {"lt-1": (own or {}, {1: (instances or {}, volumes or {})})}


def members(instance=None, volume=None, count=2, group_="g"):
    """Live instances of the group with these tags, each with one volume with those."""
    machines = [machine(each, instance, group=group_, template="lt-1") for each in range(count)]
    return machines, [disk(each, volume) for each in range(count)]


def in_group(instance=None, volume=None, count=2, **world):
    machines, disks = members(instance, volume, count)
    return World(machines, disks, templates=templated(), **world)


G = group(propagated=OWNER)
KEPT = group(kept=OWNER)

GROUPS = [
    # what the live instances and volumes carry decides, not what the group says
    ("instances and volumes carry it", KEPT, in_group(OWNER, OWNER), CLEAN),
    ("instances lack it", G, in_group(TEAM, OWNER), FIRES),
    ("volumes lack it", G, in_group(OWNER, TEAM), FIRES),
    ("an empty value is no value", G, in_group({"owner": ""}, OWNER), FIRES),
    # without instances: what the next one will get
    ("next: propagated, template tags volumes", G, World(templates=templated({}, OWNER)), CLEAN),
    ("next: template tags both", KEPT, World(templates=templated(OWNER, OWNER)), CLEAN),
    ("next: kept", KEPT, World(templates=templated({}, OWNER)), FIRES),
    ("next: nobody tags volumes", G, World(templates=templated()), FIRES),
    ("next: a launch configuration", group(propagated=OWNER, templates=(), configuration="lc"), World(), FIRES),
    # what cannot be told is neither
    ("instances denied", G, in_group(OWNER, OWNER, denied=("machines",)), MAY),
    ("volumes denied", G, in_group(OWNER, OWNER, denied=("disks",)), MAY),
    ("instances denied, group kept", KEPT, in_group(TEAM, TEAM, denied=("machines",)), MAY),
    ("next: template denied", KEPT, World(templates=templated(OWNER, OWNER), denied=("templates",)), MAY),
]


@pytest.mark.parametrize(("carrier", "world", "expected"), [row[1:] for row in GROUPS], ids=[row[0] for row in GROUPS])
def test_group(carrier, world, expected, owned):
    own = {key: value for key, value, _ in carrier.tags}
    assert agrees(owned(own, group_bills(world.joined(), carrier)), expected)


def test_split_members_are_named():
    machines = [machine(1, OWNER, group="g"), machine(2, TEAM, group="g"), machine(3, BOTH, group="g")]
    world = World(machines, [disk(each, OWNER) for each in (1, 2, 3)])
    instances, volumes = group_bills(world.joined(), G)
    hint = "the ones without it have findings of their own"
    assert [(tag.key, tag.value) for tag in instances.tags.items] == [
        ("owner", Unknown("2 of 3 instances carry owner, not i-2", hint)),
        ("team", Unknown("2 of 3 instances carry team, not i-1", hint)),
    ]
    assert instances.tags.complete
    assert volumes.tags == live(pairs(OWNER))


def test_split_is_undecided(owned):
    machines = [machine(1, OWNER, group="g"), machine(2, TEAM, group="g")]
    world = World(machines, [disk(1, OWNER), disk(2, OWNER)])
    assert agrees(owned(OWNER, group_bills(world.joined(), G)), MAY)


def test_volume_that_was_not_listed_is_undecided(owned):
    machines = [machine(1, OWNER, group="g", disks=2)]
    world = World(machines, [disk(1, OWNER)])
    assert agrees(owned(OWNER, group_bills(world.joined(), G)), MAY)


def test_data_volume_of_its_own_is_not_the_groups():
    """A volume that stays when the instance goes was not made by the group."""
    from dataclasses import replace

    base = machine(1, OWNER, group="g", disks=2)
    apart = replace(base, disks=(base.disks[0], replace(base.disks[1], follows=False)))
    world = World([apart], [disk(1, OWNER), disk(1, None, at=1)])
    assert group_bills(world.joined(), G)[1].tags == live(pairs(OWNER))


LT = TemplateRef("lt-1", version="1")


def eks(instance=None, volume=None, *, spec=({}, {}), template=LT, alive=True, **world):
    machines, disks = members(instance, volume, group_="eks-ng-0") if alive else ([], [])
    copy = {"lt-eks": ({}, {1: spec})}
    return node_group(tags=OWNER, template=template), World(
        machines,
        disks,
        groups=[group("eks-ng-0", templates=("lt-eks",))],
        templates={"lt-1": ({}, {1: spec}), **copy},
        **world,
    )


NODE_GROUPS = [
    ("nodes and volumes carry it", eks(OWNER, OWNER), CLEAN),
    ("nodes lack it", eks(TEAM, OWNER), FIRES),
    ("volumes lack it", eks(OWNER, TEAM), FIRES),
    ("none yet, template tags both", eks(spec=(OWNER, OWNER), alive=False), CLEAN),
    ("none yet, template tags nothing", eks(alive=False), FIRES),
    ("none yet, no template of its own", eks(alive=False, template=None), FIRES),
    ("instances denied", eks(denied=("machines",)), MAY),
    ("none yet, groups denied", eks(alive=False, denied=("groups",)), FIRES),  # volumes: the template is enough
    ("none yet, templates denied", eks(alive=False, denied=("templates",)), MAY),
]


@pytest.mark.parametrize(("made", "expected"), [row[1:] for row in NODE_GROUPS], ids=[row[0] for row in NODE_GROUPS])
def test_node_group(made, expected, owned):
    carrier, world = made
    bills = node_group_bills(world.joined(), carrier)
    assert agrees(owned(OWNER, bills, "aws_eks_node_group"), expected)


def test_node_group_without_its_groups_is_not_told_what_instances_get():
    carrier, world = eks(alive=False, denied=("groups",), spec=({}, OWNER))
    instances, volumes = node_group_bills(world.joined(), carrier)
    assert (instances.tags.complete, volumes.tags) == (False, live(pairs(OWNER)))


def fleet(templates=("lt-1",), specifications=(), spot=False):
    refs = tuple(TemplateRef(each, version="1") for each in templates)
    return Fleet("sfr-1" if spot else "fleet-1", spot, None, pairs(OWNER), refs, tuple(map(pairs, specifications)))


def fleet_world(instance=None, volume=None, *, count=1, mark=None, spec=({}, {}), **world):
    mark = mark or {"aws__ec2__fleet_id": "fleet-1"}
    machines = [machine(each, instance, **mark) for each in range(count)]
    return World(machines, [disk(each, volume) for each in range(count)], templates=templated(*spec), **world)


SPOT = {"mark": {"aws__ec2spot__fleet_request_id": "sfr-1"}}
FLEETS = [
    ("carried", fleet(), fleet_world(OWNER, OWNER), CLEAN),
    ("not carried", fleet(), fleet_world(TEAM, TEAM), FIRES),
    ("next: template tags both", fleet(), fleet_world(count=0, spec=(OWNER, OWNER)), CLEAN),
    ("next: template tags nothing", fleet(), fleet_world(count=0), FIRES),
    ("denied", fleet(), fleet_world(OWNER, OWNER, denied=("machines",)), MAY),
    ("spot, carried", fleet(spot=True), fleet_world(OWNER, OWNER, **SPOT), CLEAN),
    ("spot, not carried", fleet(spot=True), fleet_world(TEAM, TEAM, **SPOT), FIRES),
    ("next: a specification tags no volume", fleet((), (OWNER,), spot=True), World(), FIRES),
    ("next: one way tags, one does not", fleet(("lt-1",), (OWNER,)), fleet_world(count=0, spec=(OWNER, OWNER)), MAY),
]


@pytest.mark.parametrize(("carrier", "world", "expected"), [row[1:] for row in FLEETS], ids=[row[0] for row in FLEETS])
def test_fleet(carrier, world, expected, owned):
    assert agrees(owned(OWNER, fleet_bills(world.joined(), carrier), "aws_ec2_fleet"), expected)


def environment(given=None, template=None, instances=True):
    return Environment("ce", "arn", "", pairs(OWNER), instances, pairs(given), template)


def batch_world(instance=None, volume=None, count=1, **world):
    machines = [machine(each, instance, aws__batch__compute_environment="ce") for each in range(count)]
    return World(machines, [disk(each, volume) for each in range(count)], templates=templated(OWNER), **world)


ENVIRONMENTS = [
    ("carried", environment(), batch_world(OWNER, OWNER), CLEAN),
    ("instances lack it", environment(OWNER), batch_world(TEAM, OWNER), FIRES),
    ("volumes lack it", environment(OWNER), batch_world(OWNER, TEAM), FIRES),
    ("next: given", environment(OWNER), World(), CLEAN),  # no source says what volumes get
    ("next: by the template", environment(None, LT), World(templates=templated(OWNER)), CLEAN),
    ("next: not given", environment(), World(), FIRES),
    ("fargate", environment(instances=False), World(), CLEAN),
    ("denied", environment(OWNER), batch_world(OWNER, OWNER, denied=("machines",)), MAY),
]


@pytest.mark.parametrize(
    ("carrier", "world", "expected"), [row[1:] for row in ENVIRONMENTS], ids=[row[0] for row in ENVIRONMENTS]
)
def test_environment(carrier, world, expected, owned):
    bills = environment_bills(world.joined(), carrier, live(carrier.tags))
    assert agrees(owned(OWNER, bills, "aws_batch_compute_environment"), expected)


def template_world(instance=None, volume=None, *, spec=({}, {}), alive=True, **world):
    machines, disks = members(instance, volume) if alive else ([], [])
    return World(machines, disks, templates=templated(*spec, own=OWNER), **world)


TEMPLATES = [
    ("carried, whoever tagged them", template_world(OWNER, OWNER), CLEAN),
    ("not carried", template_world(TEAM, TEAM), FIRES),
    ("unused, tags both", template_world(alive=False, spec=(OWNER, OWNER)), CLEAN),
    ("unused, own tags only", template_world(alive=False), FIRES),
    ("a group without instances tags them", template_world(alive=False, spec=({}, OWNER), groups=[G]), CLEAN),
    ("a group without instances does not", template_world(alive=False, spec=({}, OWNER), groups=[KEPT]), FIRES),
    ("node groups denied", template_world(OWNER, OWNER, denied=("node_groups",)), MAY),
    ("instances denied", template_world(OWNER, OWNER, denied=("machines",)), MAY),
    ("unused as far as seen", template_world(alive=False, denied=("groups",)), MAY),
    ("unused as far as seen: fleets", template_world(alive=False, denied=("fleets",)), MAY),
    ("unused as far as seen: spot fleets", template_world(alive=False, denied=("spot_fleets",)), MAY),
    ("used, and fleets denied", template_world(OWNER, OWNER, denied=("fleets",)), CLEAN),
]


@pytest.mark.parametrize(("world", "expected"), [row[1:] for row in TEMPLATES], ids=[row[0] for row in TEMPLATES])
def test_template(world, expected, owned):
    joined = world.joined()
    bills = template_bills(joined, joined.facts.templates.rows[0])
    assert agrees(owned(OWNER, bills, "aws_launch_template"), expected)


def test_template_of_a_node_group_answers_for_the_copy_that_eks_runs(owned):
    carrier, world = eks(TEAM, TEAM)
    world.node_groups = [carrier]
    world.templates["lt-1"] = (OWNER, {1: (OWNER, OWNER)})  # it tags, but what runs was started before it did
    world.machines = [machine(each, TEAM, group="eks-ng-0", template="lt-eks") for each in range(2)]
    joined = world.joined()
    bills = template_bills(joined, joined.facts.templates.rows[0])
    assert agrees(owned(OWNER, bills, "aws_launch_template"), FIRES)


MACHINES = [
    ("volume carries it", World([machine(1, OWNER)], [disk(1, OWNER)]), CLEAN),
    ("volume lacks it", World([machine(1, OWNER)], [disk(1, TEAM)]), FIRES),
    ("volumes denied", World([machine(1, OWNER)], denied=("disks",)), MAY),
    ("no volume of its own", World([machine(1, OWNER, disks=0)]), CLEAN),
]


@pytest.mark.parametrize(("world", "expected"), [row[1:] for row in MACHINES], ids=[row[0] for row in MACHINES])
def test_machine(world, expected, owned):
    joined = world.joined()
    one = joined.facts.machines.rows[0]
    assert agrees(owned(OWNER, machine_bills(joined, one, live(one.tags)), "aws_instance"), expected)


SERVICES = [
    ("SERVICE", None, CLEAN),
    ("NONE", None, FIRES),
    ("TASK_DEFINITION", live(pairs(OWNER)), CLEAN),
    ("TASK_DEFINITION", NO_TAGS, FIRES),
    ("TASK_DEFINITION", Tags((), complete=False, cause=Unknown("denied")), MAY),
    ("TASK_DEFINITION", None, MAY),
]


@pytest.mark.parametrize(("mode", "definition", "expected"), SERVICES)
def test_service(mode, definition, expected, owned):
    own = Tags((Tag("owner", "a@acme.example"),))
    assert agrees(owned(OWNER, service_bills(mode, own, definition), "aws_ecs_service"), expected)


def test_a_key_that_the_carrier_lacks_too_is_missing(owned):
    """Not `unreached`: nothing was there to reach anything."""
    world = in_group(TEAM, TEAM)
    assert owned({}, group_bills(world.joined(), group(propagated=TEAM))) == [("missing-tag", "owner", "definite")]


NO_VOLUMES = "launch template lt-1:1 has no tag_specifications for volume"
NOT_NAMED = "the tag_specifications of launch template lt-1:1 for instance do not name it"


def test_words_of_a_group():
    machines, disks = members(TEAM, TEAM)
    world = World(machines, disks, templates=templated())
    bills = group_bills(world.joined(), group(propagated=TEAM, kept=OWNER))
    assert [(bill.what, bill.broken_hop, bill.fix) for bill in bills] == [
        (
            "instances",
            "PropagateAtLaunch is not set for owner",
            "set PropagateAtLaunch on the group's tag (propagate_at_launch = true), and tag what runs already",
        ),
        (
            "volumes",
            f"tags of an Auto Scaling group never reach volumes, and {NO_VOLUMES}",
            'add tag_specifications { resource_type = "volume" } with the tags to the launch template',
        ),
    ]


def test_words_of_a_node_group():
    carrier, world = eks(TEAM, TEAM, spec=(TEAM, {}))
    kept = "tags of an EKS node group stay on it, and "
    assert [bill.broken_hop for bill in node_group_bills(world.joined(), carrier)] == [
        kept + NOT_NAMED,
        kept + NO_VOLUMES,
    ]
    bare = node_group(tags=OWNER)
    assert {bill.broken_hop for bill in node_group_bills(world.joined(), bare)} == {
        kept + "it has no launch template of its own"
    }
