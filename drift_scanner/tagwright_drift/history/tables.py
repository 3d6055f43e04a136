"""The tables of the history. Times are whole microseconds UTC since 1970; `details` is JSON (`details.py`).

Names carry a prefix because a Postgres database is often shared. There are no foreign keys: all writing is done by one
function in one transaction, and checking a million of them would cost more than writing them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 1
"""Of these tables. A history with another one is not touched."""

metadata = MetaData()

# Text sorts by code point everywhere, as Python sorts it: reports depend on the order.
_text = Text().with_variant(Text(collation="C"), "postgresql")
_number = BigInteger().with_variant(Integer, "sqlite")

meta = Table("tagwright_meta", metadata, Column("key", String(40), primary_key=True), Column("value", Text))

runs = Table(
    "tagwright_runs",
    metadata,
    Column("seq", _number, primary_key=True, autoincrement=False),
    Column("id", _text, nullable=False, unique=True),
    Column("scope", _text, nullable=False),
    Column("started", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("killed", Boolean, nullable=False),
    Column("inventory", _text, nullable=False),
    Column("tool_version", _text, nullable=False),
    Column("dictionary_name", _text, nullable=False),
    Column("dictionary_version", _text, nullable=False),
    Column("dictionary_digest", _text, nullable=False),
    Column("shards", _text, nullable=False),
    Column("coverage", Text, nullable=False),
    Column("metrics", Text, nullable=False),
)

cells = Table(
    "tagwright_cells",
    metadata,
    Column("id", _number, primary_key=True, autoincrement=False),
    Column("account", _text, nullable=False),
    Column("region", _text, nullable=False),
    Column("type", _text, nullable=False),
    Column("looked", BigInteger),
    Column("looked_hot", BigInteger),
    Column("believed", Integer),
    Column("doubted", Integer),
    UniqueConstraint("account", "region", "type"),
)

ledger = Table(
    "tagwright_ledger",
    metadata,
    Column("run", _number, primary_key=True, autoincrement=False),
    Column("cell", _number, primary_key=True, autoincrement=False),
    Column("state", _text, nullable=False),
    Column("reason", _text, nullable=False),
    Column("refused_by", _text, nullable=False),
    Column("resources", Integer, nullable=False),
    Column("unknown_tags", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("started", BigInteger),
    Column("ended", BigInteger),
    Column("suspect", Boolean, nullable=False),
    Column("applied", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

findings = Table(
    "tagwright_findings",
    metadata,
    Column("id", _number, primary_key=True, autoincrement=False),
    Column("cell", _number, nullable=False),
    Column("identity", _text, nullable=False),
    Column("about", BigInteger, nullable=False),
    Column("rule", _text, nullable=False),
    Column("key", _text, nullable=False),
    Column("state", _text, nullable=False),
    Column("definite", Boolean, nullable=False),
    Column("severity", _text, nullable=False),
    Column("region", _text, nullable=False),
    Column("address", _text, nullable=False),
    Column("name", _text, nullable=False),
    Column("in_group", _text, nullable=False),
    Column("members", Integer, nullable=False),
    Column("created", BigInteger),
    Column("first_seen", BigInteger, nullable=False),
    Column("age_basis", _text, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Column("resolved_at", BigInteger),
    Column("resolution", _text, nullable=False),
    Column("regressions", Integer, nullable=False),
    Column("seen_as", BigInteger, nullable=False),
    Column("usd_per_day", Double),
    Column("usd_basis", _text, nullable=False),
    Column("details", Text, nullable=False),
    # Only what a merge needs: another index, on something random, costs as much as the table itself.
    Index("tagwright_findings_of_cell", "cell"),
)

events = Table(
    "tagwright_events",
    metadata,
    Column("run", _number, primary_key=True, autoincrement=False),
    Column("finding", _number, primary_key=True, autoincrement=False),
    Column("kind", _text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("reason", _text, nullable=False),
    sqlite_with_rowid=False,
)
