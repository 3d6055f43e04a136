"""Tags that a bill shows and the live resource lacks (table `billed_tag`: live_id, key, written, value).

A bill spells keys in its own way: CUR 2.0 turns `cost-center` into `user_cost_center`
(https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-resource-tags.html), FOCUS keeps the key of a
user's tag and puts a prefix before a provider's (FOCUS, column Tags). Keys are compared by their letters and digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from tagwright_drift.dollars.formats import layout_of
from tagwright_drift.dollars.reading import column, quoted, source_of

_PREFIX: Final = r"^(resourceTags/)?(user[:_/])?"
_FOLD: Final = "lower(regexp_replace(regexp_replace(e.entry.key, ?, '', 'i'), '[^A-Za-z0-9]', '', 'g'))"


def fill(connection: Any, files: Iterable[tuple[Path, str]]) -> None:
    """Look the missing keys of billed resources up in the files. Tags that cannot be read say nothing."""
    connection.execute("CREATE TABLE billed_tag (live_id BIGINT, key VARCHAR, written VARCHAR, value VARCHAR)")
    connection.execute(
        "CREATE TABLE wanted AS SELECT DISTINCT m.resource, m.account, m.live_id FROM matched m "
        "WHERE m.live_id IN (SELECT live_id FROM missing)"
    )
    if not connection.execute("SELECT count(*) FROM wanted").fetchone()[0]:
        return
    for path, shown in files:
        source, arguments = source_of(path)
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}", arguments).fetchall()  # noqa: S608 - ours
        layout = layout_of((row[0] for row in described), shown)
        name = layout.found.get("tags")
        if name is None:
            continue
        kind = next(row[1] for row in described if row[0] == name)
        connection.execute(
            f"""
INSERT INTO billed_tag
WITH tagged AS (
  SELECT {column(layout, "resource")} AS resource, {column(layout, "account")} AS account, {quoted(name)} AS tags
  FROM {source} WHERE {quoted(name)} IS NOT NULL
), entry AS (
  SELECT w.live_id, unnest(map_entries({_map("t.tags", kind)})) AS entry
  FROM (SELECT DISTINCT w.live_id, t.tags FROM tagged t
        JOIN wanted w ON w.resource = t.resource AND w.account IS NOT DISTINCT FROM t.account) AS t
  JOIN (SELECT DISTINCT live_id FROM wanted) AS w ON w.live_id = t.live_id
)
SELECT DISTINCT e.live_id, m.key, e.entry.key, e.entry.value
FROM entry e JOIN missing m ON m.live_id = e.live_id
 AND {_FOLD} = lower(regexp_replace(m.key, '[^A-Za-z0-9]', '', 'g'))
WHERE trim(coalesce(e.entry.value, '')) <> ''""",  # noqa: S608 - columns are quoted identifiers, the rest is ours
            [*arguments, _PREFIX],
        )


def _map(held: str, kind: str) -> str:
    """The column as a map of text, whatever the export made of it: a Parquet map or struct, or JSON text."""
    if kind.startswith("MAP("):
        return f"TRY_CAST({held} AS MAP(VARCHAR, VARCHAR))"
    document = f"to_json({held})" if kind.startswith("STRUCT(") else f"TRY_CAST({held} AS JSON)"
    return f"TRY_CAST({document} AS MAP(VARCHAR, VARCHAR))"
