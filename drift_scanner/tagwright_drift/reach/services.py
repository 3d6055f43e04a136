"""ECS services: their tasks carry tags only where the service says `propagateTags` (ECS developer guide, "Tagging
Amazon ECS resources").
"""

from __future__ import annotations

from tagwright_dictionary.model import NO_TAGS, Bill, Tags, Unknown
from tagwright_iac.reach.tagsets import unseen

SERVICE, TASK_DEFINITION = "SERVICE", "TASK_DEFINITION"
_FIX = 'set propagate_tags = "SERVICE", or "TASK_DEFINITION" with the tags on the task definition'


def service_bills(mode: str, own: Tags, definition: Tags | None) -> tuple[Bill, ...]:
    """The tasks that the service starts; `mode` is its propagateTags, `definition` the tags of its task definition."""
    hop = "an ECS service propagates no tags to its tasks without propagate_tags"
    tags = NO_TAGS
    if mode == SERVICE:
        tags = own
    elif mode == TASK_DEFINITION:
        tags = definition if definition is not None else unseen(Unknown("its task definition was not read"))
        hop = 'propagate_tags = "TASK_DEFINITION" takes the tags of the task definition, not those of the service'
    return (Bill("tasks", tags, broken_hop=hop, fix=_FIX),)
