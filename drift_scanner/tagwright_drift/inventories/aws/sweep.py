"""What the tagging API tells of one account and region: one sweep for all listers.

It knows nothing of resources that were never tagged, and of whole types; so it only saves calls. Where it is refused
or breaks off, listers read natively what it does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

from tagwright_drift.cells import CellState
from tagwright_drift.inventories.aws.contract import Refused, Site
from tagwright_drift.inventories.contract import CellTrouble

_SERVICE = "resourcegroupstaggingapi"
_PAGE = 100
_WRONG = "InvalidParameterException"

TagsByArn = Mapping[str, tuple[tuple[str, str], ...]]


class Sweep:
    """Made on first use by the first thread that asks, while the others wait for it.

    `services` narrows it to what listers join with ("lambda", "s3"): in an account of machines, the tags of all its
    volumes would be most of it, and those come with their own lists. `trouble` says why it is not whole; the calls
    count for the thread that made them.
    """

    def __init__(self, site: Site, services: tuple[str, ...] = ()) -> None:
        self._site = site
        self._services = services
        self._lock = Lock()
        self._found: dict[str, tuple[tuple[str, str], ...]] | None = None
        self.trouble: CellTrouble | None = None

    def found(self) -> TagsByArn:
        """ARN to tags. A resource that the sweep names without any tag is left out: "untagged" is for a native read."""
        with self._lock:
            if self._found is None:
                self._found = {}
                self._fill(self._found)
            return self._found

    def _fill(self, found: dict[str, tuple[tuple[str, str], ...]]) -> None:
        try:
            try:
                self._read(found, {"ResourceTypeFilters": list(self._services)} if self._services else {})
            except Refused:  # a service that the tagging API does not know as a filter
                self._read(found, {})
        except Refused as refused:
            self.trouble = CellTrouble(CellState.ERROR, str(refused))
        except CellTrouble as trouble:
            self.trouble = trouble

    def _read(self, found: dict[str, tuple[tuple[str, str], ...]], narrowed: Mapping[str, Any]) -> None:
        """Page by page through `call`, so that keys that end between two pages are renewed; a page that came twice
        does no harm here.
        """
        token = ""
        while True:
            more = {"PaginationToken": token} if token else {}
            page = self._site.call(
                _SERVICE, "get_resources", answers=(_WRONG,), ResourcesPerPage=_PAGE, **narrowed, **more
            )
            for row in page.get("ResourceTagMappingList", ()):
                tags = tuple((tag["Key"], tag.get("Value") or "") for tag in row.get("Tags", ()))
                if tags:
                    found[row["ResourceARN"]] = tags
            last, token = token, page.get("PaginationToken") or ""
            if not token or token == last:
                return
