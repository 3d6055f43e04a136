"""Every row of the table against botocore's own models of the services: what it calls, takes and reads exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.model import OperationModel, Shape

from tagwright_dictionary.catalogue import deciding_attributes, find, tag_support
from tagwright_drift.inventories.aws.building import pairs_of, when
from tagwright_drift.inventories.aws.data_files import read_table
from tagwright_drift.inventories.aws.registry import is_hot, listers
from tagwright_drift.inventories.aws.rows import _literal, search

ROWS: list[Mapping[str, Any]] = read_table("listers")
TEXT = "some text of a length that every argument takes, also those that want an ARN"
NOW = datetime(2026, 11, 26, tzinfo=UTC)
SESSION = botocore.session.get_session()
# Deciding attributes that no call of the lister tells, with the reason.
UNTOLD = {
    # DescribeNotebookInstance alone tells it, and AWS has withdrawn Elastic Inference.
    ("aws_sagemaker_notebook_instance", "accelerator_types"),
}
# Table 4.2 of the reference: what the issue asks for.
WANTED = (Path(__file__).parent / "wanted_types.txt").read_text().split()


def operation(service: str, name: str) -> OperationModel:
    return SESSION.get_service_model(service).operation_model(name)


def filled(shape: Shape, depth: int = 0) -> Any:
    """A value of that shape with everything in it that can be."""
    if depth > 9:
        return None
    if shape.type_name == "structure":
        return {name: filled(member, depth + 1) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return [filled(shape.member, depth + 1)]
    if shape.type_name == "map":
        return {"key": filled(shape.value, depth + 1)}
    samples = {"timestamp": NOW, "integer": 1, "long": 1_800_000_000_000, "float": 1.0, "double": 1.0, "boolean": True}
    return samples.get(shape.type_name, TEXT)


def rows_of(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One filled row for each of its list calls, with the answers of its further calls in it."""
    for listing in row["list"]:
        answer = filled(operation(row["service"], listing["call"]).output_shape)
        found = search(listing["result"], answer)
        assert isinstance(found, list), listing
        assert len(found) == 1
        made = dict(found[0]) if isinstance(found[0], dict) else {"value": found[0]}
        for step in row.get("look", ()):
            made[step["as"]] = filled(operation(row["service"], step["call"]).output_shape)
        yield made


@pytest.fixture(params=ROWS, ids=lambda row: row["type"])
def row(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    found: Mapping[str, Any] = request.param
    return found


def test_every_type_that_is_asked_for_has_a_lister_and_is_in_the_catalogue() -> None:
    assert set(WANTED) <= set(listers())
    for name in listers():
        assert find(name) is not None, name
        assert tag_support(name).taggable is True, name


def test_a_row_says_nothing_that_nobody_reads(row: Mapping[str, Any]) -> None:
    known = {"type", "service", "kind", "list", "where", "look", "arn", "name", "last", "created", "incarnation"}
    assert set(row) <= known | {"attributes", "tags", "bill", "hot"}
    assert all(set(each) <= {"call", "result", "arguments"} for each in row["list"])
    assert all(set(each) <= {"as", "call", "arguments", "gone", "needed"} for each in row.get("look", ()))
    assert set(row["tags"]) in ({"inline"}, {"call", "argument", "result"}, {"service", "call", "argument", "result"})


def test_every_path_leads_somewhere(row: Mapping[str, Any]) -> None:
    for made in rows_of(row):
        if "{" not in row["arn"]:
            assert search(row["arn"], made) == TEXT
        else:
            holes = {**made, "name": "n", "partition": "aws", "region": "r", "account": "a"}
            assert "None" not in row["arn"].format(**holes)
        assert search(row["name"], made) == TEXT
        if "created" in row:
            assert when(search(row["created"], made)) is not None
        if row.get("incarnation", "none") != "none":
            assert search(row["incarnation"], made) == TEXT
        for path, expression in row.get("attributes", {}).items():
            assert search(expression, made) not in (None, []), path
        if "inline" in row["tags"]:
            assert pairs_of(search(row["tags"]["inline"], made)) == ((TEXT, TEXT),)


def test_arguments_exist_and_stay_within_the_limits(row: Mapping[str, Any]) -> None:
    for listing in row["list"]:
        model = operation(row["service"], listing["call"])
        given = {name: _literal(value, NOW) for name, value in listing.get("arguments", {}).items()}
        check_arguments(model, given)
    for made in rows_of(row):
        for step in row.get("look", ()):
            given = {name: search(path, made) for name, path in step["arguments"].items()}
            assert None not in given.values(), step
            check_arguments(operation(row["service"], step["call"]), given)
        how = row["tags"]
        if "call" in how:
            names = [how["argument"]] if isinstance(how["argument"], str) else how["argument"]
            facts = {**made, "arn": "arn", "name": "name", "account": "account"}
            if not isinstance(how["argument"], str):
                assert all(search(path, facts) for path in how["argument"].values())
            model = operation(how.get("service", row["service"]), how["call"])
            check_arguments(model, dict.fromkeys(names, TEXT))
            assert pairs_of(search(how["result"], filled(model.output_shape))) in (
                ((TEXT, TEXT),),
                (("key", TEXT),),
            )


def check_arguments(model: OperationModel, given: Mapping[str, Any]) -> None:
    from botocore.validate import ParamValidator

    report = ParamValidator().validate(dict(given), model.input_shape)
    assert not report.has_errors(), report.generate_report()
    for name, value in given.items():
        shape = model.input_shape.members[name]
        if shape.type_name in ("integer", "long"):
            assert value <= shape.metadata.get("max", value), name
        if value != TEXT and shape.metadata.get("enum"):
            assert value in shape.metadata["enum"], name


def test_no_list_is_cut_off_after_its_first_page(row: Mapping[str, Any]) -> None:
    """A call that answers in pages has a paginator in botocore, or tokens that the site follows."""
    calls = [(row["service"], each["call"]) for each in row["list"]]
    if "call" in row["tags"]:
        calls.append((row["tags"].get("service", row["service"]), row["tags"]["call"]))
    for service, method in calls:
        model = operation(service, method)
        try:
            SESSION.get_paginator_model(service).get_paginator(model.name)
            continue
        except (ValueError, botocore.exceptions.UnknownServiceError, botocore.exceptions.DataNotFoundError):
            pass
        told = {name for name in model.output_shape.members if "token" in name.lower() or "marker" in name.lower()}
        assert told <= {"NextToken", "nextToken", "Marker", "continuationToken"}, method
        assert told <= set(model.input_shape.members), method
        assert not {"HasMoreTags"} & set(model.output_shape.members) or service == "kinesis"


def test_attributes_are_those_that_decide(row: Mapping[str, Any]) -> None:
    wanted = {path for path in deciding_attributes(row["type"]) if (row["type"], path) not in UNTOLD}
    assert set(row.get("attributes", {})) == wanted


def test_the_hot_scope_reads_what_can_be_an_accelerator() -> None:
    hot = {name for name, each in listers().items() if is_hot(each)}
    assert hot == {
        "AWS::SageMaker::Cluster",
        "AWS::SageMaker::InferenceComponent",
        "AWS::SageMaker::ProcessingJob",
        "aws_autoscaling_group",
        "aws_batch_compute_environment",
        "aws_bedrock_provisioned_model_throughput",
        "aws_ec2_capacity_block_reservation",
        "aws_ec2_capacity_reservation",
        "aws_ec2_fleet",
        "aws_eks_node_group",
        "aws_emr_cluster",
        "aws_instance",
        "aws_sagemaker_app",
        "aws_sagemaker_endpoint",
        "aws_sagemaker_hyper_parameter_tuning_job",
        "aws_sagemaker_notebook_instance",
        "aws_sagemaker_training_job",
        "aws_spot_fleet_request",
    }


def test_names_of_methods_are_those_of_boto3() -> None:
    """Rows name the API's operations; boto3's methods follow from them."""
    from botocore import xform_name

    from tagwright_drift.inventories.aws.actions import api_name

    for row in ROWS:
        for each in (*row["list"], *row.get("look", ())):
            assert api_name(row["service"], xform_name(each["call"])) == each["call"]
