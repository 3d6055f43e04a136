"""The least that a scan has to be allowed: an IAM policy made of the listers' own calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tagwright_drift.inventories.aws.contract import Lister
from tagwright_drift.inventories.aws.data_files import read_table

Policy = Mapping[str, Any]

_NAME = "tagwright-drift"
_FOR = "Read-only rights of tagwright's drift scanner: lists, descriptions and tags, no data"


def actions(listers: Iterable[Lister], *, organization: bool = False, costs: bool = False) -> tuple[str, ...]:
    """Every IAM action that a scan with these listers uses, sorted; with those for listing an organization's accounts
    and for the costs where asked.
    """
    table = read_table("actions")
    found = set(table["always"])
    found.update(action for each in listers for action in each.actions)
    found.update(table["organization"] if organization else ())
    found.update(table["costs"] if costs else ())
    return tuple(sorted(found))


def policy(named: Iterable[str]) -> Policy:
    """The policy document that allows the actions: one statement a service, so that what is taken out of it, and what
    a service control policy refuses, is one line of the doctor.
    """
    services: dict[str, list[str]] = {}
    for action in named:
        services.setdefault(action.partition(":")[0], []).append(action)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": _sid(service), "Effect": "Allow", "Action": sorted(services[service]), "Resource": "*"}
            for service in sorted(services)
        ],
    }


def policy_document(scope: str = "full", *, organization: bool = False, costs: bool = False) -> Policy:
    """The policy for every type of a scope."""
    from tagwright_drift.inventories.aws.inventory import chosen_listers  # noqa: PLC0415 - needs boto3

    return policy(actions(chosen_listers((), scope).values(), organization=organization, costs=costs))


def as_json(document: Policy) -> str:
    return json.dumps(document, indent=2) + "\n"


def as_terraform(document: Policy) -> str:
    """A policy document as a data source, and a managed policy of it."""
    blocks = []
    for statement in document["Statement"]:
        lines = "".join(f'      "{action}",\n' for action in statement["Action"])
        blocks.append(
            f'  statement {{\n    sid    = "{statement["Sid"]}"\n    effect = "Allow"\n'
            f'    actions = [\n{lines}    ]\n    resources = ["*"]\n  }}\n'
        )
    return (
        'data "aws_iam_policy_document" "tagwright_drift" {\n' + "\n".join(blocks) + "}\n\n"
        'resource "aws_iam_policy" "tagwright_drift" {\n'
        f'  name        = "{_NAME}"\n  description = "{_FOR}"\n'
        "  policy      = data.aws_iam_policy_document.tagwright_drift.json\n}\n"
    )


def as_cloudformation(document: Policy) -> str:
    """A template with the managed policy and a role for it: ready for a stack set over an organization."""
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": _FOR,
        "Parameters": {
            "ScannerArn": {"Type": "String", "Description": "The principal that scans, such as the ARN of its role"},
            "ExternalId": {"Type": "String", "Description": "Given to the scan as --external-id", "NoEcho": True},
            "RoleName": {"Type": "String", "Default": _NAME},
        },
        "Resources": {
            "Policy": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"Description": _FOR, "PolicyDocument": document},
            },
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Ref": "RoleName"},
                    "ManagedPolicyArns": [{"Ref": "Policy"}],
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"AWS": {"Ref": "ScannerArn"}},
                                "Action": "sts:AssumeRole",
                                "Condition": {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}},
                            }
                        ],
                    },
                },
            },
        },
    }
    return json.dumps(template, indent=2) + "\n"


FORMATS: Mapping[str, Callable[[Policy], str]] = {
    "json": as_json,
    "terraform": as_terraform,
    "cloudformation": as_cloudformation,
}


def _sid(service: str) -> str:
    return "".join(word.capitalize() for word in service.split("-"))
