"""Service levels: until when a finding is to be mended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagwright_dictionary.dictionary import (
    Condition,
    Dictionary,
    Key,
    ProviderEncoding,
    Selector,
    ServiceLevel,
    Value,
)
from tagwright_dictionary.model import Classes, Unknown
from tagwright_drift.history.records import AgeBasis, FindingRecord, FindingState
from tagwright_drift.levels import Deadline, Levels, Standing, duration, standing, time_open
from tagwright_drift.levels.deadlines import Subject

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ENVIRONMENT = Key(
    "environment",
    values=(Value("prod", aliases=("production",)), Value("dev"), Value("old", status="deprecated")),
)
PROD = Condition((("environment", ("prod",)),))
GPU = Selector(classes=("gpu",))
STRICT = ServiceLevel(GPU, 48.0, PROD, "critical")
WEEK = ServiceLevel(GPU, 168.0, severity="high")
REST = ServiceLevel(Selector(everything=True), 720.0, severity="low")


def dictionary(*levels, **more):
    return Dictionary("acme", "1.0.0", (ENVIRONMENT, Key("owner")), service_levels=levels, **more)


def record(*, classes=("gpu",), possible=(), tags=(), probable=(), account="1", first_seen=NOW):
    return FindingRecord(
        identity="i",
        rule="missing-tag",
        key="owner",
        severity="error",
        certainty="definite",
        message="",
        help="",
        suggestions=(),
        value=None,
        requirement="",
        cause="",
        address="arn",
        name="n",
        type="aws_instance",
        account=account,
        region="r",
        cell_region="r",
        classes=classes,
        possible_classes=possible,
        attributes=(),
        group="",
        members=1,
        tags=tags,
        probable=probable,
        chain="",
        created=None,
        first_seen=first_seen,
        age_basis=AgeBasis.FIRST_OBSERVED,
        last_seen=NOW,
        state=FindingState.OPEN,
    )


def due(levels=(STRICT, WEEK, REST), accounts=None, **about):
    return Levels(dictionary(*levels), accounts).deadline(record(**about))


def at(hours):
    return NOW + hours * HOUR


@pytest.mark.parametrize("order", [(STRICT, WEEK, REST), (REST, WEEK, STRICT), (WEEK, REST, STRICT)])
def test_the_strictest_level_that_applies_counts_whatever_the_order(order):
    assert due(order, tags=(("environment", "prod"),)) == Deadline(at(48), 48.0, "critical")
    assert due(order, tags=(("environment", "dev"),)) == Deadline(at(168), 168.0, "high")
    assert due(order, classes=("bucket",)) == Deadline(at(720), 720.0, "low")


def test_where_no_level_applies_there_is_no_deadline():
    assert due((STRICT, WEEK), classes=("bucket",)) is None
    assert due(()) is None
    assert due((STRICT,), tags=(("environment", "dev"),)) is None


@pytest.mark.parametrize(
    ("tags", "strict"),
    [
        pytest.param((("environment", "production"),), True, id="an alias is the value it stands for"),
        pytest.param((("environment", "old"),), False, id="a deprecated value is one"),
        pytest.param((), None, id="no tag"),
        pytest.param((("environment", ""),), None, id="an empty one"),
        pytest.param((("environment", "banana"),), None, id="a value that is none buys no time"),
        pytest.param((("environment", "unknown"),), None, id="a placeholder"),
        pytest.param((("Environment", "dev"),), None, id="another key"),
        pytest.param((("environment", "DEV"),), None, id="values are exact"),
    ],
)
def test_an_environment_that_is_not_known_may_be_production(tags, strict):
    found = due(tags=tags)
    if strict is None:
        assert found == Deadline(at(48), 48.0, "critical", False, "if environment is prod", at(168))
    elif strict:
        assert found == Deadline(at(48), 48.0, "critical")
    else:
        assert found == Deadline(at(168), 168.0, "high")


class TestWhatSurroundsIt:
    NEAR_PROD = (("environment", "prod", "node group ng-1"),)
    NEAR_DEV = (("environment", "dev", "node group ng-1"),)

    def test_its_surroundings_decide_and_say_so(self):
        assert due(probable=self.NEAR_PROD) == Deadline(
            at(48), 48.0, "critical", False, "environment = prod, from node group ng-1", at(168)
        )
        assert due(probable=self.NEAR_DEV) == Deadline(
            at(168), 168.0, "high", False, "environment = dev, from node group ng-1", at(168)
        )

    def test_its_own_tag_comes_first(self):
        assert due(tags=(("environment", "prod"),), probable=self.NEAR_DEV) == Deadline(at(48), 48.0, "critical")
        assert due(tags=(("environment", "dev"),), probable=self.NEAR_PROD) == Deadline(at(168), 168.0, "high")

    def test_then_the_account(self):
        accounts = {"1": {"environment": "dev"}, "2": {"environment": "prod"}, "3": {"environment": "banana"}}
        assert due(accounts=accounts) == Deadline(
            at(168), 168.0, "high", False, "environment = dev, from account 1", at(168)
        )
        assert due(accounts=accounts, account="2").provided == "environment = prod, from account 2"
        assert due(accounts=accounts, account="3").provided == "if environment is prod"
        assert due(accounts=accounts, account="9").provided == "if environment is prod"
        assert due(accounts=accounts, probable=self.NEAR_PROD).provided == "environment = prod, from node group ng-1"

    def test_a_value_from_elsewhere_that_changes_nothing_is_not_mentioned(self):
        lax = ServiceLevel(GPU, 999.0, PROD, "low")
        assert due((WEEK, lax), probable=self.NEAR_DEV) == Deadline(at(168), 168.0, "high")
        assert due((WEEK, lax)) == Deadline(at(168), 168.0, "high")


def test_a_class_that_it_may_have_counts_with_its_level():
    found = due(classes=(), possible=("gpu",))
    assert found == Deadline(at(48), 48.0, "critical", False, "if it is one of: gpu; if environment is prod", at(720))
    assert due((WEEK,), classes=(), possible=("gpu",)) == Deadline(
        at(168), 168.0, "high", False, "if it is one of: gpu", None
    )
    assert due((WEEK,), classes=(), possible=("bucket",)) is None


def test_several_terms_are_joined_as_everywhere():
    """False wins over unknown; unknown over true."""
    both = ServiceLevel(GPU, 1.0, Condition((("environment", ("prod",)), ("owner", ("a", "b")))), "critical")
    assert due((both, REST), tags=(("environment", "dev"),)) == Deadline(at(720), 720.0, "low")
    assert due((both, REST), tags=(("environment", "prod"), ("owner", "b"))) == Deadline(at(1), 1.0, "critical")
    assert due((both, REST), tags=(("environment", "prod"),)).provided == "if owner is a or b"
    assert due((both, REST)).provided == "if environment is prod; if owner is a or b"


def test_keys_are_read_as_the_provider_spells_them():
    spelled = dictionary(STRICT, WEEK, providers=(ProviderEncoding("aws", (("environment", "acme:env"),)),))
    assert Levels(spelled).deadline(record(tags=(("acme:env", "prod"),))) == Deadline(at(48), 48.0, "critical")
    assert not Levels(spelled).deadline(record(tags=(("environment", "prod"),))).certain
    # What an accounts file says of an account is in the dictionary's spelling.
    for key in ("acme:env", "environment"):
        near = record(probable=((key, "dev", "account 1"),))
        assert Levels(spelled).deadline(near).provided == "environment = dev, from account 1"


def test_the_clock_starts_when_the_finding_began_and_never_overflows():
    assert due((WEEK,), first_seen=NOW - 400 * HOUR).due == NOW - 232 * HOUR
    far = ServiceLevel(GPU, 1e300)
    assert due((far,)).due > NOW + timedelta(days=36_000)
    assert due((far,), first_seen=datetime(9999, 12, 31, tzinfo=UTC)).due.year == 9999


SELECTORS = (GPU, Selector(classes=("bucket",)), Selector(everything=True), Selector(types=("aws_*",)))


@settings(max_examples=400)
@given(
    st.lists(
        st.builds(
            ServiceLevel,
            st.sampled_from(
                (GPU, Selector(classes=("bucket",)), Selector(everything=True), Selector(types=("aws_*",)))
            ),
            st.sampled_from((1.0, 24.0, 48.0, 168.0)),
            st.sampled_from((Condition(), PROD, Condition((("environment", ("dev", "prod")), ("owner", ("a",)))))),
            st.sampled_from(("", "high")),
        ),
        max_size=5,
    ),
    st.sampled_from(((), ("gpu",))),
    st.sampled_from(((), ("gpu",), ("bucket",))),
    st.dictionaries(st.sampled_from(("environment", "owner")), st.sampled_from(("prod", "dev", "a", "x"))),
)
def test_a_deadline_is_never_later_than_that_of_any_way_it_may_turn_out(levels, certain, possible, tags):
    """Every unknown is filled in every way; the deadline is the earliest that any of them gives, and is certain only
    where all agree.
    """
    ready = Levels(dictionary(*levels))
    possible = tuple(name for name in possible if name not in certain)
    perhaps = tuple((name, Unknown("its type is not known")) for name in possible)
    about = Subject("aws_instance", "aws", "1", Classes(frozenset(certain), perhaps), tags)
    found = ready.deadline_of(about, NOW)
    outcomes = []
    known = {key: value for key, value in tags.items() if key == "owner" or value in ("prod", "dev")}
    for environment in (known["environment"],) if "environment" in known else ("prod", "dev"):
        for owner in (known["owner"],) if "owner" in known else ("a", "other"):
            for more in ((), possible) if possible else ((),):
                about = Subject(
                    "aws_instance", "aws", "1", Classes(frozenset((*certain, *more))),
                    {"environment": environment, "owner": owner},
                )  # fmt: skip
                outcomes.append(ready.deadline_of(about, NOW))
    assert all(each is None or each.certain for each in outcomes)
    dues = [each.due for each in outcomes if each is not None]
    assert (None if found is None else found.due) == min(dues, default=None)
    if found is not None:
        # Not the other way round: an environment that is neither prod nor dev is possible too.
        assert not found.certain or (set(dues) == {found.due} and len(dues) == len(outcomes))
        assert bool(found.provided) is not found.certain
        assert found.surely is None or found.surely >= max(dues)


class TestStanding:
    def test_breached_due_soon_open(self):
        def states(hours, *ages):
            deadline = Deadline(NOW, hours, "")
            return [standing(deadline, NOW - timedelta(hours=hours) + age * HOUR) for age in ages]

        b, s, o = Standing.BREACHED, Standing.DUE_SOON, Standing.OPEN
        assert states(48, 0, 24, 24.01, 48, 48.01) == [o, o, s, s, b]
        assert states(400, 0, 299.9, 300, 400, 401) == [o, o, s, s, b]
        assert states(12, 0, 12, 13) == [s, s, b]
        assert standing(None, NOW) is Standing.NO_DEADLINE

    @given(st.floats(0, 5_000), st.floats(-10_000, 10_000), st.floats(0, 1_000))
    def test_it_never_gets_better_with_time(self, hours, age, more):
        order = [Standing.OPEN, Standing.DUE_SOON, Standing.BREACHED]
        deadline = Deadline(NOW, hours, "")
        before = standing(deadline, NOW + age * HOUR)
        after = standing(deadline, NOW + (age + more) * HOUR)
        assert order.index(after) >= order.index(before)


class TestWords:
    @pytest.mark.parametrize(
        ("span", "words"),
        [
            (timedelta(0), "0 minutes"),
            (timedelta(seconds=119), "1 minute"),
            (1.99 * HOUR, "119 minutes"),
            (2 * HOUR, "2 hours"),
            (71.9 * HOUR, "71 hours"),
            (72 * HOUR, "3 days"),
            (timedelta(days=2_000), "2,000 days"),
            (-31 * HOUR, "31 hours"),
        ],
    )
    def test_durations(self, span, words):
        assert duration(span) == words

    def test_time_open(self):
        deadline = Deadline(NOW + 17 * HOUR, 48.0, "critical")
        assert time_open(NOW - 31 * HOUR, deadline, NOW) == "31 hours old, 17 hours left"
        assert time_open(NOW - 31 * HOUR, None, NOW) == "31 hours old"
        late = Deadline(NOW - 5 * HOUR, 48.0, "critical", False, "if environment is prod")
        assert time_open(NOW - 53 * HOUR, late, NOW) == "53 hours old, 5 hours over (if environment is prod)"
        assert time_open(NOW + HOUR, None, NOW) == "0 minutes old"
