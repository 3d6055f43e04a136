"""The compute listers against a real boto3 and moto; the oracle is what boto3 reads of each resource directly."""

from __future__ import annotations

from collections import Counter

from tests.drift_scanner.compute.estate import HOSTILE, OWNER

from tagwright_drift.inventories.aws.compute import COMPUTE_LISTERS
from tagwright_drift.reach import chain_fix, chain_words


def tags(live):
    assert live.resource.tags.complete
    return {tag.key: tag.value for tag in live.resource.tags.items}


def own(rows, key="Key", value="Value"):
    return {row[key]: row[value] for row in rows or () if not row[key].startswith("aws:")}


def bills(live):
    return {bill.what: {tag.key: tag.value for tag in bill.tags.items} for bill in live.resource.bills}


def test_instances_are_those_that_exist(estate, api, read):
    found = read("aws_instance")
    direct = {
        row["InstanceId"]: own(row.get("Tags"))
        for reservation in api("ec2").describe_instances()["Reservations"]
        for row in reservation["Instances"]
        if row["State"]["Name"] != "terminated"
    }
    assert {id_: tags(live) for id_, live in found.items()} == direct
    assert estate.terminated not in found
    assert {estate.stopped, estate.spot, estate.node, *estate.group_instances} < set(found)
    assert all(
        live.resource.address == f"arn:aws:ec2:us-east-1:123456789012:instance/{id_}" for id_, live in found.items()
    )


def test_accelerators_are_told(estate, read):
    gpu = {id_ for id_, live in read("aws_instance").items() if "gpu" in live.resource.classes.certain}
    assert gpu == {estate.stopped, estate.spot, estate.node, *estate.group_instances}


def test_groups_and_names_of_instances(estate, read):
    found = read("aws_instance")
    assert {id_: live.group for id_, live in found.items() if live.group} == {
        **dict.fromkeys(estate.group_instances, "asg:gpu"),
        estate.node: f"asg:{estate.nodes_group}",  # moto names groups as EKS did before 2021
    }
    assert found[estate.alone].name == "bastion"
    assert found[estate.stopped].name == estate.stopped


def test_hostile_tags_pass_unharmed(estate, read):
    assert tags(read("aws_instance")[estate.hostile]) == HOSTILE


def test_volumes(estate, api, read):
    found = read("aws_ebs_volume")
    direct = {row["VolumeId"]: own(row.get("Tags")) for row in api("ec2").describe_volumes()["Volumes"]}
    assert {id_: tags(live) for id_, live in found.items()} == direct
    by_group = Counter(live.group for live in found.values())
    assert by_group["asg:gpu"] == 2
    data = found[estate.data_volume]
    assert (data.group, data.chain, data.probable) == ("", (), (("owner", OWNER["owner"], f"instance {estate.alone}"),))


def test_propagated_tags_arrive_and_kept_ones_are_explained(estate, read):
    live = read("aws_instance")[estate.group_instances[0]]
    assert tags(live) == {**OWNER, "team": "vision"}
    assert chain_words(live.chain, "owner") == chain_words(live.chain, "team") == ""
    assert chain_words(live.chain, "cost-center") == (
        "Auto Scaling group gpu carries cost-center; it stops there: PropagateAtLaunch is not set for it"
    )
    assert live.probable == (("cost-center", "cc-4100", "Auto Scaling group gpu"),)


def test_node_says_where_the_owner_of_its_node_group_stops(estate, read):
    live = read("aws_instance")[estate.node]
    assert chain_words(live.chain, "owner") == (
        "node group ng-1 carries owner; it stops there: tags of an EKS node group stay on it, and launch template "
        f"{estate.nodes_template}:2 has no tag_specifications for instance"
    )
    assert chain_fix(live.chain, "owner").startswith("add tag_specifications")
    assert [each for each in live.probable if each[0] in {"owner", "cost-center"}] == [
        ("cost-center", "cc-1", "cluster c1"),
        ("owner", OWNER["owner"], "node group ng-1"),
    ]


def test_volume_of_a_node_says_it_too(estate, read):
    (live,) = [each for each in read("aws_ebs_volume").values() if estate.node in {hop.id for hop in each.chain}]
    assert chain_words(live.chain, "owner") == (
        "node group ng-1 carries owner; it stops there: tags of an EKS node group stay on it, and launch template "
        f"{estate.nodes_template}:2 has no tag_specifications for volume"
    )
    assert [hop.what.rpartition(" ")[0] for hop in live.chain][-2:] == ["instance", "volume"]


def test_group_and_template_are_billed_for_what_runs(estate, read):
    group = read("aws_autoscaling_group")["gpu"]
    assert tags(group) == {**OWNER, "cost-center": "cc-4100"}
    assert bills(group) == {"instances": {**OWNER, "team": "vision"}, "volumes": {}}
    assert "gpu" in group.resource.classes.certain
    template = read("aws_launch_template")[estate.template]
    assert (tags(template), template.name) == (OWNER, "gpu")
    assert set(bills(template)) == {"instances", "volumes"}
    assert "gpu" in template.resource.classes.certain


def test_node_group(estate, api, read):
    (live,) = read("aws_eks_node_group").values()
    direct = api("eks").describe_nodegroup(clusterName="c1", nodegroupName="ng-1")["nodegroup"]
    assert (live.resource.address, tags(live), live.created) == (
        direct["nodegroupArn"],
        direct["tags"],
        direct["createdAt"],
    )
    assert bills(live) == {"instances": {"eks:cluster-name": "c1", "eks:nodegroup-name": "ng-1"}, "volumes": {}}
    assert "gpu" in live.resource.classes.certain


def test_clusters_and_profiles(estate, api, read):
    (cluster,) = read("aws_eks_cluster").values()
    direct = api("eks").describe_cluster(name="c1")["cluster"]
    assert (cluster.resource.address, tags(cluster), cluster.incarnation) == (
        direct["arn"],
        direct["tags"],
        cluster.created.isoformat(),
    )
    (profile,) = read("aws_eks_fargate_profile").values()
    direct = api("eks").describe_fargate_profile(clusterName="c1", fargateProfileName="fp")["fargateProfile"]
    assert (profile.resource.address, tags(profile)) == (direct["fargateProfileArn"], direct["tags"])
    (node_group,) = read("aws_eks_node_group").values()
    assert profile.probable == node_group.probable == (("cost-center", "cc-1", "cluster c1"),)


def test_batch(estate, api, read):
    environment = read("aws_batch_compute_environment")["env1"]
    (direct,) = api("batch").describe_compute_environments()["computeEnvironments"]
    assert (environment.resource.address, tags(environment), environment.incarnation) == (
        direct["computeEnvironmentArn"],
        OWNER,
        direct.get("uuid", ""),
    )
    assert bills(environment) == {"instances it will launch": {"team": "batch"}}
    assert "gpu" in environment.resource.classes.certain
    queue = read("aws_batch_job_queue")["queue1"]
    assert tags(queue) == OWNER


def test_ecs(estate, api, read):
    assert tags(read("aws_ecs_cluster")["e1"]) == OWNER
    services = read("aws_ecs_service")
    arns = [
        arn for page in api("ecs").get_paginator("list_services").paginate(cluster="e1") for arn in page["serviceArns"]
    ]
    assert {live.resource.address for live in services.values()} == set(arns)
    assert len(services) == 25
    assert [bills(services[f"s{number}"]) for number in range(4)] == [
        {"tasks": OWNER},
        {"tasks": {"team": "td"}},
        {"tasks": {}},
        {"tasks": {}},
    ]


def test_snapshots_are_the_accounts_own(estate, api, read):
    made = api("ec2").create_snapshot(VolumeId=estate.data_volume)["SnapshotId"]
    api("ec2").create_tags(Resources=[made], Tags=[{"Key": "owner", "Value": "x"}])
    assert {id_: tags(live) for id_, live in read("aws_ebs_snapshot").items()} == {made: {"owner": "x"}}
    api("ec2").delete_snapshot(SnapshotId=made)


def test_each_listing_is_asked_once_for_all_cells(estate, cloud, read):
    """The facts are shared: calls do not grow with the number of cells or of resources."""
    cloud.plan()
    counted = 0
    for type_ in read.listers:
        try:
            for page in read.pages(type_):
                counted += page.calls
        except Exception as trouble:  # noqa: BLE001 - moto knows no capacity reservations
            counted += trouble.calls
    asked = Counter((call.service, call.operation) for call in cloud.calls)
    once = {
        "DescribeAutoScalingGroups",
        "DescribeComputeEnvironments",
        "DescribeFleets",
        "DescribeInstances",
        "DescribeLaunchTemplates",
        "DescribeSpotFleetRequests",
        "DescribeVolumes",
        "ListNodegroups",
    }
    assert {operation: count for (_, operation), count in asked.items() if operation in once} == dict.fromkeys(once, 1)
    # the default and newest versions of all templates at once, then the older ones of the one that is used
    assert asked["ec2", "DescribeLaunchTemplateVersions"] == 2
    assert counted == len(cloud.calls)


def test_a_cell_by_itself_asks_for_what_it_needs(estate, cloud, read):
    cloud.plan()
    read("aws_batch_job_queue")
    assert [call.operation for call in cloud.calls] == ["DescribeJobQueues"]


def test_facts_go_with_their_site(estate, read):
    """Memory is that of the account and region in hand: nothing keeps the facts of a site that was let go."""
    import gc
    from weakref import ref

    read("aws_instance")
    facts = ref(read.listers["aws_instance"].keeper.of(read.site))
    assert facts() is not None
    read.site = None
    gc.collect()  # the site, which takes the facts out of the keeper
    gc.collect()  # the facts, which refer to themselves
    assert facts() is None


def test_listers_are_of_the_catalogue():
    from tagwright_dictionary.catalogue import find, tag_support

    for type_, lister in COMPUTE_LISTERS.items():
        assert (lister.type, lister.kind) == (type_, "regional")
        assert find(type_) is not None
        assert tag_support(type_).taggable is True
