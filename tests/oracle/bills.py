"""What reaches the things that are billed, where a plan shows it: templates and groups.

A launch template's instances and volumes carry its tag_specifications, under what the groups that use it add; a
group's instances at least the `tag` blocks that propagate. How a group finds its template is not in a plan (its id is
unknown), so nothing is said about that.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.compare import Difference, Kind, compare_tags
from tests.oracle.planned import Plan, PlannedResource, PlannedTags
from tests.oracle.terraform import UnknownMark

from tagwright_dictionary.model import Reading, Resource, Unknown


def compare(reading: Reading, plan: Plan) -> list[Difference]:
    """Where the reader's bills of templates and groups differ from the plan."""
    found: list[Difference] = []
    for resource in reading.resources:
        planned = plan.resources.get(resource.address)
        if planned is None:
            continue
        if resource.type == "aws_launch_template":
            found += _template(resource, planned)
        elif resource.type == "aws_autoscaling_group":
            found += _group(resource, planned)
    return found


def _template(resource: Resource, planned: PlannedResource) -> Iterator[Difference]:
    specifications = planned.tag_specifications()
    if isinstance(specifications, UnknownMark):
        return
    for what, kind in (("instances", "instance"), ("volumes", "volume")):
        expected = next((tags for name, tags in specifications if name == kind), PlannedTags())
        for bill in resource.bills:
            if bill.what == what:
                added = {tag.key for tag in bill.tags.items if tag.origin and tag.origin.name != resource.address}
                for difference in compare_tags(resource.address, bill.tags, expected):
                    if difference.kind is not Kind.MORE and difference.key not in added:
                        yield difference


def _group(resource: Resource, planned: PlannedResource) -> Iterator[Difference]:
    blocks = planned.tag_blocks()
    if isinstance(blocks, UnknownMark):
        return
    propagated = {key: value for key, value, travels in blocks if travels is True and isinstance(key, str)}
    for bill in resource.bills:
        if not bill.what.startswith("instances"):
            continue
        for key, value in propagated.items():
            tag = bill.tags.get(key)
            if value is None or isinstance(value, UnknownMark):
                continue
            if tag is None or isinstance(tag.value, Unknown) or tag.value != value:
                ours = "absent" if tag is None else repr(tag.value)
                yield Difference(Kind.VALUE, f"{resource.address} ({bill.what})", key, ours, repr(value))
