"""What moto lacks, answered as AWS answers an account that has nothing of the kind; and a small world of regions.

moto answers operations that it does not know with a web page and status 500, so that no scan of all types could ever
be whole. The table is every list call of the scanner that moto 5.2.5 does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.drift_scanner.faults import Cloud, _body, _who

ABSENT = {  # by the name that requests are signed for
    "sagemaker": {
        "ListApps",
        "ListFeatureGroups",
        "ListInferenceComponents",
        "ListLabelingJobs",
        "ListMlflowTrackingServers",
        "ListSpaces",
        "ListUserProfiles",
    },
    "bedrock": {
        "ListEvaluationJobs",
        "ListFlows",
        "ListGuardrails",
        "ListInferenceProfiles",
        "ListPrompts",
        "ListProvisionedModelThroughputs",
    },
    "bedrock-agentcore": {"ListBrowsers", "ListCodeInterpreters"},
    "kendra": {"ListIndices"},
    "s3tables": {"ListTableBuckets"},
    "ec2": {"DescribeCapacityBlocks", "DescribeCapacityReservations"},
}
SLOW = {"ec2": {"DescribeSnapshots"}}
"""moto takes the 1,300 snapshots of public images for everybody's own, and is slow at it: left out where asked."""
ENABLED = ("eu-west-1", "us-east-1")
OFF = "me-central-1"


class Completed:
    """The WSGI application of moto with an empty answer to what it does not know, and (unless `thorough`) to what it
    is slow at.
    """

    def __init__(self, moto: Any) -> None:
        self.moto = moto
        self.thorough = False

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        service, operation, _, _ = _who(environ)
        slow = not self.thorough and operation in SLOW.get(service, ())
        if operation not in ABSENT.get(service, ()) and not slow:
            return self.moto(environ, start)
        _body(environ)
        kind, body = "application/x-amz-json-1.1", b"{}"
        if service == "ec2":
            name, item = f"{operation}Response", operation.removeprefix("Describe")
            inner = f"{item[0].lower()}{item[1:-1]}Set"
            kind = "text/xml"
            body = f'<{name} xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><{inner}/></{name}>'.encode()
        start("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]


@contextmanager
def completed(cloud: Cloud) -> Iterator[Cloud]:
    """`cloud` with nothing missing, and with accounts that have two regions and have not opted in to a third."""
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    before = cloud.moto, RegionsAndZonesBackend.regions
    cloud.moto = Completed(cloud.moto)
    regions_are(*ENABLED, OFF)
    try:
        yield cloud
    finally:
        cloud.moto, RegionsAndZonesBackend.regions = before


def regions_are(*names: str) -> None:
    """The regions that DescribeRegions tells of from now on."""
    from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

    if not _ALL:
        _ALL.extend(RegionsAndZonesBackend.regions)
    RegionsAndZonesBackend.regions = [each for each in _ALL if each.name in names]


_ALL: list[Any] = []
