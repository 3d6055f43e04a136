"""How live resources are judged: by the same `judge` as every other gate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging import judge_for
from tagwright_dictionary.model import Judgement, Resource

Judging = Callable[[Sequence[Resource]], Sequence[Judgement]]
"""One judgement a resource, in order. The command line hands in one that also honours central exemptions."""


def plain_judging(dictionary: Dictionary, today: date) -> Judging:
    """`judge` and nothing else."""
    judge = judge_for(dictionary)
    return lambda resources: [judge.judge(resource, today) for resource in resources]
