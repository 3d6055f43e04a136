"""The shipped table of resource types is what pulumi_aws says."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tagwright_dictionary.catalogue import entries, tag_support
from tagwright_dictionary.dictionary import Dictionary, Requirement, Selector
from tagwright_pulumi.selectors import for_pulumi
from tagwright_pulumi.types import type_info, type_table

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture
def tool(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    spec = importlib.util.spec_from_file_location("make_pulumi_types", TOOLS / "make_pulumi_types.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_what_the_package_says(tool):
    """Regenerated from the installed pulumi_aws, not a line differs."""
    assert tool.differences() == []


def test_it_agrees_with_the_catalogue():
    """Where the core's own table knows a token, both say the same."""
    shapes = {"map": "map", "list": "list", "selector": "", "none": ""}
    wrong = {
        token: (info.kind, tag_support(token))
        for token, info in type_table().items()
        if tag_support(token).taggable is not None and shapes[info.kind] != tag_support(token).shape
    }
    assert wrong == {}


def test_its_sizes_are_plausible():
    """Half of the types can be tagged; one takes a list; two only look as if."""
    kinds = Counter(info.kind for info in type_table().values())
    assert (kinds["list"], kinds["selector"]) == (1, 2)
    assert 800 < kinds["map"] < kinds["none"] + kinds["map"] < 2500


@pytest.mark.parametrize(
    ("token", "kind", "terraform"),
    [
        ("aws:ec2/instance:Instance", "map", "aws_instance"),
        ("aws:s3/bucket:Bucket", "map", "aws_s3_bucket"),
        ("aws:sqs/queue:Queue", "map", "aws_sqs_queue"),
        ("aws:rds/instance:Instance", "map", "aws_db_instance"),
        ("aws:autoscaling/group:Group", "list", "aws_autoscaling_group"),
        ("aws:inspector/resourceGroup:ResourceGroup", "selector", ""),
        ("aws:servicediscovery/instance:Instance", "none", ""),
    ],
)
def test_some_rows(token, kind, terraform):
    """Read by hand from the documentation of both."""
    info = type_info(token)
    assert (info.kind, info.terraform) == (kind, terraform)


def test_unknown_types_are_unknown():
    """Another provider's type is in no table."""
    assert type_info("gcp:storage/bucket:Bucket") is None


def test_no_two_tokens_claim_one_guessed_name():
    """Only types that the catalogue itself calls the same share a Terraform name."""
    curated = {each.terraform for each in entries()}
    names = Counter(info.terraform for info in type_table().values() if info.terraform)
    assert {name for name, count in names.items() if count > 1} <= curated


def selecting(*globs):
    requirement = Requirement("r", Selector(types=globs), require=("a",))
    (adapted,) = for_pulumi(Dictionary("d", "1.0.0", requirements=(requirement,))).requirements
    return adapted.selector.types


def test_type_globs_select_tokens():
    """For Terraform's and CloudFormation's names, and for tokens themselves."""
    assert "aws:sagemaker/endpoint:Endpoint" in selecting("aws_sagemaker_*")
    assert "aws:s3/bucket:Bucket" in selecting("AWS::S3::Bucket")
    assert "aws:s3/bucket:Bucket" not in selecting("aws_sagemaker_*")
    assert any(fnmatchcase("aws:s3/bucket:Bucket", glob) for glob in selecting("aws:s3/*"))


def test_a_glob_for_everything_misses_nothing():
    """Also types whose Terraform name is not certain."""
    assert {token for token, info in type_table().items() if info.taggable} <= set(selecting("aws_*"))


def test_a_dictionary_without_type_globs_stays_as_it_is():
    """The very same object: nothing to adapt."""
    dictionary = Dictionary("d", "1.0.0", requirements=(Requirement("r", Selector(everything=True), require=("a",)),))
    assert for_pulumi(dictionary) is dictionary
