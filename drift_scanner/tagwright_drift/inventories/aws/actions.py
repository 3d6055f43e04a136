"""Names of IAM actions for operations of AWS APIs."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore import xform_name

from tagwright_drift.inventories.aws.data_files import read_table


@cache
def iam_prefix(service: str) -> str:
    """The prefix of a service's actions ("es" for boto3's "opensearch")."""
    return str(read_table("services")["services"].get(service, {}).get("iam", service))


def actions_of(service: str, operation: str) -> tuple[str, ...]:
    """The IAM actions that one call needs; `operation` is spelled as in the API ("ListBuckets")."""
    special = read_table("actions")["actions"].get(service, {}).get(operation)
    return tuple(special) if special is not None else (f"{iam_prefix(service)}:{operation}",)


def asked(service: str, operation: str) -> str:
    """What a person reads of a call that failed: its action ("s3:ListAllMyBuckets")."""
    return actions_of(service, operation)[0]


@cache
def _session() -> Any:
    import botocore.session  # noqa: PLC0415 - only where a method's name has to be turned back

    return botocore.session.get_session()


@cache
def _operations(service: str) -> dict[str, str]:
    return {xform_name(name): name for name in _session().get_service_model(service).operation_names}


def api_name(service: str, method: str) -> str:
    """The API's spelling of a boto3 method ("list_functions" is "ListFunctions")."""
    return _operations(service)[method]
