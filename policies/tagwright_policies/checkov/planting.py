"""Files with a violating and a clean resource for every framework: what `verify` shows to Checkov.

Each kind of resource (a bucket, a function, a GPU machine) stands twice, without a tag and with all that the
dictionary asks for; a dictionary that asks nothing of one kind still has the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tagwright_dictionary.dictionary import Dictionary
from tagwright_policies.checkov import specimen

Tags = Mapping[str, str]
_DIRTY, _CLEAN = "dirty", "clean"
_GPU = "p5.48xlarge"
_AZURE_GPU = "Standard_NC24ads_A100_v4"


@dataclass(frozen=True, slots=True)
class Planted:
    """`framework` as people call it, `report` the name of Checkov's report, `path` the file in the planted folder."""

    framework: str
    report: str
    path: str
    content: str


def planted(dictionary: Dictionary) -> tuple[Planted, ...]:
    """The same files for the same dictionary."""
    aws, azure = specimen.tags(dictionary, "aws"), specimen.tags(dictionary, "azure")
    return (
        Planted("terraform", "terraform", "terraform/main.tf", _hcl(aws)),
        Planted("terraform .tf.json", "terraform_json", "json/main.tf.json", _terraform_json(aws)),
        Planted("terraform plan", "terraform_plan", "plan/tfplan.json", _plan(aws)),
        Planted("cloudformation", "cloudformation", "cloudformation/template.json", _cloudformation(aws)),
        Planted("sam", "cloudformation", "sam/template.json", _sam(aws)),
        Planted("kubernetes", "kubernetes", "kubernetes/pods.yaml", _kubernetes(dictionary)),
        Planted("serverless", "serverless", "serverless/serverless.yml", _serverless(aws)),
        Planted("serverless", "serverless", "serverless-clean/serverless.yml", _serverless(aws, clean=True)),
        Planted("arm", "arm", "arm/template.json", _arm(azure)),
        Planted("bicep", "bicep", "bicep/main.bicep", _bicep(azure)),
    )


def _pairs(tags: Tags) -> list[tuple[str, Tags]]:
    return [(_DIRTY, {}), (_CLEAN, tags)]


def _hcl(tags: Tags) -> str:
    parts = []
    for name, given in _pairs(tags):
        body = ", ".join(f"{_hcl_text(key)} = {_hcl_text(value)}" for key, value in given.items())
        parts.append(f'resource "aws_s3_bucket" "{name}" {{\n  tags = {{ {body} }}\n}}\n')
        parts.append(f'resource "aws_lambda_function" "{name}" {{\n  tags = {{ {body} }}\n}}\n')
        parts.append(
            f'resource "aws_instance" "{name}" {{\n  instance_type = "{_GPU}"\n'
            f"  tags = {{ {body} }}\n  volume_tags = {{ {body} }}\n}}\n"
        )
    return "\n".join(parts)


def _hcl_text(text: str) -> str:
    return json.dumps(text).replace("${", "$${").replace("%{", "%%{")


def _bodies(given: Tags) -> dict[str, dict[str, Any]]:
    tags = dict(given)
    return {
        "aws_s3_bucket": {"tags": tags},
        "aws_lambda_function": {"tags": tags},
        "aws_instance": {"instance_type": _GPU, "tags": tags, "volume_tags": tags},
    }


def _terraform_json(tags: Tags) -> str:
    found: dict[str, dict[str, Any]] = {}
    for name, given in _pairs(tags):
        for kind, body in _bodies(given).items():
            found.setdefault(kind, {})[name] = body
    # Older versions read a file only with a provider in it.
    return json.dumps({"provider": {"aws": [{"region": "eu-west-1"}]}, "resource": found}, indent=1) + "\n"


def _plan(tags: Tags) -> str:
    provider = "registry.terraform.io/hashicorp/aws"
    changes, values, written = [], [], []
    for name, given in _pairs(tags):
        for kind, body in _bodies(given).items():
            what = {"address": f"{kind}.{name}", "mode": "managed", "type": kind, "name": name}
            after = {**body, "tags_all": body["tags"]}
            changes.append(
                {
                    **what,
                    "provider_name": provider,
                    "change": {
                        "actions": ["create"],
                        "before": None,
                        "after": after,
                        "after_unknown": {},
                        "before_sensitive": False,
                        "after_sensitive": {},
                    },
                }
            )
            values.append({**what, "provider_name": provider, "schema_version": 0, "values": after})
            written.append(
                {
                    **what,
                    "provider_config_key": "aws",
                    "expressions": {key: {"constant_value": value} for key, value in body.items()},
                    "schema_version": 0,
                }
            )
    document = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": values}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": provider}},
            "root_module": {"resources": written},
        },
    }
    return json.dumps(document, indent=1) + "\n"


def _cloudformation(tags: Tags) -> str:
    found: dict[str, Any] = {}
    for name, given in _pairs(tags):
        rows = [{"Key": key, "Value": value} for key, value in given.items()]
        found[f"Bucket{name}"] = {"Type": "AWS::S3::Bucket", "Properties": {"Tags": rows}}
        found[f"Function{name}"] = {"Type": "AWS::Lambda::Function", "Properties": {"Tags": rows}}
        found[f"Instance{name}"] = {
            "Type": "AWS::EC2::Instance",
            "Properties": {"InstanceType": _GPU, "PropagateTagsToVolumeOnCreation": True, "Tags": rows},
        }
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": found}, indent=1) + "\n"


def _sam(tags: Tags) -> str:
    found = {
        f"Function{name}": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "a.b", "Tags": dict(given)}}
        for name, given in _pairs(tags)
    }
    document = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": found,
    }
    return json.dumps(document, indent=1) + "\n"


def _kubernetes(dictionary: Dictionary) -> str:
    apart = specimen.annotation_keys(dictionary)
    documents = []
    for name, given in _pairs(specimen.tags(dictionary, "kubernetes")):
        metadata = {
            "name": name,
            "namespace": "planted",
            "labels": {key: value for key, value in given.items() if key not in apart},
            "annotations": {key: value for key, value in given.items() if key in apart},
        }
        container = {"name": "c", "image": "busybox", "resources": {"limits": {"nvidia.com/gpu": 1}}}
        documents.append({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": [container]}})
    return "---\n".join(json.dumps(document, indent=1) + "\n" for document in documents)


def _serverless(tags: Tags, *, clean: bool = False) -> str:
    """One service each: Checkov does not say which function of a service it means."""
    name, given = _pairs(tags)[1 if clean else 0]
    document = {
        "service": name,
        "provider": {"name": "aws", "runtime": "python3.12"},
        "functions": {name: {"handler": "a.b", "tags": dict(given)}},
    }
    return json.dumps(document, indent=1) + "\n"


def _arm(tags: Tags) -> str:
    found = []
    for name, given in _pairs(tags):
        common = {"apiVersion": "2022-09-01", "location": "westeurope", "tags": dict(given)}
        found.append({"type": "Microsoft.Storage/storageAccounts", "name": f"bucket{name}", **common})
        found.append({"type": "Microsoft.Web/sites", "name": f"function{name}", "kind": "functionapp", **common})
        found.append(
            {
                "type": "Microsoft.Compute/virtualMachines",
                "name": f"machine{name}",
                **common,
                "properties": {"hardwareProfile": {"vmSize": _AZURE_GPU}},
            }
        )
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    return json.dumps({"$schema": schema, "contentVersion": "1.0.0.0", "resources": found}, indent=1) + "\n"


def _bicep(tags: Tags) -> str:
    parts = []
    for name, given in _pairs(tags):
        rows = "".join(f"    {_bicep_text(key)}: {_bicep_text(value)}\n" for key, value in given.items())
        body = f"  location: 'westeurope'\n  tags: {{\n{rows}  }}\n"
        parts.append(
            f"resource bucket{name} 'Microsoft.Storage/storageAccounts@2022-09-01' = {{\n"
            f"  name: 'bucket{name}'\n{body}}}\n"
        )
        parts.append(
            f"resource function{name} 'Microsoft.Web/sites@2022-09-01' = {{\n"
            f"  name: 'function{name}'\n  kind: 'functionapp'\n{body}}}\n"
        )
        parts.append(
            f"resource machine{name} 'Microsoft.Compute/virtualMachines@2022-09-01' = {{\n  name: 'machine{name}'\n"
            f"{body}  properties: {{\n    hardwareProfile: {{\n      vmSize: '{_AZURE_GPU}'\n    }}\n  }}\n}}\n"
        )
    return "\n".join(parts)


def _bicep_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${") + "'"
