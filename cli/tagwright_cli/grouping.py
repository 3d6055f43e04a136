"""Findings by source block: a block with count = 40 is one thing to fix, not forty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tagwright_dictionary.model import Finding, Judgement, Location, Resource


@dataclass(frozen=True, slots=True)
class Group:
    """Instances of one block with the same findings. `resource` None: findings about no resource that was read."""

    resource: Resource | None
    instances: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def location(self) -> Location | None:
        """Where to look first: the first finding's place, else the block."""
        for finding in self.findings:
            if finding.location is not None:
                return finding.location
        return self.resource.location if self.resource else None

    @property
    def address(self) -> str:
        """The name to show: the instance's own where there is one, else the block's."""
        if self.resource is None:
            return self.findings[0].address
        return self.resource.address if len(self.instances) == 1 else self.resource.block or self.resource.address


def group(judgements: Iterable[Judgement], shown: Iterable[Finding]) -> tuple[Group, ...]:
    """Groups of the findings in `shown`, in source order; findings of no judgement form groups by address."""
    shown = tuple(shown)
    wanted = frozenset(shown)
    blocks: dict[object, list[tuple[Resource, tuple[Finding, ...]]]] = {}
    placed: set[Finding] = set()
    for judgement in judgements:
        findings = tuple(finding for finding in judgement.findings if finding in wanted)
        placed.update(findings)
        if findings:
            resource = judgement.resource
            key = (resource.scope, resource.block or resource.address, resource.location, _shape(findings, resource))
            blocks.setdefault(key, []).append((resource, findings))
    groups = [
        Group(members[0][0], tuple(resource.address for resource, _ in members), members[0][1])
        for members in blocks.values()
    ]
    loose: dict[tuple[str, Location | None], list[Finding]] = {}
    for finding in shown:
        if finding not in placed:
            loose.setdefault((finding.address, finding.location), []).append(finding)
    groups += [Group(None, (address,) if address else (), tuple(found)) for (address, _), found in loose.items()]
    return tuple(sorted(groups, key=_order))


def _shape(findings: tuple[Finding, ...], resource: Resource) -> tuple[Finding, ...]:
    # Equal but for what names the instance itself.
    return tuple(
        replace(
            finding,
            address="",
            fingerprint="",
            message=finding.message.replace(resource.address, ""),
            help=finding.help.replace(resource.address, ""),
        )
        for finding in findings
    )


def _order(group: Group) -> tuple[str, int, int, str, str]:
    where = group.location or Location("")
    return (where.path, where.line, where.column, group.address, group.findings[0].rule)
