"""Red, yellow, green: a share against the dictionary's targets."""

from __future__ import annotations

from tagwright_dictionary.dictionary import Target
from tagwright_drift.report.model import Light, Measure

# Practitioners publish more than 98% of spend and more than 95% of resources as targets (LIVE_AWS.md 2.6, a blog's
# figures; the FinOps Foundation's own playbooks define the KPI and leave the target open). Where yellow ends is ours.
DEFAULTS = {
    "spend_compliance": Target("spend_compliance", 98.0, 90.0),
    "count_compliance": Target("count_compliance", 95.0, 85.0),
}


def target_for(measure: str, targets: tuple[Target, ...]) -> Target:
    """The dictionary's target for a measure, else the default."""
    return next((target for target in targets if target.measure == measure), DEFAULTS[measure])


def light(share: float | None, target: Target) -> Light:
    if share is None:
        return Light.NONE
    if share >= target.green:
        return Light.GREEN
    return Light.YELLOW if share >= target.yellow else Light.RED


def share_of(part: float | None, whole: float | None) -> float | None:
    """`part` of `whole` in percent; None where either is not known or there is nothing to take a share of."""
    if part is None or not whole or whole < 0:
        return None
    return min(max(part / whole, 0.0), 1.0) * 100


def measured(name: str, part: float | None, whole: float | None, target: Target | None) -> Measure:
    share = share_of(part, whole)
    return Measure(name, part, whole, share, target, Light.NONE if target is None else light(share, target))
