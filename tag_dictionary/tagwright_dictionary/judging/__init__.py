"""`judge`: one resource against one dictionary on one day.

Pure standard library, no I/O, no clock, no surprises: the same arguments give the same judgement, and no resource
makes it raise. One rule is one file beside this one; `engine.CHECKS` lists them. What each rule promises stands in
its page (`data/rules/<id>.md`, shown by `tagwright explain`).
"""

from __future__ import annotations

from datetime import date

from tagwright_dictionary.dictionary import Dictionary
from tagwright_dictionary.judging.engine import Judge, fingerprint, verdict
from tagwright_dictionary.model import Judgement, Resource

__all__ = ["Judge", "fingerprint", "judge", "judge_for", "verdict"]

_KEPT = 8
_judges: dict[int, Judge] = {}


def judge_for(dictionary: Dictionary) -> Judge:
    """The `Judge` of a dictionary object; the last few are kept, so that asking again costs nothing."""
    known = _judges.get(id(dictionary))
    if known is not None and known.dictionary is dictionary:
        return known
    made = Judge(dictionary)
    while len(_judges) >= _KEPT:
        _judges.pop(next(iter(_judges)), None)
    _judges[id(dictionary)] = made
    return made


def judge(dictionary: Dictionary, resource: Resource, today: date) -> Judgement:
    """Judge a resource: its verdict and its findings, sorted. `today` decides deadlines and deprecations.

    Not applicable when the type cannot be tagged, or is unknown, or the dictionary has nothing to say about it.
    Non-compliant with a definite error; undecided when something unknown may make it so; else compliant (warnings
    and infos may remain). Never raises.
    """
    return judge_for(dictionary).judge(resource, today)
