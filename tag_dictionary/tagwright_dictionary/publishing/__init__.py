"""Publishing a dictionary as a static site: pages for people, data for programs, a feed of changes.

`publish` writes it. Everything is made of one dictionary (and earlier versions of it, for the changelog), needs no
server and asks nothing of the network.
"""

from tagwright_dictionary.publishing.facts import Release
from tagwright_dictionary.publishing.site import Options, Published, publish

__all__ = ["Options", "Published", "Release", "publish"]
