"""S3's general purpose buckets: one list for the whole account, each bucket in a region of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tagwright_dictionary.model import Tags
from tagwright_drift.cells import Cell, CellState
from tagwright_drift.inventories.aws.building import make_resource, name_of, pairs_of, tags_of, unread_tags, when
from tagwright_drift.inventories.aws.contract import Refused, Site
from tagwright_drift.inventories.contract import CellTrouble, Page
from tagwright_drift.live import LiveResource

_PAGE = 10_000  # S3's maximum; without a size S3 refuses accounts whose quota is above it, and names no regions
_UNTAGGED = "NoSuchTagSet"
_OLD_NAMES = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}  # of GetBucketLocation, from before regions


class Buckets:
    """Lister of `aws_s3_bucket`. `NoSuchTagSet` is an answer: the bucket has no tags."""

    type = "aws_s3_bucket"
    service = "s3"
    kind = "global"
    swept = "s3"
    actions = ("s3:ListAllMyBuckets", "s3:GetBucketLocation", "s3:GetBucketTagging")

    def read(self, site: Site, cell: Cell, now: datetime) -> Iterator[Page]:
        del now
        for answer in site.pages("s3", "list_buckets", MaxBuckets=_PAGE):
            rows = list(answer.get("Buckets") or ())
            if not all(row.get("Name") for row in rows):
                raise CellTrouble(CellState.ERROR, "a row of s3:ListAllMyBuckets has no name")
            found = site.spread(lambda row: self._bucket(site, cell, row), rows)
            unread = [each.resource.tags.cause.cause for each in found if each.resource.tags.cause]
            yield Page(tuple(found), calls=site.counted(), unread=len(unread), why=unread[0] if unread else "")

    def _bucket(self, site: Site, cell: Cell, row: Mapping[str, Any]) -> LiveResource:
        name = row["Name"]
        arn = row.get("BucketArn") or f"arn:{site.partition}:s3:::{name}"
        region = row.get("BucketRegion") or _located(site, name)
        tags = _tags(site.at(region) if region else site, arn, name)
        created = when(row.get("CreationDate"))
        return LiveResource(
            resource=make_resource(self.type, arn, site.account, tags=tags, what="bucket"),
            cell=cell,
            name=name_of(arn, tags, name),
            region=region,
            created=created,
            # No incarnation: S3 moves the creation date when the bucket's policy is edited, and an edit must not make
            # another resource of it, with a clock of its own.
        )


def _located(site: Site, name: str) -> str:
    """The bucket's region, or "" where that is refused: botocore then follows S3's own redirection."""
    try:
        told = site.call("s3", "get_bucket_location", Bucket=name).get("LocationConstraint")
    except CellTrouble:
        return ""
    return _OLD_NAMES.get(told, str(told))


def _tags(site: Site, arn: str, name: str) -> Tags:
    swept = site.swept().get(arn)
    if swept is not None:
        return tags_of(swept)
    try:
        return tags_of(pairs_of(site.call("s3", "get_bucket_tagging", answers=(_UNTAGGED,), Bucket=name)["TagSet"]))
    except Refused:
        return tags_of(())
    except CellTrouble as trouble:
        return unread_tags(trouble.reason)
