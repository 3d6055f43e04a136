"""Every hand-written configuration: our reader against a plan of the real Terraform."""

from __future__ import annotations

import pytest
from tests.oracle import bills, compare, corpus, harness

pytestmark = pytest.mark.usefixtures("terraform")


@pytest.mark.parametrize("name", corpus.names())
def test_reader_equals_the_plan(name: str) -> None:
    """Same addresses, same tags; known where the plan knows; what it knows beyond that holds in every world."""
    case = corpus.load(name)
    reading = corpus.read(case)
    plan = corpus.plan(case)

    assert [str(difference) for difference in compare.compare(reading, plan)] == []
    assert [str(difference) for difference in bills.compare(reading, plan)] == []
    assert reading.problems == ()
    if compare.excess(reading, plan) or case.worlds:
        for world in case.worlds or ((),):
            for salt in (0, 1):
                resolved = corpus.plan(case, dict(world), resolve=True, salt=salt)
                assert [str(difference) for difference in compare.contradictions(reading, resolved)] == []


@pytest.mark.parametrize("name", corpus.names(refused=True))
def test_what_terraform_refuses_is_never_a_traceback(name: str) -> None:
    """Terraform refuses it for the reason the case names; the reader reads it to the end, and where an expression is
    at fault claims nothing about what it would have been."""
    case = corpus.load(name)
    with pytest.raises(harness.PlanError) as refusal:
        corpus.plan(case)
    assert case.error is not None
    assert case.error in str(refusal.value)

    reading = corpus.read(case)
    undecided = [
        resource.address for resource in reading.resources if resource.exists is not None or not resource.tags.complete
    ]
    assert bool(reading.problems or undecided) is not case.read_in_spite
