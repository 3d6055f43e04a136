"""Version constraints, read as Terraform reads them."""

import pytest

from tagwright_iac.reach.versions import allows_at_least


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        ("", True),
        ("~> 5.0", True),
        ("~> 5", True),
        ("~> 5.39", True),
        ("~> 5.39.0", True),
        (">= 3.0", True),
        (">= 4.0, != 5.40.0", True),
        ("> 1", True),
        ("5.39.0", True),
        ("= 5.39", True),
        ("v5.100.1", True),
        ("<= 5.39.0", True),
        ("< 6.0", True),
        (">= 4.0, < 6.0.0-beta1", True),
        ("what is this", True),
        ("~> 4.0", False),
        ("~> 5.38.0", False),
        ("5.38.0", False),
        ("= 4.67", False),
        ("<= 5.38", False),
        ("< 5.39", False),
        ("< 5.39.0", False),
        (">= 3.0, < 5.0", False),
        ("~> 5.0, < 5.10", False),
    ],
)
def test_allows_at_least(constraints, expected):
    """Terraform installs the newest version that is allowed: is that 5.39 or later?"""
    assert allows_at_least(constraints, (5, 39)) is expected


def test_hostile_number_is_not_a_bound():
    """A constraint of thousands of digits costs nothing and bounds nothing."""
    assert allows_at_least("< " + "9" * 10_000, (5, 39))
