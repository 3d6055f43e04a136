"""Sites that answer from a script, for what moto does not have or gets wrong. botocore's Stubber checks every answer
of the script, and every argument that it names, against the model of the service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
from botocore.stub import ANY, Stubber

from tagwright_drift.inventories.aws.session import Clients, Keys
from tagwright_drift.inventories.aws.site import AwsSite

SECRET = "b"  # noqa: S105 - of nobody

__all__ = ["ANY", "Call", "recorded"]


@dataclass(frozen=True)
class Call:
    """One call that is expected next on its service: `error` is the code of a refusal, else `answer` comes."""

    service: str
    method: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    message: str = ""


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session(aws_access_key_id="a", aws_secret_access_key=SECRET, region_name="us-east-1")


class ScriptedClients(Clients):
    """Real boto3 clients whose answers come from the script. Services that the script does not name refuse."""

    def __init__(self, script: Sequence[Call]) -> None:
        super().__init__(_session())
        self.stubbers: dict[str, Stubber] = {}
        self._made: dict[str, Any] = {}
        for call in script:
            self._stubbed(call.service)
            stubber = self.stubbers[call.service]
            if call.error:
                stubber.add_client_error(
                    call.method, call.error, call.message or "no", expected_params=dict(call.arguments) or None
                )
            else:
                stubber.add_response(call.method, dict(call.answer), dict(call.arguments) or None)

    def client(self, account: str, region: str, service: str, keys: Keys | None = None, partition: str = "aws") -> Any:
        return self._stubbed(service)

    def _stubbed(self, service: str) -> Any:
        if service not in self._made:
            self._made[service] = self.session.client(service)
            self.stubbers[service] = Stubber(self._made[service])
            self.stubbers[service].activate()
        return self._made[service]

    def check_all_asked(self) -> None:
        for stubber in self.stubbers.values():
            stubber.assert_no_pending_responses()


def recorded(*script: Call, sweep: Mapping[str, Mapping[str, str]] | None = None) -> tuple[AwsSite, ScriptedClients]:
    """A site of account 123456789012 in us-east-1. `sweep` is what the tagging API tells; None: it is refused."""
    rows = [
        {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        for arn, tags in (sweep or {}).items()
    ]
    told = (
        Call("resourcegroupstaggingapi", "get_resources", answer={"ResourceTagMappingList": rows})
        if sweep is not None
        else Call("resourcegroupstaggingapi", "get_resources", error="AccessDeniedException")
    )
    clients = ScriptedClients([*script, told])
    return AwsSite(clients, "123456789012", "us-east-1"), clients
