"""Do the tags of live carriers reach what is billed, and where do they stop?

`facts` is what one account and region tells, `joined` who belongs to whom, `bills` the tags that the live instances
and volumes behind a carrier really carry, `chains` the way of the tags to one instance or volume, `words` that way in
one line for one key. Everything here is a pure function of the facts.
"""

from tagwright_drift.reach.words import broken_hop, chain_fix, chain_words

__all__ = ["broken_hop", "chain_fix", "chain_words"]
