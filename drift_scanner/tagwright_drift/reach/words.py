"""The way of the tags in one line for one key, and what the surroundings suggest."""

from __future__ import annotations

from collections.abc import Iterator

from tagwright_dictionary.judging.text import plain
from tagwright_dictionary.model import TagValue
from tagwright_drift.live import Hop
from tagwright_drift.reach.chains import NOT_SEEN
from tagwright_drift.reach.facts import Disk, Group, Machine, Pairs, TemplateRef
from tagwright_drift.reach.hops import TAG_OR_REPLACE, TAG_WHERE_IT_STARTS
from tagwright_drift.reach.joined import Joined
from tagwright_drift.reach.makers import cluster_of

_LONGEST = 400
_NOBODYS = ("aws:", "eks:", "k8s.io/", "karpenter.k8s.aws/", "karpenter.sh/", "kubernetes.io/")
"""Beginnings of keys that machinery writes: no value of theirs is anybody's answer."""

Probable = tuple[tuple[str, TagValue, str], ...]


def broken_hop(chain: tuple[Hop, ...], key: str) -> Hop | None:
    """The last station that carries `key` when the end does not; None when the end does, or nothing does."""
    if not chain or key in chain[-1].carries:
        return None
    return next((hop for hop in reversed(chain[:-1]) if key in hop.carries), None)


def chain_words(chain: tuple[Hop, ...], key: str) -> str:
    """Where `key` stops on its way, on one line; "" when it arrives, or when there is no way to speak of."""
    if len(chain) < 2 or key in chain[-1].carries:
        return ""
    *way, end = chain
    stop = broken_hop(chain, key)
    if stop is None:
        stations = ", ".join(dict.fromkeys(hop.what for hop in way if not hop.why.startswith(NOT_SEEN)))
        text = f"nothing on the way to {end.what} carries {key}" + (f" ({stations})" if stations else "")
    elif stop.passes:
        text = f"{stop.what} gives {key} at launch; {end.what} started before that, or it was taken off"
    else:
        text = f"{stop.what} carries {key}; it stops there: {stop.why}"
    unseen = [hop for hop in way if hop.why.startswith(NOT_SEEN)]
    return plain("; ".join((text, *(f"{hop.what} was {hop.why}" for hop in unseen))), _LONGEST)


def chain_fix(chain: tuple[Hop, ...], key: str) -> str:
    """What to change so that `key` arrives; "" when it does, or when there is no way to speak of."""
    if len(chain) < 2 or key in chain[-1].carries:
        return ""
    stop = broken_hop(chain, key)
    if stop is not None:
        return TAG_OR_REPLACE if stop.passes else stop.fix
    lasting = (hop.fix for hop in chain[:-1] if hop.fix and hop.fix != TAG_OR_REPLACE)
    return next(lasting, TAG_WHERE_IT_STARTS)


def machine_probable(joined: Joined, machine: Machine) -> Probable:
    """Values of tags that an instance lacks and its surroundings have, the nearest first."""
    return _probable(machine.tags, _around(joined, machine))


def probable_of_cluster(joined: Joined, cluster: str, own: Pairs) -> Probable:
    """The same for what belongs to an EKS cluster and carries `own`: the cluster's."""
    return _probable(own, _cluster(joined, cluster))


def group_probable(joined: Joined, group: Group) -> Probable:
    """The same for an Auto Scaling group that EKS made: its node group's."""
    node_group = joined.maker_of(group)
    if node_group is None:
        return ()
    own = tuple((key, value) for key, value, _ in group.tags)
    return _probable(own, ((f"node group {node_group.name}", node_group.tags),))


def disk_probable(joined: Joined, disk: Disk) -> Probable:
    """The same for a volume; its instance is the nearest."""
    machine = joined.machine(disk.machine) if disk.machine else None
    if machine is None:
        return ()
    return _probable(disk.tags, ((f"instance {machine.id}", machine.tags), *_around(joined, machine)))


def _around(joined: Joined, machine: Machine) -> Iterator[tuple[str, Pairs]]:
    if (group := joined.group_of(machine)) is not None:
        yield f"Auto Scaling group {group.name}", tuple((key, value) for key, value, _ in group.tags)
    if (node_group := joined.node_group_of(machine)) is not None:
        yield f"node group {node_group.name}", node_group.tags
    refs = [node_group.template if node_group else None, joined.launched_from(machine)]
    for ref in dict.fromkeys(each for each in refs if each is not None):
        yield f"launch template {ref.id or ref.name}", joined.template_tags(TemplateRef(ref.id, ref.name))
    if (environment := joined.environment_of(machine)) is not None:
        yield f"compute environment {environment.name}", environment.tags
    if (fleet := joined.fleet_of(machine)) is not None:
        yield f"fleet {fleet.id}", fleet.tags
    if name := cluster_of(machine):
        yield from _cluster(joined, name)


def _cluster(joined: Joined, name: str) -> Iterator[tuple[str, Pairs]]:
    for cluster in joined.facts.clusters.rows:
        if cluster.name == name:
            yield f"cluster {name}", cluster.tags


def _probable(own: Pairs, around: Iterator[tuple[str, Pairs]] | tuple[tuple[str, Pairs], ...]) -> Probable:
    has = {key for key, value in own if value.strip()}
    found: dict[str, tuple[str, TagValue, str]] = {}
    for where, pairs in around:
        for key, value in pairs:
            if key in has or key in found or key == "Name" or not value.strip() or key.startswith(_NOBODYS):
                continue
            found[key] = (key, value, where)
    return tuple(found[key] for key in sorted(found))
