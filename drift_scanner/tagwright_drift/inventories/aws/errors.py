"""What an error of AWS, of the network or of botocore says about the cell that met it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.data_files import read_table
from tagwright_drift.inventories.aws.hosts import AbsentHostError
from tagwright_drift.inventories.contract import CellTrouble

_NONSENSE = (OSError, ValueError, KeyError, TypeError, AttributeError)
FAILURES = (ClientError, BotoCoreError, ResponseParserError, AbsentHostError, *_NONSENSE)
"""What a request can end in. The plain ones are botocore's parsers stumbling over an answer that makes no sense."""

_PAGE = re.compile(r"<(!doctype|html|head|body)\b", re.IGNORECASE)
_LONGEST = 300  # characters of a message that a person reads in a table
_CONTROL = dict.fromkeys((*range(32), *range(127, 160), 8232, 8233), " ")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an error means. `expired`: fresh credentials may help; without them nothing that follows can be seen."""

    state: CellState
    reason: str
    refused_by: str = ""
    expired: bool = False

    def trouble(self) -> CellTrouble:
        return CellTrouble(self.state, self.reason, refused_by=self.refused_by)


def code_of(error: Exception) -> str:
    """The error code of a botocore ClientError, without EC2's "Client." and "Server."; "" for any other error."""
    code = str(_details(error).get("Code") or "")
    return code.removeprefix("Client.").removeprefix("Server.")


def message_of(error: Exception) -> str:
    """The message of an error: one line of at most 300 characters, no control characters."""
    text = str(_details(error).get("Message") or error)
    line = " ".join(text.translate(_CONTROL).split())
    if _PAGE.search(line):
        return "the answer was a web page"
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def verdict_of(error: Exception, asked: str, *, has_endpoint: Callable[[], bool] = lambda: True) -> Verdict:
    """The verdict on an error met while asking for `asked` ("lambda:ListFunctions").

    `has_endpoint` tells whether botocore's endpoint data knows the service in the region. A type is unsupported only
    where it says no and no endpoint answered, or where the host's name does not exist. Everything that is not
    understood is an error, never "empty".
    """
    code = code_of(error)
    if code or _details(error):
        return _of_code(code or "error", message_of(error), asked)
    kinds = {each.__name__ for each in type(error).__mro__}
    name = type(error).__name__
    if kinds & {"ConnectTimeoutError", "ReadTimeoutError", "TimeoutError"}:
        return Verdict(CellState.TIMEOUT, f"no answer in time to {asked} ({name})")
    if isinstance(error, AbsentHostError):
        return Verdict(CellState.TYPE_UNSUPPORTED, f"the service of {asked} is not in the region: {message_of(error)}")
    if kinds & {"EndpointConnectionError", "EndpointResolutionError", "EndpointProviderError"}:
        if not has_endpoint():
            return Verdict(CellState.TYPE_UNSUPPORTED, f"the service of {asked} has no endpoint in the region")
        return Verdict(CellState.ERROR, f"no connection for {asked}: {message_of(error)}")
    if kinds & {"NoCredentialsError", "CredentialRetrievalError", "PartialCredentialsError", "TokenRetrievalError"}:
        return Verdict(CellState.ERROR, f"no credentials for {asked}: {message_of(error)}")
    return Verdict(CellState.ERROR, f"{asked}: {name}: {message_of(error)}")


def _of_code(code: str, message: str, asked: str) -> Verdict:
    row = _row(code)
    state = CellState(row["state"]) if row else CellState.ERROR
    if state is CellState.DENIED:
        by, policy = _refused_by(message)
        return Verdict(state, f"{code} for {asked}{policy}", by)
    if state is CellState.THROTTLED:
        return Verdict(state, f"{code} for {asked} after all retries")
    because = str(row.get("because", "")) if row else ""
    expired = bool(row and row.get("expired"))
    reason = f"{because} ({code} for {asked})" if because else f"{code} for {asked}: {message}"
    return Verdict(state, reason, expired=expired)


@lru_cache(maxsize=1024)
def _row(code: str) -> Mapping[str, Any] | None:
    for row in read_table("errors")["codes"]:
        if any(fnmatchcase(code, pattern) for pattern in row["codes"]):
            found: Mapping[str, Any] = row
            return found
    return None


def _refused_by(message: str) -> tuple[str, str]:
    """Whose policy it was, and the same in words."""
    lower = message.lower()
    for row in read_table("errors")["refused_by"]:
        if row["words"] in lower:
            return str(row["by"]), f", by a {row['words']}"
    return "iam", ""


def _details(error: Exception) -> Mapping[str, Any]:
    response = getattr(error, "response", None)
    found = response.get("Error") if isinstance(response, dict) else None
    return found if isinstance(found, dict) else {}
