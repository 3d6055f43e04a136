"""What makes two findings of different scans the same one."""

from __future__ import annotations

from hashlib import sha256

from tagwright_drift.live import LiveResource


def subject(live: LiveResource) -> str:
    """Whom a finding is about: the group that makes an ephemeral resource (an instance that scales in and comes back
    without its tags must not start the clock again), else the resource itself in its present incarnation.
    """
    if live.group:
        return f"{live.cell.account}/{live.region}/{live.cell.type}/{live.group}"
    return f"{live.resource.address}#{live.incarnation}" if live.incarnation else live.resource.address


def identity(subject_: str, rule: str, key: str) -> str:
    """32 hex digits: of the subject, the rule and the tag key; not of the message and not of the dictionary."""
    text = f"{subject_}\x1f{rule}\x1f{key}"
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
