"""A whole scan of the estate, from the plan to the findings in the run folder, and once more under refusals."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from tests.drift_scanner.compute.conftest import NOW, REGION
from tests.drift_scanner.faults import Fault

from tagwright_dictionary.loading import load
from tagwright_dictionary.loading.discovery import discover
from tagwright_drift.inventories.aws.inventory import AwsInventory, AwsOptions
from tagwright_drift.inventories.aws.session import Clients, Patience
from tagwright_drift.judging import plain_judging
from tagwright_drift.reach import chain_words
from tagwright_drift.runs.model import RunHeader
from tagwright_drift.runs.reading import RunFolder
from tagwright_drift.runs.writing import RunWriter
from tagwright_drift.scanning.engine import Scan
from tagwright_drift.scanning.executors import Threads

TEXT = """
schema: 1
name: compute
version: 1.0.0
keys:
  owner: {title: Owner, description: Who answers., format: email, domains: [acme.example]}
requirements:
  - {id: owned, for: [gpu], require: [owner], severity: error}
"""
TYPES = (
    "aws_autoscaling_group",
    "aws_batch_compute_environment",
    "aws_ebs_volume",
    "aws_eks_node_group",
    "aws_instance",
    "aws_launch_template",
)


@pytest.fixture(scope="module")
def judging(tmp_path_factory):
    path = tmp_path_factory.mktemp("dictionary") / "dictionary.yaml"
    path.write_text(TEXT)
    return plain_judging(
        load(discover(path.parent, explicit=str(path), environ={}).source, cache=False), date(2026, 11, 26)
    )


@pytest.fixture
def scan(estate, cloud, boto, judging, tmp_path):
    clients = Clients(boto, endpoint_url=cloud.url, patience=Patience(connect=10, read=30, attempts=1), threads=4)

    def run(*faults):
        cloud.plan(*faults)
        inventory = AwsInventory(AwsOptions(regions=(REGION,), types=TYPES), clients)
        header = RunHeader(
            "20261126T120000Z-00000000", NOW, "full", "aws", "0", "compute", "1.0.0", "0" * 64, (1, 1), "2026-11-26"
        )
        with RunWriter(tmp_path / "runs", header, inventory.plan()) as writer:
            coverage = Scan(inventory, judging, Threads(4)).run(writer, threading.Event())
        return coverage, RunFolder(writer.path)

    yield run
    clients.close()


def found(folder):
    """(name, rule, certainty, where the key stops) of every finding of an accelerator or what starts one."""
    return {
        (seen.live.name, each.rule, str(each.certainty), chain_words(seen.live.chain, each.key).partition(":")[0])
        for seen in folder.observations()
        for each in seen.judgement.findings
    }


def test_findings_name_the_broken_hop(estate, scan):
    coverage, folder = scan()
    assert coverage.whole
    one, two = estate.group_instances
    assert found(folder) == {
        # tagged by their group; their volumes are not, and the group and its template answer for it too
        (one, "unreached", "definite", ""),
        (two, "unreached", "definite", ""),
        ("gpu", "unreached", "definite", ""),
        # started by hand, without an owner
        (estate.stopped, "missing-tag", "definite", ""),
        (estate.spot, "missing-tag", "definite", ""),
        # started by EKS: the node group carries the owner
        (estate.node, "missing-tag", "definite", "node group ng-1 carries owner; it stops there"),
        (estate.nodes_group, "missing-tag", "definite", "node group ng-1 carries owner; it stops there"),
        ("ng-1", "unreached", "definite", ""),
        ("nodes", "missing-tag", "definite", ""),
        # will start machines without an owner
        ("env1", "unreached", "definite", ""),
    }


def test_a_chain_survives_the_run_folder(estate, scan):
    _, folder = scan()
    (node,) = [seen.live for seen in folder.observations() if seen.live.name == estate.node]
    assert [hop.what for hop in node.chain][:2] == ["node group ng-1", f"launch template {estate.nodes_template}:2"]
    assert ("owner", "ml-vision@acme.example", "node group ng-1") in node.probable


def test_nothing_definite_is_said_of_carriers_whose_instances_were_denied(estate, scan):
    coverage, folder = scan(Fault("denied", "ec2", "DescribeInstances"))
    assert not coverage.whole
    assert {(name, certainty) for name, _, certainty, _ in found(folder)} == {
        ("gpu", "undecided"),
        (estate.nodes_group, "undecided"),
        ("ng-1", "undecided"),
        ("nodes", "undecided"),
        ("env1", "undecided"),
    }
