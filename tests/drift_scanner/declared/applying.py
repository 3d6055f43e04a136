"""The stub providers of the oracle, which here also apply: the real terraform then writes real states."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from tests.oracle import stub, terraform

ACCOUNT = "111122223333"
REGION = "us-east-1"
_ARNS = {
    "aws_instance": "arn:aws:ec2:{region}:{account}:instance/{id}",
    "aws_s3_bucket": "arn:aws:s3:::{id}",
    "aws_lambda_function": "arn:aws:lambda:{region}:{account}:function:{id}",
    "aws_autoscaling_group": "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:0:autoScalingGroupName/{id}",
    "aws_iam_role": "arn:aws:iam::{account}:role/{id}",
    "aws_ebs_volume": "arn:aws:ec2:{region}:{account}:volume/{id}",
}
_PREFIXES = {"aws_instance": "i-", "aws_ebs_volume": "vol-"}
_NAMES = ("bucket", "function_name", "name")


class Applying(stub.Provider):
    """Gives every new resource an id and an ARN of the form that AWS gives it; other computed values are made up."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.made = 0

    def ApplyResourceChange(self, request: Any, context: Any) -> Any:  # noqa: N802 - gRPC's name
        planned = stub._unpack(request.planned_state)
        if planned is None:
            return stub.pb.ApplyResourceChange.Response(new_state=request.planned_state)
        block = self.schema.resources[request.type_name]
        state = {name: _settled(value, block.attributes.get(name)) for name, value in planned.items()}
        if stub.is_unknown(planned.get("id")):
            state["id"], arn = self.create(request.type_name, state)
            if arn and "arn" in block.attributes:
                state["arn"] = arn
        return stub.pb.ApplyResourceChange.Response(new_state=stub._pack(state))

    def create(self, type_: str, state: Mapping[str, Any]) -> tuple[str, str]:
        """The id and the ARN of a new resource, "" where the type is not known here."""
        self.made += 1
        prefix = _PREFIXES.get(type_)
        named = next((state[name] for name in _NAMES if state.get(name)), f"{type_}-{self.made}")
        made = f"{prefix}{self.made:017x}" if prefix else str(named)
        return made, _ARNS.get(type_, "").format(region=REGION, account=ACCOUNT, id=made)


def _settled(value: Any, attribute: Any) -> Any:
    if isinstance(value, dict):
        return {name: _settled(inner, None) for name, inner in value.items()}
    if isinstance(value, list):
        return [_settled(inner, None) for inner in value]
    if not stub.is_unknown(value):
        return value
    kind = attribute.type if attribute is not None else None
    if isinstance(kind, list):
        return {} if kind[0] == "map" else []
    return {"string": "made-up", "number": 1, "bool": False}.get(str(kind))


@dataclass(frozen=True, slots=True)
class Applied:
    """`state` is the raw file, `shown` what `terraform show -json` prints of it."""

    folder: Path
    state: Path
    shown: Path


@contextmanager
def servers(provider: type[Applying] = Applying) -> Iterator[stub.Servers]:
    with mock.patch.object(stub, "Provider", provider), stub.Servers(("aws",)) as running:
        yield running


def apply(running: stub.Servers, folder: Path, files: Mapping[str, str]) -> Applied:
    """Write the files and apply them with the real terraform."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    env = running.env()
    for arguments in (["init", "-no-color"], ["apply", "-auto-approve", "-no-color"]):
        outcome = terraform.run(arguments, folder, env=env)
        assert outcome.code == 0, outcome.text()
    shown = folder / "state.json"
    text = terraform.run(["show", "-json", "-no-color"], folder, env=env).stdout
    json.loads(text)
    shown.write_text(text)
    return Applied(folder, folder / "terraform.tfstate", shown)
