"""The shipped table of resource types is what pulumi_aws says."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tagwright_dictionary.catalogue import entries, tag_support
from tagwright_dictionary.catalogue.tokens import also_known
from tagwright_dictionary.dictionary import Dictionary, Requirement, Selector
from tagwright_dictionary.judging import judge
from tagwright_dictionary.model import Resource
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


def test_the_judge_knows_the_same_names():
    """What the dictionary's `types:` are matched with: the table's certain name, or all likely ones."""
    tokens = {token: info.terraform for token, info in type_table().items() if info.taggable}
    assert {token: name for token, name in tokens.items() if name and name not in also_known(token)} == {}
    assert [token for token, name in tokens.items() if not name and len(also_known(token)) < 2] == []


def selected(token, *globs):
    requirement = Requirement("r", Selector(types=globs), require=("a",))
    dictionary = Dictionary("d", "1.0.0", requirements=(requirement,))
    return bool(judge(dictionary, Resource("n", token), date(2026, 11, 23)).findings)


@pytest.mark.parametrize(
    ("token", "glob", "hit"),
    [
        ("aws:sagemaker/endpoint:Endpoint", "aws_sagemaker_*", True),
        ("aws:s3/bucket:Bucket", "AWS::S3::Bucket", True),
        ("aws:s3/bucket:Bucket", "aws:s3/*", True),
        ("gcp:storage/bucket:Bucket", "google_storage_bucket", True),
        ("aws:s3/bucket:Bucket", "aws_sagemaker_*", False),
        ("aws:rds/instance:Instance", "aws_instance", False),
        ("aws_s3_bucket", "aws:s3/*", False),
    ],
)
def test_type_globs_select_tokens(token, glob, hit):
    """By Terraform's and CloudFormation's names, and by tokens themselves."""
    assert selected(token, glob) is hit


def test_a_glob_for_everything_misses_nothing():
    """Also types whose Terraform name is not certain."""
    assert [token for token, info in type_table().items() if info.taggable and not selected(token, "aws_*")] == []
