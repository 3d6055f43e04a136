"""Answers of EC2 as facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from tagwright_drift.inventories.aws.building import pairs_of, when
from tagwright_drift.inventories.aws.compute.requirements import data_attributes, override_attributes
from tagwright_drift.reach.facts import (
    Attached,
    Attributes,
    Disk,
    Fleet,
    Machine,
    Pairs,
    Template,
    TemplateRef,
    Version,
)

Row = Mapping[str, Any]
_GONE = frozenset({"terminated", "shutting-down"})
_FLEET_STATES = frozenset({"submitted", "active", "modifying"})


def split_tags(value: Any) -> tuple[Pairs, Pairs]:
    """A person's tags and AWS's own, each sorted."""
    pairs = sorted(pairs_of(value))
    own = tuple(pair for pair in pairs if not pair[0].startswith("aws:"))
    return own, tuple(pair for pair in pairs if pair[0].startswith("aws:"))


def own_tags(value: Any) -> Pairs:
    return split_tags(value)[0]


def machines_in(page: Row) -> Iterator[Machine]:
    """The instances of one page that exist: one that is terminated is shown for an hour and bills nothing."""
    for reservation in page.get("Reservations", ()):
        for row in reservation.get("Instances", ()):
            if (row.get("State") or {}).get("Name") not in _GONE:
                yield _machine(row)


def leaving_in(page: Row) -> Iterator[str]:
    """The instances of one page that are going or gone: the volumes that go with them are no resources either."""
    for reservation in page.get("Reservations", ()):
        for row in reservation.get("Instances", ()):
            if (row.get("State") or {}).get("Name") in _GONE:
                yield str(row["InstanceId"])


def _machine(row: Row) -> Machine:
    own, reserved = split_tags(row.get("Tags"))
    root = row.get("RootDeviceName")
    disks = tuple(
        Attached(
            str(ebs["VolumeId"]),
            bool(ebs.get("DeleteOnTermination")) or mapping.get("DeviceName") == root,
            mapping.get("DeviceName") == root,
        )
        for mapping in row.get("BlockDeviceMappings") or ()
        if (ebs := mapping.get("Ebs") or {}).get("VolumeId")
    )
    return Machine(str(row["InstanceId"]), str(row.get("InstanceType", "")), _launched(row), own, reserved, disks)


def _launched(row: Row) -> datetime | None:
    """When it was first started. LaunchTime moves with every stop and start; the primary network interface and the
    root volume were attached at birth and stay.
    """
    root = row.get("RootDeviceName")
    times = [when(row.get("LaunchTime"))]
    times += [
        when((each.get("Attachment") or {}).get("AttachTime"))
        for each in row.get("NetworkInterfaces") or ()
        if (each.get("Attachment") or {}).get("DeviceIndex") == 0
    ]
    times += [
        when((each.get("Ebs") or {}).get("AttachTime"))
        for each in row.get("BlockDeviceMappings") or ()
        if each.get("DeviceName") == root
    ]
    return min((each for each in times if each is not None), default=None)


def stays(row: Row, leaving: AbstractSet[str]) -> bool:
    """Whether a volume exists by itself: not one that goes with an instance that is going."""
    return not any(each.get("InstanceId") in leaving and each.get("DeleteOnTermination") for each in _attached(row))


def _attached(row: Row) -> list[Row]:
    return [each for each in row.get("Attachments") or () if each.get("InstanceId")]


def disk(row: Row, root_of: Mapping[str, str]) -> Disk:
    """A volume. `root_of`: the root volume's id for each instance, which came with it whatever its flag says."""
    attachments = _attached(row)
    machine = str(attachments[0]["InstanceId"]) if len(attachments) == 1 else ""
    id_ = str(row["VolumeId"])
    follows = bool(machine) and (bool(attachments[0].get("DeleteOnTermination")) or root_of.get(machine) == id_)
    return Disk(id_, when(row.get("CreateTime")), own_tags(row.get("Tags")), machine, follows)


def templates_in(page: Row) -> Iterator[Template]:
    for row in page.get("LaunchTemplates", ()):
        yield Template(
            str(row["LaunchTemplateId"]),
            str(row.get("LaunchTemplateName", "")),
            when(row.get("CreateTime")),
            own_tags(row.get("Tags")),
        )


def version(row: Row) -> Version:
    data = row.get("LaunchTemplateData") or {}
    given: dict[str, dict[str, str]] = {"instance": {}, "volume": {}}
    for specification in data.get("TagSpecifications") or ():
        kept = given.get(str(specification.get("ResourceType")))
        if kept is not None:
            kept.update(pairs_of(specification.get("Tags")))
    return Version(
        str(row["LaunchTemplateId"]),
        int(row["VersionNumber"]),
        tuple(sorted(given["instance"].items())),
        tuple(sorted(given["volume"].items())),
        data_attributes(data),
    )


def reference(row: Row | None) -> TemplateRef | None:
    """A LaunchTemplateSpecification of EC2 or Auto Scaling; without a version it means the default one."""
    if not row or not (row.get("LaunchTemplateId") or row.get("LaunchTemplateName")):
        return None
    version_ = str(row.get("Version") or "$Default")
    return TemplateRef(str(row.get("LaunchTemplateId") or ""), str(row.get("LaunchTemplateName") or ""), version_)


def fleets_in(page: Row) -> Iterator[Fleet]:
    """EC2 Fleets that were not deleted. Instant ones, which exist for one request only, AWS does not list."""
    return (_ec2_fleet(row) for row in page.get("Fleets", ()) if row.get("FleetState") in _FLEET_STATES)


def spot_fleets_in(page: Row) -> Iterator[Fleet]:
    for row in page.get("SpotFleetRequestConfigs", ()):
        if row.get("SpotFleetRequestState") in _FLEET_STATES:
            yield _spot_fleet(row)


def _ec2_fleet(row: Row) -> Fleet:
    configs = row.get("LaunchTemplateConfigs") or ()
    refs = (reference(each.get("LaunchTemplateSpecification")) for each in configs)
    return Fleet(
        str(row["FleetId"]),
        False,
        when(row.get("CreateTime")),
        own_tags(row.get("Tags")),
        tuple(dict.fromkeys(ref for ref in refs if ref is not None)),
        attributes=override_attributes(
            "launch_template_config.override.", (each for config in configs for each in config.get("Overrides") or ())
        ),
    )


def _spot_fleet(row: Row) -> Fleet:
    config = row.get("SpotFleetRequestConfig") or {}
    configs = config.get("LaunchTemplateConfigs") or ()
    specifications = config.get("LaunchSpecifications") or ()
    refs = (reference(each.get("LaunchTemplateSpecification")) for each in configs)
    return Fleet(
        str(row["SpotFleetRequestId"]),
        True,
        when(row.get("CreateTime")),
        own_tags(row.get("Tags")),
        tuple(dict.fromkeys(ref for ref in refs if ref is not None)),
        tuple(_instance_tags(each) for each in specifications),
        override_attributes(
            "launch_template_config.overrides.", (each for one in configs for each in one.get("Overrides") or ())
        )
        + _types("launch_specification.instance_type", specifications),
    )


def _instance_tags(specification: Row) -> Pairs:
    found: dict[str, str] = {}
    for each in specification.get("TagSpecifications") or ():
        if each.get("ResourceType") == "instance":
            found.update(pairs_of(each.get("Tags")))
    return tuple(sorted(found.items()))


def _types(path: str, rows: Any) -> Attributes:
    values = tuple(str(row["InstanceType"]) for row in rows if row.get("InstanceType"))
    return ((path, values),) if values else ()
