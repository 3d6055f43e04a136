"""A dictionary in the languages of other engines. One target is one module; `targets.TARGETS` lists them.

An export never drops anything silently: what its target cannot express is a `Gap` of the result, stands in the header
of what is written, and fails `--strict`.
"""

from tagwright_policies.exports.contract import Export, File, Gap, Maker, Target
from tagwright_policies.exports.targets import TARGETS

__all__ = ["TARGETS", "Export", "File", "Gap", "Maker", "Target"]
