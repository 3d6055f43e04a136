"""Hundreds of generated configurations: our reader against plans of the real Terraform.

The same configurations on every run. TAGWRIGHT_ORACLE_EXAMPLES sets how many, TAGWRIGHT_ORACLE_SEED (a number, or
"random") others; the seed is printed, and a failure prints the configuration. TAGWRIGHT_ORACLE_SHRINK=1 makes a
failing one small first, which takes some minutes.
"""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from tests.oracle import compare, generate, harness

pytestmark = pytest.mark.usefixtures("terraform")

EXAMPLES = int(os.environ.get("TAGWRIGHT_ORACLE_EXAMPLES", "150"))
# Parts run on their own, so that two cores share them.
PARTS = 6
_SEED = os.environ.get("TAGWRIGHT_ORACLE_SEED", "20261123")


@pytest.mark.parametrize("part", range(PARTS))
def test_reader_equals_the_plan(part: int) -> None:
    """Same addresses and tags for whatever people may write; what the reader knows beyond the plan is true."""
    base = random.SystemRandom().randrange(10**9) if _SEED == "random" else int(_SEED)
    print(f"TAGWRIGHT_ORACLE_SEED={base}")
    refused: set[str] = set()
    accepted: list[int] = []

    @seed(base + part)
    @settings(
        max_examples=max(EXAMPLES // PARTS, 1),
        deadline=None,
        database=None,
        phases=[Phase.generate, *([Phase.shrink] if os.environ.get("TAGWRIGHT_ORACLE_SHRINK") else [])],
        suppress_health_check=list(HealthCheck),
    )
    @given(generate.configurations())
    def every_configuration(configuration: generate.Configuration) -> None:
        note(str(configuration))
        with tempfile.TemporaryDirectory(prefix="oracle-") as name:
            try:
                accepted.append(_check(configuration, Path(name)))
            except harness.PlanError as error:
                refused.add(f"{error}\n{configuration}")

    every_configuration()
    # The generator writes what Terraform accepts; a few clashes of types are not worth avoiding.
    assert len(refused) <= max(len(accepted) // 5, 1), min(refused)


def _check(configuration: generate.Configuration, directory: Path) -> int:
    """Compare; the number of resources."""
    from tagwright_iac.reading import ReadOptions
    from tagwright_iac.terraform.reader import read_root

    configuration.write(directory)
    plan = harness.plan(directory)
    reading = read_root(directory, ReadOptions(cwd=directory, cache=False), boundary=directory)
    assert reading.problems == ()
    assert [str(difference) for difference in compare.compare(reading, plan)] == []
    if compare.excess(reading, plan):
        for salt, world in enumerate(configuration.worlds or ((),)):
            given_values = [("var", f"{name}={value}") for name, value in world]
            resolved = harness.plan(directory, assignments=given_values, resolve=True, salt=salt)
            assert [str(difference) for difference in compare.contradictions(reading, resolved)] == []
    return len(plan.resources)
