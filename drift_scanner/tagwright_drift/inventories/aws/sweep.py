"""What the tagging API tells of one account and region: one sweep for all listers.

It knows nothing of resources that were never tagged, and of whole types; so it only saves calls. Where it is refused
or breaks off, listers read natively what it does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from tagwright_drift.inventories.aws.contract import Site
from tagwright_drift.inventories.contract import CellTrouble

_SERVICE = "resourcegroupstaggingapi"

TagsByArn = Mapping[str, tuple[tuple[str, str], ...]]


class Sweep:
    """Made on first use by the first thread that asks, while the others wait for it.

    `trouble` says why it is not whole; the calls count for the thread that made them.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = Lock()
        self._found: dict[str, tuple[tuple[str, str], ...]] | None = None
        self.trouble: CellTrouble | None = None

    def found(self) -> TagsByArn:
        """ARN to tags. A resource that the sweep names without any tag is left out: "untagged" is for a native read."""
        with self._lock:
            if self._found is None:
                self._found = self._make()
            return self._found

    def _make(self) -> dict[str, tuple[tuple[str, str], ...]]:
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        try:
            for page in self._site.pages(_SERVICE, "get_resources", ResourcesPerPage=100):
                for row in page.get("ResourceTagMappingList", ()):
                    tags = tuple((tag["Key"], tag.get("Value") or "") for tag in row.get("Tags", ()))
                    if tags:
                        found[row["ResourceARN"]] = tags
        except CellTrouble as trouble:
            self.trouble = trouble
        return found
