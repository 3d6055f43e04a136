"""Where services are: the home region of a partition, and whether a host exists."""

from __future__ import annotations

import socket

_HOME = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, socket.EAI_NODATA})


def home_of(partition: str) -> str:
    """The region that answers for a whole account of that partition, and that has every service first."""
    return _HOME.get(partition, "us-east-1")


class AbsentHostError(Exception):
    """A service has no host in a region. Raised while botocore sends, it is not tried again."""

    def __init__(self, host: str) -> None:
        super().__init__(f"there is no host {host}")


def is_absent(host: str, region: str, home: str) -> bool:
    """Whether the name system says that the host does not exist, while the same service's host of the region `home`
    does. Silence, a resolver out of order, and one that hides the service everywhere say nothing.
    """
    if region == home or f".{region}." not in host:
        return False
    return _exists(host) is False and _exists(host.replace(f".{region}.", f".{home}.")) is True


def _exists(host: str) -> bool | None:
    try:
        socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return False if error.errno in _NO_SUCH_NAME else None
    except OSError:
        return None
    return True
