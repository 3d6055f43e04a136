"""One S3 bucket."""

# No postponed annotations: Pulumi infers the schema of a component from the annotations themselves.
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NotRequired, Optional, TypedDict

import pulumi

from tagwright_pulumi.components.arguments import Arguments
from tagwright_pulumi.components.children import child_options
from tagwright_pulumi.extras import aws
from tagwright_pulumi.gate import TagGate

if TYPE_CHECKING:
    from pulumi_aws import s3

TYPE: Final = "tagwright:index:Bucket"
_BUCKET: Final = "aws:s3/bucket:Bucket"
_OWN: Final = frozenset({"bucket", "force_destroy"})


class BucketArgs(TypedDict):
    """Arguments of a Bucket."""

    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    """Tags of the bucket, judged by the tag dictionary."""
    bucket: NotRequired[pulumi.Input[str]]
    """The bucket's name; Pulumi makes one when it is not given."""
    force_destroy: NotRequired[pulumi.Input[bool]]
    """Whether it may be deleted with what is in it."""


class Bucket(pulumi.ComponentResource):
    """An S3 bucket with the tags that the dictionary asks for. Encryption and public access are not its business."""

    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    arn: pulumi.Output[str]
    """The bucket's ARN."""
    effective_tags: pulumi.Output[dict[str, str]]
    """The tags that it got: its own over the defaults."""

    component_type = TYPE

    def __init__(
        self,
        name: str,
        args: BucketArgs,
        opts: Optional[pulumi.ResourceOptions] = None,  # noqa: UP045 - as Pulumi's analyzer knows it
        *,
        gate: TagGate | None = None,
        resource_opts: pulumi.ResourceOptions | None = None,
        adopt: bool = False,
        bucket_args: Mapping[str, Any] | None = None,
    ) -> None:
        """Raises TagPolicyError before anything is registered.

        `resource_opts` are options of the bucket, `adopt` takes over a bare bucket of the same name, `bucket_args`
        are further arguments of it (not its tags).
        """
        service = aws("s3")
        given = Arguments.read("Bucket", args, BucketArgs)
        extra = given.beyond("bucket_args", bucket_args, service.Bucket, _OWN)
        gated = (gate or TagGate()).apply(
            _BUCKET, name, given.get("tags"), label=self.component_type, problems=given.problems
        )
        super().__init__(self.component_type, name, {"tags": gated.map}, opts)
        self.bucket: s3.Bucket = service.Bucket(
            name,
            **{**given.pick("bucket", "force_destroy"), **extra},
            tags=gated.map,
            opts=child_options(self, resource_opts, adopt=adopt),
        )
        self.bucket_name = self.bucket.bucket
        self.arn = self.bucket.arn
        self.effective_tags = gated.output
        self.register_outputs({"bucketName": self.bucket_name, "arn": self.arn, "effectiveTags": gated.map})
