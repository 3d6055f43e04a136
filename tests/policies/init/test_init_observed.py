"""What counts as a key in use."""

from __future__ import annotations

from collections import Counter

import pytest

from tagwright_dictionary.model import Reading, Resource, Tag, Tags, Unknown
from tagwright_policies.init.observed import fold, most_used, observe


def _reading(*rows, **fields):
    resources = [
        Resource(
            f"aws_s3_bucket.r{number}", "aws_s3_bucket", provider, tags=Tags(tuple(Tag(*tag) for tag in tags)), **fields
        )
        for number, (provider, tags) in enumerate(rows)
    ]
    return Reading(tuple(resources), ("main.tf",), ())


SAME = [
    ("Owner", "owner"),
    ("cost_center", "CostCenter"),
    ("cost-center", "COST CENTER"),
    ("env", "Environment"),
    ("cost_centre", "cost-center"),
    ("bu", "business-unit"),
]
DIFFERENT = [("owner", "owners"), ("team", "teams"), ("cost", "cost-center"), ("model", "model-purpose")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_variants_of_one_key(one, other):
    """Case, separators, and the usual short forms."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_keys(one, other):
    """However alike they look."""
    assert fold(one) != fold(other)


def test_counts():
    """Blocks by spelling, cloud and value; what is not known is counted, and no value."""
    found = observe(
        _reading(
            ("aws", [("Env", "prod"), ("owner", "a")]),
            ("aws", [("env", "Prod")]),
            ("google", [("env", "prod")]),
            ("aws", [("env", Unknown("var.e has no value"))]),
        )
    )
    assert list(found) == ["environment", "owner"]
    seen = found["environment"]
    assert seen.spellings == Counter(env=3, Env=1)
    assert seen.clouds == {"aws": Counter(env=2, Env=1), "gcp": Counter(env=1)}
    assert seen.values == Counter(prod=2, Prod=1)
    assert (seen.unknown, seen.blocks) == (1, 4)


def test_instances_of_one_block_count_once():
    """A block with count = 100 is one decision; another value in it is a second one."""
    block = "aws_s3_bucket.a"
    resources = [
        Resource(f"{block}[{number}]", "aws_s3_bucket", "aws", tags=Tags((Tag("team", value),)), block=block)
        for number, value in enumerate(["vision"] * 99 + ["search"])
    ]
    seen = observe(Reading(tuple(resources), ("main.tf",), ()))["team"]
    assert (seen.blocks, seen.values) == (1, Counter(vision=1, search=1))


MACHINES = [
    "aws:cloudformation:stack-name",
    "kubernetes.io/cluster/x",
    "karpenter.sh/discovery",
    "app.kubernetes.io/name",
    "argocd.argoproj.io/secret-type",
    "eks.amazonaws.com/nodegroup",
    "eks:cluster-name",
    "goog-managed-by",
    "hidden-title",
    "Name",
]
PEOPLE = ["acme.example/cost-center", "awsaccount", "notkubernetes.io.acme.example/x", "k8s", "names"]


@pytest.mark.parametrize("key", MACHINES)
def test_keys_of_machines_are_left_out(key):
    """Nobody governs them."""
    assert observe(_reading(("aws", [(key, "x")]))) == {}


@pytest.mark.parametrize("key", PEOPLE)
def test_keys_of_people_stay(key):
    """Even with a domain before them, or a name that looks like one."""
    assert len(observe(_reading(("aws", [(key, "x")])))) == 1


def test_what_cannot_carry_tags_is_left_out():
    """Its tags are a mistake."""
    assert observe(_reading(("aws", [("team", "x")]), taggable=False)) == {}


def test_sensitive_values_stay_secret():
    """They are counted as not known, and written nowhere."""
    tags = Tags((Tag("team", "hush", sensitive=True),))
    seen = observe(Reading((Resource("a.b", "aws_s3_bucket", "aws", tags=tags),), ("m",), ()))["team"]
    assert (seen.values, seen.unknown) == (Counter(), 1)


def test_most_used():
    """The most frequent, then the preferred, then lower case, then by name."""
    assert most_used(Counter(Prod=3, prod=2)) == "Prod"
    assert most_used(Counter(Prod=2, prod=2)) == "prod"
    assert most_used(Counter(Prod=2, prod=2), ["Prod"]) == "Prod"
    assert most_used(Counter(b=1, a=1)) == "a"
