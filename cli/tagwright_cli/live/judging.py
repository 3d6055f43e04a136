"""Live resources through the same gate as code: `judge`, then the central exemptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.model import Judgement, Reading, Resource
from tagwright_drift.judging import Judging
from tagwright_policies.gate import gate


def gated(dictionary: Dictionary, today: date) -> Judging:
    """A live resource has no comment to suppress a finding and no baseline; an exemption covers it by its ARN, type
    or account, until its last day.
    """

    def judge(resources: Sequence[Resource]) -> Sequence[Judgement]:
        return gate(dictionary, Reading(tuple(resources)), today=today, partial=True).judgements

    return judge
