"""Cost allocation tags: a required key that is not activated never reaches a bill.

`ce:ListCostAllocationTags` answers in the management account only
(https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_ListCostAllocationTags.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tagwright_dictionary.errors import MissingExtraError

_PAGES: Final = 200
_KEYS: Final = 100  # a request takes at most as many TagKeys


class Activation(StrEnum):
    """active      bills carry it
    inactive    AWS has seen the key; it was never switched on, or was switched off
    never_seen  AWS has seen no resource with the key: it can be activated a day after the first one has it
    unknown     the account that was asked may not know, or not say
    """

    ACTIVE = "active"
    INACTIVE = "inactive"
    NEVER_SEEN = "never_seen"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AllocationTag:
    """One required key. `since` is the day of the last change of an inactive key ("" when not told), `last_used` the
    last month that a resource had it; `why` says what kept an unknown one from being known.
    """

    key: str
    state: Activation
    since: str = ""
    last_used: str = ""
    why: str = ""

    @property
    def message(self) -> str:
        """One line for a person, with the next step."""
        match self.state:
            case Activation.ACTIVE:
                return f"{self.key} is active as a cost allocation tag"
            case Activation.INACTIVE:
                since = f" since {self.since}" if self.since else ""
                return f"{self.key} is not activated as a cost allocation tag{since}: activate it in the payer account"
            case Activation.NEVER_SEEN:
                return f"{self.key} is unknown to billing: no resource of the organization has had it yet"
            case Activation.UNKNOWN:
                return f"whether {self.key} is activated as a cost allocation tag is not known: {self.why}"


def client_for(profile: str | None) -> Any:
    """A Cost Explorer client; it has one endpoint. MissingExtraError without boto3."""
    try:
        import boto3  # noqa: PLC0415 - an optional part
    except ImportError:
        raise MissingExtraError("aws", "asking for cost allocation tags") from None
    return boto3.Session(profile_name=profile).client("ce", region_name="us-east-1")


def activation(keys: Iterable[str], client: Any) -> tuple[AllocationTag, ...]:
    """What billing knows of the keys, by key. A refusal is an answer: every key is then unknown, with the reason."""
    wanted = tuple(sorted(set(keys)))
    try:
        known = _listed(wanted, client)
    except _errors() as error:
        return tuple(AllocationTag(key, Activation.UNKNOWN, why=_why(error)) for key in wanted)
    return tuple(_tag(key, known.get(key)) for key in wanted)


def _listed(keys: tuple[str, ...], client: Any) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(keys), _KEYS):
        arguments: dict[str, Any] = {"TagKeys": list(keys[start : start + _KEYS]), "Type": "UserDefined"}
        for _ in range(_PAGES):
            page = client.list_cost_allocation_tags(**arguments)
            found |= {each["TagKey"]: each for each in page.get("CostAllocationTags", ())}
            token = page.get("NextToken")
            if not token:
                break
            arguments["NextToken"] = token
    return found


def _tag(key: str, given: Mapping[str, Any] | None) -> AllocationTag:
    if given is None:
        return AllocationTag(key, Activation.NEVER_SEEN)
    if given.get("Status") == "Active":
        return AllocationTag(key, Activation.ACTIVE, last_used=_day(given.get("LastUsedDate")))
    changed = _day(given.get("LastUpdatedDate"))
    return AllocationTag(key, Activation.INACTIVE, since=changed, last_used=_day(given.get("LastUsedDate")))


def _day(text: Any) -> str:
    return text[:10] if isinstance(text, str) else ""


def _errors() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - there, as the client is

    return (ClientError, BotoCoreError)


def _why(error: Exception) -> str:
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    if code in ("AccessDeniedException", "AccessDenied", "UnauthorizedOperation"):
        return f"{code}: only the management account may ask, with ce:ListCostAllocationTags"
    return " ".join(str(error).split())[:200]
