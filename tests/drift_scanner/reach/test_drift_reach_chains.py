"""The way to one instance or volume, and where it breaks, in one line for one key."""

from __future__ import annotations

import pytest
from tests.drift_scanner.reach.worlds import (
    DENIED,
    OWNER,
    World,
    disk,
    group,
    machine,
    node_group,
    pairs,
)

from tagwright_drift.reach import broken_hop, chain_fix, chain_words
from tagwright_drift.reach.chains import disk_chain, machine_chain
from tagwright_drift.reach.facts import Cluster, Environment, Fleet, TemplateRef
from tagwright_drift.reach.words import disk_probable, machine_probable

TEAM = {"team": "vision"}
LT = TemplateRef("lt-1", version="1")
UUID = "640012bd-4e90-3f19-9dd2-c09a23dc923d"
EKS = f"eks-ng-1-{UUID}"
FLEET = {"aws__ec2__fleet_id": "fleet-1"}
ADD_INSTANCES = 'add tag_specifications { resource_type = "instance" } with the tags to the launch template'
ADD_VOLUMES = 'add tag_specifications { resource_type = "volume" } with the tags to the launch template'
NO_INSTANCE = "launch template lt-1:1 has no tag_specifications for instance"
NO_VOLUME = "launch template lt-1:1 has no tag_specifications for volume"
REFUSED = "UnauthorizedOperation for x:Describe"
NOT_NAMED = "the tag_specifications of launch template lt-1:1 for instance do not name it"
NODES_KEEP = "tags of an EKS node group stay on it"
NO_GROUPS = "Auto Scaling groups could not all be read"
NO_ENVIRONMENTS = "compute environments could not all be read"
GROUP_KEEPS = "tags of an Auto Scaling group never reach volumes"
NOTHING = "nothing on the way to instance i-1 carries owner"
OWN_STAY = "the launch template's own tags stay on the template"
BATCH_KEEPS = "tags of a Batch compute environment stay on it; its instances get computeResources.tags"
FLEET_KEEPS = "tags of a fleet stay on the fleet"
LATE = "started before that, or it was taken off"
NOW = "tag it now (aws ec2 create-tags), and add the tag to what starts it"
REPLACE = "tag what runs (aws ec2 create-tags), or replace it (an instance refresh)"


def world(instance=None, volume=None, *, marks=None, spec=({}, {}), own=None, **rest):
    return World(
        [machine(1, instance, **{"template": "lt-1", **(marks or {})})],
        [disk(1, volume)],
        templates={"lt-1": (own or {}, {1: spec})},
        **rest,
    )


def nodes(template=LT, tags=OWNER, **rest):
    return world(
        marks={"group": EKS, "aws__eks__cluster_name": "c"},
        node_groups=[node_group("ng-1", tags, template, (EKS,))],
        groups=[group(EKS, templates=("lt-eks",))],
        **rest,
    )


def batch(**rest):
    environment = Environment("ce", "arn", "", pairs(OWNER), True, **rest)
    return world(marks={"aws__batch__compute_environment": "ce"}, environments=[environment])


def fleet():
    return world(marks=FLEET, fleets=[Fleet("fleet-1", False, None, pairs(OWNER), (LT,))])


TO_INSTANCE = [
    # it arrives: nothing to say
    (world(OWNER), "", ""),
    (world(OWNER, own=OWNER), "", ""),
    # node group
    (
        nodes(),
        f"node group ng-1 carries owner; it stops there: {NODES_KEEP}, and {NO_INSTANCE}",
        ADD_INSTANCES,
    ),
    (
        nodes(None),
        f"node group ng-1 carries owner; it stops there: {NODES_KEEP}, and it has no launch template of its own",
        'use a launch template with tag_specifications for "instance" and "volume"',
    ),
    (
        nodes(spec=(TEAM, {})),
        f"node group ng-1 carries owner; it stops there: {NODES_KEEP}, and {NOT_NAMED}",
        ADD_INSTANCES,
    ),
    (
        nodes(tags=TEAM),
        f"{NOTHING} (node group ng-1, launch template lt-1:1, Auto Scaling group {EKS})",
        ADD_INSTANCES,
    ),
    # group
    (
        world(marks={"group": "g"}, groups=[group(kept=OWNER)]),
        "Auto Scaling group g carries owner; it stops there: PropagateAtLaunch is not set for it",
        "set PropagateAtLaunch on the group's tag (propagate_at_launch = true), and tag what runs already",
    ),
    (
        world(marks={"group": "g"}, groups=[group(propagated=OWNER, kept=TEAM)]),
        "Auto Scaling group g gives owner at launch; instance i-1 started before that, or it was taken off",
        REPLACE,
    ),
    # launch template
    (
        world(own=OWNER),
        f"launch template lt-1:1 carries owner; it stops there: {OWN_STAY}, and {NO_INSTANCE}",
        ADD_INSTANCES,
    ),
    (
        world(spec=(OWNER, {})),
        "launch template lt-1:1 gives owner at launch; instance i-1 started before that, or it was taken off",
        REPLACE,
    ),
    # Batch, Karpenter, fleets
    (
        batch(),
        f"compute environment ce carries owner; it stops there: {BATCH_KEEPS}",
        "set tags inside compute_resources",
    ),
    (
        batch(given=pairs(OWNER)),
        "compute environment ce gives owner at launch; instance i-1 started before that, or it was taken off",
        REPLACE,
    ),
    (
        fleet(),
        f"fleet fleet-1 carries owner; it stops there: {FLEET_KEEPS}, and {NO_INSTANCE}",
        ADD_INSTANCES,
    ),
    (
        world({"karpenter.sh/nodepool": "gpu", "karpenter.k8s.aws/ec2nodeclass": "nc"}, marks=FLEET),
        "nothing on the way to instance i-1 carries owner (Karpenter node pool gpu, launch template lt-1:1)",
        "add the tag to spec.tags of EC2NodeClass nc",
    ),
    # by itself: there is no way to speak of
    (World([machine(1)]), "", ""),
]


@pytest.mark.parametrize(("made", "words", "fix"), TO_INSTANCE)
def test_way_to_an_instance(made, words, fix):
    joined = made.joined()
    chain = machine_chain(joined, joined.facts.machines.rows[0])
    assert (chain_words(chain, "owner"), chain_fix(chain, "owner")) == (words, fix)


TO_VOLUME = [
    (world(OWNER, OWNER), "", ""),
    (
        world(OWNER),
        "instance i-1 carries owner; it stops there: tags of an instance do not reach its volumes",
        "set volume_tags, or tags in each block device; tag the volume now (aws ec2 create-tags)",
    ),
    (
        world(marks={"group": "g"}, groups=[group(propagated=OWNER)]),
        f"Auto Scaling group g carries owner; it stops there: {GROUP_KEEPS}, and {NO_VOLUME}",
        ADD_VOLUMES,
    ),
    (
        world(spec=({}, OWNER)),
        "launch template lt-1:1 gives owner at launch; volume v-1-0 started before that, or it was taken off",
        REPLACE,
    ),
    (
        nodes(),
        f"node group ng-1 carries owner; it stops there: {NODES_KEEP}, and {NO_VOLUME}",
        ADD_VOLUMES,
    ),
    (
        world(),
        "nothing on the way to volume v-1-0 carries owner (launch template lt-1:1, instance i-1)",
        ADD_VOLUMES,
    ),
]


@pytest.mark.parametrize(("made", "words", "fix"), TO_VOLUME)
def test_way_to_a_volume(made, words, fix):
    joined = made.joined()
    chain = disk_chain(joined, joined.facts.disks.rows[0])
    assert (chain_words(chain, "owner"), chain_fix(chain, "owner")) == (words, fix)


UNSEEN = [
    ("templates", nodes, f"launch template lt-1:1 was not seen: launch templates: {REFUSED}"),
    (
        "node_groups",
        nodes,
        f"node group ng-1 was not seen: node groups could not all be read: {REFUSED}",
    ),
    (
        "groups",
        nodes,
        f"Auto Scaling group {EKS} was not seen: {NO_GROUPS}: {REFUSED}",
    ),
    (
        "environments",
        batch,
        f"compute environment ce was not seen: {NO_ENVIRONMENTS}: {REFUSED}",
    ),
    ("fleets", fleet, f"fleet fleet-1 was not seen: fleets could not all be read: {REFUSED}"),
]


@pytest.mark.parametrize(("listing", "make", "says"), UNSEEN)
def test_what_was_not_seen_is_said_and_blamed_for_nothing(listing, make, says):
    made = make()
    made.denied = (listing,)
    joined = made.joined()
    chain = machine_chain(joined, joined.facts.machines.rows[0])
    unseen = [hop for hop in chain if hop.why.startswith("not seen")]
    assert [(hop.carries, hop.passes, hop.fix) for hop in unseen] == [((), True, "")]
    assert says in chain_words(chain, "owner").split("; ")


def test_volume_of_an_instance_that_was_not_seen():
    made = world()
    made.denied = ("machines",)
    joined = made.joined()
    chain = disk_chain(joined, disk(1))
    assert [(hop.what, hop.why) for hop in chain] == [
        ("instance i-1", f"not seen: instances could not all be read: {DENIED.reason}"),
        ("volume v-1-0", ""),
    ]


def test_stations_in_order():
    joined = nodes(spec=(TEAM, TEAM)).joined()
    assert [hop.what for hop in disk_chain(joined, joined.facts.disks.rows[0])] == [
        "node group ng-1",
        "launch template lt-1:1",
        f"Auto Scaling group {EKS}",
        "instance i-1",
        "volume v-1-0",
    ]


OLD = [
    # what version 1 tags, what version 2 tags; where the owner stops, what to do
    ({}, OWNER, "launch template lt-1:2 carries owner; it stops there: i-1 was started from version 1", REPLACE),
    (TEAM, OWNER, "launch template lt-1:2 carries owner; it stops there: i-1 was started from version 1", REPLACE),
    ({}, TEAM, "nothing on the way to instance i-1 carries owner (launch template lt-1:2, ...)", ADD_INSTANCES),
    (TEAM, TEAM, "nothing on the way to instance i-1 carries owner (launch template lt-1:2, ...)", NOW),
    (OWNER, {}, f"launch template lt-1:1 gives owner at launch; instance i-1 {LATE}", REPLACE),
]


@pytest.mark.parametrize(("first", "second", "words", "fix"), OLD)
def test_old_version_of_a_template_is_told_from_the_one_in_use(first, second, words, fix):
    made = world(marks={"group": "g"}, groups=[group()])
    made.templates = {"lt-1": ({}, {1: (first, {}), 2: (second, {})})}
    joined = made.joined()
    chain = machine_chain(joined, joined.facts.machines.rows[0])
    stations = ", ".join(dict.fromkeys(hop.what for hop in chain[:-1]))
    assert chain_words(chain, "owner") == words.replace("launch template lt-1:2, ...", stations)
    assert chain_fix(chain, "owner") == fix


def test_hostile_keys_and_names_stay_on_one_line():
    key = 'owner\n\x1b[31m<script>"=cmd'
    joined = world(marks={"group": "g\r\n"}, groups=[group("g\r\n", kept={key: "x"})]).joined()
    chain = machine_chain(joined, joined.facts.machines.rows[0])
    assert broken_hop(chain, key).carries == (key,)  # unharmed in the data ...
    assert chain_words(chain, key).isprintable()  # ... and harmless in the line


def test_probable_values_come_from_the_nearest():
    made = nodes(tags={"owner": "ng@acme.example", "team": "ng", "Name": "ng-1", "eks:x": "y"}, own={"model": "lt"})
    made.clusters = [Cluster("c", "arn", None, pairs({"owner": "c@acme.example", "cost-center": "cc-1"}))]
    made.groups = [group(EKS, propagated={"team": "asg"}, templates=())]
    joined = made.joined()
    assert machine_probable(joined, joined.facts.machines.rows[0]) == (
        ("cost-center", "cc-1", "cluster c"),
        ("model", "lt", "launch template lt-1"),
        ("owner", "ng@acme.example", "node group ng-1"),
        ("team", "asg", f"Auto Scaling group {EKS}"),
    )


def test_probable_value_of_a_volume_is_its_instances():
    joined = World([machine(1, {"owner": "i@acme.example", "team": "i"})], [disk(1, TEAM | {"owner": " "})]).joined()
    assert disk_probable(joined, joined.facts.disks.rows[0]) == (("owner", "i@acme.example", "instance i-1"),)


def test_nothing_is_probable_of_what_it_has():
    joined = World([machine(1, OWNER)], [disk(1, OWNER)]).joined()
    assert disk_probable(joined, joined.facts.disks.rows[0]) == ()
    assert machine_probable(joined, joined.facts.machines.rows[0]) == ()
