"""The options of a component's children."""

from __future__ import annotations

import pulumi


def child_options(
    parent: pulumi.Resource, user: pulumi.ResourceOptions | None = None, *, adopt: bool = False
) -> pulumi.ResourceOptions:
    """The user's options for a child, below its component.

    Pulumi hands providers and `protect` down by itself, but not `ignore_changes`, `retain_on_delete` and the like:
    hence `user`. With `adopt` a resource of the same type and name that stood at the top of the program until now
    becomes this child: it is neither replaced nor deleted.
    """
    aliases = [pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)] if adopt else None
    merged = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(aliases=aliases), user)
    merged.parent = parent
    return merged
