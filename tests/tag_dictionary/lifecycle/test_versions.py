"""Which version a change demands."""

from __future__ import annotations

import pytest

from tagwright_dictionary.lifecycle.versions import Bump, demanded, keeps, parse_version

NONE, PATCH, MINOR, MAJOR = Bump.NONE, Bump.PATCH, Bump.MINOR, Bump.MAJOR


@pytest.mark.parametrize(
    ("old", "bump", "expected"),
    [
        ("1.2.3", NONE, "1.2.3"),
        ("1.2.3", PATCH, "1.2.4"),
        ("1.2.3", MINOR, "1.3.0"),
        ("1.2.3", MAJOR, "2.0.0"),
        ("0.2.3", MAJOR, "0.3.0"),  # before 1.0.0 anything may change in a minor version
        ("0.2.3", MINOR, "0.3.0"),
        ("0.2.3", PATCH, "0.2.4"),
        ("2.0.0-rc.1", MAJOR, "2.0.0"),  # the release that the candidate announces
        ("2.0.1-rc.1", MAJOR, "3.0.0"),  # it announces a patch only
        ("2.1.0-rc.1", MINOR, "2.1.0"),
        ("2.0.0-rc.1", PATCH, "2.0.0"),
        ("1.2.3+build", MINOR, "1.3.0"),
    ],
)
def test_demanded(old, bump, expected):
    """The lowest version that may follow."""
    assert demanded(old, bump) == expected


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ("1.2.3", "1.2.3", NONE),
        ("1.2.3", "1.2.4", PATCH),
        ("1.2.3", "1.4.0", MINOR),
        ("1.2.3", "2.0.0", MINOR),  # more than is demanded
        ("1.2.3", "2.0.0-rc.1", MAJOR),
        ("2.0.0-rc.1", "2.0.0-rc.2", MAJOR),
        ("2.0.0-rc.1", "2.0.0", MAJOR),
        ("0.1.0", "1.0.0", MAJOR),
    ],
)
def test_keeps(old, new, bump):
    """High enough."""
    assert keeps(old, new, bump)


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ("1.2.3", "1.2.2", NONE),  # backwards
        ("1.2.3", "1.2.3", PATCH),
        ("1.2.3", "1.2.9", MINOR),
        ("1.2.3", "1.9.0", MAJOR),
        ("2.0.0-rc.2", "2.0.0-rc.1", PATCH),
        ("2.0.0", "2.0.0-rc.1", NONE),
    ],
)
def test_does_not_keep(old, new, bump):
    """Too low, or backwards."""
    assert not keeps(old, new, bump)


def test_order_is_that_of_the_standard():
    """The example of semver.org, clause 11."""
    names = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11"]
    names += ["1.0.0-rc.1", "1.0.0"]
    assert sorted(names, key=lambda name: parse_version(name).order) == names
