"""Findings by what has to be mended: a block with count = 40 is one thing to fix, and so is one wrong local that forty
blocks take their owner from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from tagwright_dictionary.model import Finding, Judgement, Location, Resource, Severity

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Group:
    """One thing to mend.

    resource   the block's first instance; None for what stands in one place and concerns several blocks, or none
    addresses  the instances of the block, or the blocks concerned
    findings   of the first instance, errors first
    """

    resource: Resource | None
    addresses: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def location(self) -> Location | None:
        """Where to look first: where the tags of the block are written, else the first finding's place."""
        if self.resource is not None:
            return self.resource.tag_location or self.resource.location
        return next((finding.location for finding in self.findings if finding.location), None)

    @property
    def address(self) -> str:
        """The name to show: the instance's own where there is one, else the block's; "" for several blocks."""
        if self.resource is None:
            return self.addresses[0] if len(self.addresses) == 1 else ""
        return self.resource.address if len(self.addresses) == 1 else _block(self.resource)


def group(judgements: Iterable[Judgement], shown: Iterable[Finding]) -> tuple[Group, ...]:
    """Groups of the findings in `shown`, in source order."""
    judgements, shown = tuple(judgements), tuple(shown)
    wanted = frozenset(shown)
    pairs = [
        (judgement.resource, finding) for judgement in judgements for finding in judgement.findings if finding in wanted
    ]
    shared = _shared(pairs)
    placed: set[Finding] = set()
    instances: dict[str, tuple[Resource, list[Finding]]] = {}
    pairs += _about_suppressions(judgements, wanted.difference(finding for _, finding in pairs))
    for resource, finding in pairs:
        placed.add(finding)
        if _place(finding) not in shared:
            instances.setdefault(f"{resource.scope}\0{resource.address}", (resource, []))[1].append(finding)
    blocks: dict[object, list[tuple[Resource, list[Finding]]]] = {}
    for resource, findings in instances.values():
        key = (resource.scope, _block(resource), resource.location, _shape(findings, resource))
        blocks.setdefault(key, []).append((resource, findings))
    groups = [
        Group(members[0][0], tuple(resource.address for resource, _ in members), _ordered(members[0][1]))
        for members in blocks.values()
    ]
    groups += [Group(None, addresses, (finding,)) for addresses, finding in shared.values()]
    loose: dict[tuple[str, Location | None], list[Finding]] = {}
    for finding in shown:
        if finding not in placed:
            loose.setdefault((finding.address, finding.location), []).append(finding)
    groups += [Group(None, (address,) if address else (), _ordered(found)) for (address, _), found in loose.items()]
    return tuple(sorted(groups, key=_order))


def _about_suppressions(
    judgements: Iterable[Judgement],
    findings: Collection[Finding],
) -> Iterator[tuple[Resource, Finding]]:
    """Findings about a comment belong to the block that the comment stands in, though its judgement lacks them."""
    if findings:
        for judgement in judgements:
            resource = judgement.resource
            places = {suppression.location for suppression in resource.suppressions}
            yield from (
                (resource, finding)
                for finding in findings
                if finding.location in places and finding.address == resource.address
            )


def _block(resource: Resource) -> str:
    return resource.block or resource.address


def _place(finding: Finding) -> Finding | None:
    """The finding without what names the resource: equal for all blocks that suffer from one wrong place."""
    return (
        replace(finding, address="", type="", fingerprint="", help="") if finding.location and finding.value else None
    )


def _shared(pairs: Iterable[tuple[Resource, Finding]]) -> dict[Finding | None, tuple[tuple[str, ...], Finding]]:
    """Findings that stand in one place and concern more than one block, with the blocks' addresses."""
    found: dict[Finding, tuple[dict[tuple[str, str], None], Finding]] = {}
    for resource, finding in pairs:
        place = _place(finding)
        if place is not None:
            found.setdefault(place, ({}, finding))[0][resource.scope, _block(resource)] = None
    return {
        place: (tuple(address for _, address in blocks), finding)
        for place, (blocks, finding) in found.items()
        if len(blocks) > 1
    }


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda each: (_RANK[each.severity], each.rule, each.key, each.message)))


def _shape(findings: Iterable[Finding], resource: Resource) -> tuple[Finding, ...]:
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
