"""What a run does to a finding, rule by rule: each with what must not happen beside what must."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.drift_scanner.history.kit import CELL, HOUR, START, WHOLE, Told, run, seen
from tests.drift_scanner.history.memory import InMemory

from tagwright_drift.cells import CellState
from tagwright_drift.history.folding import fold
from tagwright_drift.history.merge import Guard

DAY = timedelta(days=1)
OTHERS = [state for state in CellState if state is not WHOLE]


def told(*observations, state=WHOLE):
    return (CELL, state, observations)


def lived(*runs, guard=None):
    """The life of the only finding, after runs."""
    history = InMemory(guard)
    for each in runs:
        history.apply(each)
    (life,) = history.lives().values()
    return life


def events(*runs, guard=None):
    history = InMemory(guard)
    for each in runs:
        history.apply(each)
    return [(int(run_id.rpartition("-")[2], 16), kind) for run_id, _, kind in history.events]


def test_a_finding_that_stays_is_new_once_and_seen_last_by_the_last_run():
    runs = [run(number, told(seen())) for number in range(3)]
    assert lived(*runs) == ("open", True, START, "first_observed", START + 2 * DAY, None, 0)
    assert events(*runs) == [(0, "new")]


@pytest.mark.parametrize("after", [[], [seen(shows="compliant")]])
def test_a_whole_cell_that_no_longer_shows_it_resolves_it(after):
    runs = [run(0, told(seen())), run(1, told(*after))]
    assert lived(*runs) == ("resolved", True, START, "first_observed", START, START + DAY, 0)
    assert events(*runs) == [(0, "new"), (1, "resolved")]


@pytest.mark.parametrize("state", OTHERS)
@pytest.mark.parametrize("after", [[], [seen(shows="compliant")]])
def test_no_other_cell_resolves_it_and_its_clock_keeps_running(state, after):
    runs = [run(0, told(seen())), run(1, told(*after, state=state))]
    assert lived(*runs) == ("open", True, START, "first_observed", START, None, 0)
    assert events(*runs) == [(0, "new")]


@pytest.mark.parametrize("state", OTHERS)
def test_what_a_broken_cell_did_show_counts(state):
    assert lived(run(0, told(seen(), state=state))) == ("open", True, START, "first_observed", START, None, 0)


def test_a_scan_that_was_killed_leaves_what_it_saw():
    killed = run(0, Told(CELL, CellState.UNSEEN, (seen(),), finished=False), killed=True)
    assert lived(killed) == ("open", True, START, "first_observed", START, None, 0)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(seen(shows="undecided"), id="the same finding, not for certain"),
        pytest.param(seen(shows="undecided", key="team"), id="another, and its tags are known"),
        pytest.param(seen(shows="blind"), id="its tags could not be read"),
    ],
)
def test_what_is_not_known_never_resolves_a_definite_finding(after):
    history = InMemory()
    history.apply(run(0, told(seen())))
    ((key, before),) = history.lives().items()
    history.apply(run(1, told(after)))
    resolves = after.live.resource.tags.complete and after.judgement.findings[0].key == "team"
    expected = ("resolved", True, START, "first_observed", START, START + DAY, 0) if resolves else before
    assert history.lives()[key] == expected


def test_a_definite_finding_takes_the_place_of_the_undecided_one_with_its_age():
    runs = [run(0, told(seen(shows="undecided"))), run(1, told(seen()))]
    assert lived(*runs) == ("open", True, START, "first_observed", START + DAY, None, 0)
    assert events(*runs) == [(0, "new")]


def test_tags_that_do_not_reach_the_bill_are_only_mended_where_the_bill_is_known():
    first = run(0, told(seen(rule="unreached")))
    assert lived(first, run(1, told(seen(shows="compliant", blind_bill=True))))[0] == "open"
    assert lived(first, run(1, told(seen(shows="compliant"))))[0] == "resolved"
    # What the bill shows says nothing of the resource's own tags.
    own = run(0, told(seen()))
    assert lived(own, run(1, told(seen(shows="compliant", blind_bill=True))))[0] == "resolved"


def test_an_exemption_resolves_and_says_so_and_its_end_is_a_relapse():
    history = InMemory()
    history.apply(run(0, told(seen())))
    (outcome,) = history.apply(run(1, told(seen(shows="exempt"))))
    assert [change.after.resolution for change in outcome.changes] == ["exempt"]
    history.apply(run(2, told(seen())))
    assert [kind for _, _, kind in history.events] == ["new", "resolved", "regressed"]


def test_a_relapse_starts_the_clock_again_and_is_counted():
    runs = [run(0, told(seen())), run(1, told(seen(shows="compliant"))), run(2, told(seen()))]
    assert lived(*runs) == ("open", True, START + 2 * DAY, "first_observed", START + 2 * DAY, START + DAY, 1)
    assert events(*runs) == [(0, "new"), (1, "resolved"), (2, "regressed")]


def test_a_doubt_reopens_a_finding_as_a_question_and_only_proof_makes_it_a_relapse():
    story = [run(0, told(seen())), run(1, told()), run(2, told(seen(shows="undecided")))]
    assert lived(*story) == ("open", False, START + 2 * DAY, "first_observed", START + 2 * DAY, START + DAY, 0)
    assert events(*story)[-1] == (2, "new")
    assert lived(*story, run(3, told(seen())))[-1] == 1
    assert lived(*story, run(3, told(seen(shows="compliant"))))[-1] == 0


class TestWhenItBegan:
    OLD = START - 100 * DAY

    def test_with_its_resource_when_no_scan_could_have_met_it(self):
        assert lived(run(0, told(seen(created=self.OLD))))[2:4] == (self.OLD, "created")
        later = START + 0.75 * DAY  # after the first scan was over
        assert lived(run(0, told()), run(1, told(seen(created=later))))[2:4] == (later, "created")

    @pytest.mark.parametrize(
        "before",
        [
            pytest.param(told(seen(shows="compliant", created=OLD)), id="it was in order: a tag was taken off since"),
            pytest.param(told(), id="it was not listed"),
            pytest.param(told(seen(name="other", shows="compliant"), state=CellState.PARTIAL), id="a part was seen"),
        ],
    )
    def test_with_the_scan_that_met_it_when_an_earlier_one_looked(self, before):
        """The same holds for a rule that came later: the scan before it saw nothing wrong."""
        assert lived(run(0, before), run(1, told(seen(created=self.OLD))))[2:4] == (START + DAY, "first_observed")

    def test_an_earlier_scan_that_saw_nothing_of_the_cell_proves_nothing(self):
        before = told(state=CellState.DENIED)
        assert lived(run(0, before), run(1, told(seen(created=self.OLD))))[2:4] == (self.OLD, "created")

    def test_a_resource_made_while_a_scan_was_looking_may_have_been_met(self):
        made = START + HOUR / 4
        assert lived(run(0, told()), run(1, told(seen(created=made))))[2:4] == (START + DAY, "first_observed")

    def test_never_in_the_future(self):
        assert lived(run(0, told(seen(created=START + 9 * DAY))))[2:4] == (START, "created")

    def test_a_group_is_as_old_as_its_first_finding_whatever_the_age_of_its_members(self):
        first = [seen(name=f"i-{n}", group="asg:trainers", created=START - n * DAY) for n in (1, 2)]
        young = [seen(name="i-9", group="asg:trainers", created=START + 5 * DAY)]
        assert lived(run(0, told(*first)), run(6, told(*young))) == (
            "open", True, START, "first_observed", START + 6 * DAY, None, 0,
        )  # fmt: skip

    def test_a_group_that_was_empty_for_a_night_keeps_its_age_and_one_that_was_in_order_does_not(self):
        member = seen(name="i-1", group="asg:trainers")
        better = seen(name="i-2", group="asg:trainers", shows="compliant")
        assert lived(run(0, told(member)), run(1, told()), run(2, told(member)))[2] == START
        assert lived(run(0, told(member)), run(1, told(better)), run(2, told(member)))[2] == START + 2 * DAY


class TestGroups:
    def test_members_fold_into_one_with_the_oldest_as_its_example(self):
        members = [seen(name=f"i-{n}", group="asg:trainers", created=START - n * DAY) for n in (1, 3, 2)]
        (one,) = fold(
            [*members, members[0], seen(name="i-4", group="asg:trainers", shows="compliant")]
        ).findings.values()
        assert (one.members, one.address, one.name) == (3, members[1].live.resource.address, "trainers")
        assert one.created is None

    def test_members_that_are_certain_count(self):
        members = [
            seen(name="i-1", group="asg:trainers", shows="undecided"),
            seen(name="i-2", group="asg:trainers"),
            seen(name="i-3", group="asg:trainers", shows="undecided"),
        ]
        (one,) = fold(members).findings.values()
        assert (one.definite, one.members, one.address) == (True, 1, members[1].live.resource.address)

    def test_members_that_are_all_uncertain_count_too(self):
        members = [
            seen(name=f"i-{n}", group="asg:trainers", shows="undecided", created=START + n * DAY) for n in (2, 1, 3)
        ]
        (one,) = fold(members).findings.values()
        assert (one.definite, one.members, one.address) == (False, 3, members[1].live.resource.address)

    def test_one_member_that_could_not_be_read_keeps_the_group_open(self):
        first = run(0, told(seen(name="i-1", group="asg:trainers")))
        good = seen(name="i-2", group="asg:trainers", shows="compliant")
        assert lived(first, run(1, told(good)))[0] == "resolved"
        assert lived(first, run(1, told(good, seen(name="i-3", group="asg:trainers", shows="blind"))))[0] == "open"

    def test_groups_of_the_same_name_elsewhere_are_others(self):
        assert len(fold([seen(group="asg:a"), seen(group="asg:b")]).findings) == 2


class TestShrinking:
    MANY = tuple(seen(name=f"q{n}") for n in range(40))

    def states(self, *runs, guard=None, accept=()):
        history = InMemory(guard)
        outcomes = []
        for number, each in enumerate(runs):
            outcomes += history.apply(each, guard=Guard(accept=True) if number in accept else None)
        return [each.result.suspect for each in outcomes], sorted({life[0] for life in history.lives().values()})

    def test_a_cell_that_lost_most_of_what_it_held_is_not_believed_until_it_says_so_again(self):
        few = self.MANY[:19]
        assert self.states(run(0, told(*self.MANY)), run(1, told(*few))) == ([False, True], ["open"])
        thrice = [run(0, told(*self.MANY)), run(1, told(*few)), run(2, told(*few))]
        assert self.states(*thrice) == ([False, True, False], ["open", "resolved"])

    @pytest.mark.parametrize("left", [20, 21, 39, 40])
    def test_a_smaller_fall_is_believed(self, left):
        assert self.states(run(0, told(*self.MANY)), run(1, told(*self.MANY[:left])))[0] == [False, False]

    def test_a_fall_of_few_is_believed_whatever_its_share(self):
        assert self.states(run(0, told(*self.MANY[:19])), run(1, told()))[0] == [False, False]
        assert self.states(run(0, told(*self.MANY[:20])), run(1, told()))[0] == [False, True]

    def test_it_is_believed_when_somebody_says_so(self):
        runs = [run(0, told(*self.MANY)), run(1, told())]
        assert self.states(*runs, accept=(1,)) == ([False, False], ["resolved"])

    def test_what_came_back_was_never_gone(self):
        runs = [run(0, told(*self.MANY)), run(1, told()), run(2, told(*self.MANY))]
        assert self.states(*runs) == ([False, True, False], ["open"])
        assert events(*runs).count((2, "regressed")) == 0

    def test_a_partial_run_is_no_second_witness(self):
        runs = [run(0, told(*self.MANY)), run(1, told()), run(2, told(state=CellState.PARTIAL))]
        assert self.states(*runs) == ([False, True, False], ["open"])

    def test_a_group_that_scales_in_is_no_loss(self):
        members = [seen(name=f"i-{n}", group="asg:trainers") for n in range(100)]
        assert self.states(run(0, told(*members)), run(1, told(*members[:1])))[0] == [False, False]


class TestAccelerators:
    """A hot run sees the accelerators of a cell, not the rest of it."""

    GPU = ("compute", "gpu")

    def hot(self, number, *observations):
        return run(number, told(*observations), scope="hot")

    def test_it_resolves_what_it_sees_in_order_and_nothing_that_it_does_not_see(self):
        first = run(0, told(seen(classes=self.GPU)))
        assert lived(first, self.hot(1, seen(shows="compliant", classes=self.GPU)))[0] == "resolved"
        assert lived(first, self.hot(1))[0] == "open"

    def test_it_says_nothing_of_how_much_a_cell_holds(self):
        many = [seen(name=f"i-{n}") for n in range(40)]
        history = InMemory()
        for each in (run(0, told(*many)), self.hot(1), run(2, told(*many))):
            (outcome,) = history.apply(each)
            assert not outcome.result.suspect
        assert {life[0] for life in history.lives().values()} == {"open"}

    def test_it_may_have_met_an_accelerator_and_no_other_resource(self):
        made = START + DAY / 2
        assert lived(run(0, told()), self.hot(1), run(2, told(seen(created=made))))[2:4] == (made, "created")
        late = run(2, told(seen(created=made, classes=self.GPU)))
        assert lived(run(0, told()), self.hot(1), late)[2:4] == (START + 2 * DAY, "first_observed")

    def test_a_full_run_that_ends_after_a_younger_hot_one_still_counts(self):
        full = run(0, told(seen("bucket"), seen("gpu", classes=self.GPU)))
        hot = run(
            1, Told(CELL, WHOLE, (seen("gpu", classes=self.GPU),), START + 2 * HOUR, START + 2 * HOUR), scope="hot"
        )
        history = InMemory()
        history.apply(hot)
        (outcome,) = history.apply(full)
        assert outcome.applied
        assert sorted(life[4] for life in history.lives().values()) == [START, START + 2 * HOUR]

    def test_what_a_younger_hot_run_resolved_an_older_full_one_does_not_reopen(self):
        history = InMemory()
        history.apply(run(0, told(seen(classes=self.GPU))))
        hot = run(1, Told(CELL, WHOLE, (seen(shows="compliant", classes=self.GPU),), START + DAY + 2 * HOUR))
        for each in (replace(hot, scope="hot"), run(1, told(seen(classes=self.GPU)))):
            history.apply(each)
        ((state, *_),) = history.lives().values()
        assert state == "resolved"


def test_a_run_that_saw_a_cell_before_the_history_last_did_changes_nothing():
    history = InMemory()
    history.apply(run(2, told(seen(shows="compliant"))))
    (outcome,) = history.apply(run(1, told(seen())))
    assert not outcome.applied
    assert history.lives() == {}
    # A later run that saw nothing of the cell is no reason to refuse what an earlier one saw.
    other = InMemory()
    other.apply(run(2, told(state=CellState.DENIED)))
    (outcome,) = other.apply(run(1, told(seen())))
    assert outcome.applied
    assert len(other.lives()) == 1


def test_a_resource_that_was_made_anew_under_its_old_name_is_another():
    story = [run(0, told(seen(incarnation="2020"))), run(1, told(seen(incarnation="2026")))]
    history = InMemory()
    for each in story:
        history.apply(each)
    assert sorted(life[0] for life in history.lives().values()) == ["open", "resolved"]
