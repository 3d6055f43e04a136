"""What Pulumi's types are called elsewhere."""

from __future__ import annotations

import pytest

from tagwright_dictionary.catalogue import entries
from tagwright_dictionary.catalogue.tokens import also_known


@pytest.mark.parametrize(
    ("token", "names"),
    [
        ("aws:s3/bucket:Bucket", ("aws_s3_bucket", "AWS::S3::Bucket")),
        ("gcp:storage/bucket:Bucket", ("google_storage_bucket",)),
        ("aws:xray/group:Group", ("aws_xray_group",)),
        ("aws:new/thing:BigThing", ("aws_new_big_thing", "aws_big_thing")),
        ("random:index/randomPet:RandomPet", ()),
        ("nonsense:", ()),
        ("aws:", ("aws__", "aws_")),
    ],
)
def test_names_of_tokens(token, names):
    """The catalogue's; else one that exists; else all likely ones. Never raises."""
    assert also_known(token) == names


def test_the_catalogue_knows_its_own():
    """Every entry's token leads to its Terraform name."""
    assert [
        each.pulumi
        for each in entries()
        if each.pulumi and each.terraform and each.terraform not in also_known(each.pulumi)
    ] == []
