"""Who belongs to whom: the facts of one account and region, indexed where somebody asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tagwright_drift.reach.facts import Disk, Environment, Facts, Fleet, Group, Machine, NodeGroup, TemplateRef
from tagwright_drift.reach.makers import (
    FLEET,
    GROUP,
    SPOT_FLEET,
    TEMPLATE,
    TEMPLATE_VERSION,
    cluster_of,
    environment_of,
    node_group_of,
)
from tagwright_drift.reach.once import Once


@dataclass(slots=True)
class Users:
    """Who launches from one template."""

    groups: list[Group] = field(default_factory=list)
    node_groups: list[NodeGroup] = field(default_factory=list)
    fleets: list[Fleet] = field(default_factory=list)
    environments: list[Environment] = field(default_factory=list)

    def refs(self) -> Iterator[TemplateRef]:
        """Every template that one of them names, at the version it names."""
        for group in self.groups:
            yield from group.templates
        for fleet in self.fleets:
            yield from fleet.templates
        for node_group in self.node_groups:
            if node_group.template is not None:
                yield node_group.template
        for environment in self.environments:
            if environment.template is not None:
                yield environment.template


class Joined:
    """Indexes over `facts`, each built on first use and shared between threads."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._by_group = Once(lambda: _by(facts.machines.rows, lambda m: m.mark(GROUP)))
        self._by_template = Once(lambda: _by(facts.machines.rows, lambda m: m.mark(TEMPLATE)))
        self._by_fleet = Once(lambda: _by(facts.machines.rows, lambda m: m.mark(SPOT_FLEET) or m.mark(FLEET)))
        self._by_environment = Once(lambda: _by(facts.machines.rows, environment_of))
        self._machines = Once(lambda: {each.id: each for each in facts.machines.rows})
        self._disks = Once(lambda: {each.id: each for each in facts.disks.rows})
        self._groups = Once(lambda: {each.name: each for each in facts.groups.rows})
        self._node_groups = Once(lambda: {(each.cluster, each.name): each for each in facts.node_groups.rows})
        self._owners = Once(lambda: {name: each for each in facts.node_groups.rows for name in each.groups})
        self._environments = Once(lambda: {each.name: each for each in facts.environments.rows})
        self._templates = Once(lambda: {each.id: each for each in facts.templates.rows})
        self._ids = Once(lambda: {each.name: each.id for each in facts.templates.rows})
        self._fleets = Once(lambda: {each.id: each for each in facts.fleets.rows})
        self._spot_fleets = Once(lambda: {each.id: each for each in facts.spot_fleets.rows})
        self._users = Once(self._find_users)

    def machine(self, id_: str) -> Machine | None:
        return self._machines.get().get(id_)

    def disk(self, id_: str) -> Disk | None:
        return self._disks.get().get(id_)

    def group(self, name: str) -> Group | None:
        return self._groups.get().get(name)

    def group_of(self, machine: Machine) -> Group | None:
        name = machine.mark(GROUP)
        return self.group(name) if name else None

    def node_group_of(self, machine: Machine) -> NodeGroup | None:
        """By the name of its Auto Scaling group as EKS tells it, else as the name itself tells it. Node groups are
        not even listed for an instance whose group is not one of EKS's making.
        """
        if not machine.mark(GROUP).startswith("eks-"):
            return None
        found = self._owners.get().get(machine.mark(GROUP))
        return found or self._node_groups.get().get((cluster_of(machine), node_group_of(machine)))

    def maker_of(self, group: Group) -> NodeGroup | None:
        """The node group that EKS made an Auto Scaling group for."""
        return self._owners.get().get(group.name) if group.name.startswith("eks-") else None

    def environment_of(self, machine: Machine) -> Environment | None:
        name = environment_of(machine)
        return self._environments.get().get(name) if name else None

    def fleet_of(self, machine: Machine) -> Fleet | None:
        if wanted := machine.mark(SPOT_FLEET):
            return self._spot_fleets.get().get(wanted)
        wanted = machine.mark(FLEET)
        return self._fleets.get().get(wanted) if wanted else None

    def template_tags(self, ref: TemplateRef) -> tuple[tuple[str, str], ...]:
        """The template's own tags, as far as it was listed."""
        found = self._templates.get().get(self.template_id(ref))
        return found.tags if found else ()

    def template_id(self, ref: TemplateRef) -> str:
        """The id of the template that `ref` names, "" where it cannot be told."""
        return ref.id or self._ids.get().get(ref.name, "")

    def launched_from(self, machine: Machine) -> TemplateRef | None:
        """The template and version that an instance was started from."""
        found = machine.mark(TEMPLATE)
        return TemplateRef(found, version=machine.mark(TEMPLATE_VERSION) or "$Default") if found else None

    def of_group(self, group: Group) -> tuple[Machine, ...]:
        return self._by_group.get().get(group.name, ())

    def of_node_group(self, node_group: NodeGroup) -> tuple[Machine, ...]:
        by_group = self._by_group.get()
        return _once(machine for name in node_group.groups for machine in by_group.get(name, ()))

    def of_fleet(self, fleet: Fleet) -> tuple[Machine, ...]:
        return self._by_fleet.get().get(fleet.id, ())

    def of_environment(self, environment: Environment) -> tuple[Machine, ...]:
        return self._by_environment.get().get(environment.name, ())

    def of_template(self, id_: str) -> tuple[Machine, ...]:
        """Started from it, or by a node group or environment that runs a copy of it."""
        users = self.users_of(id_)
        return _once(
            machine
            for members in (
                self._by_template.get().get(id_, ()),
                *(self.of_node_group(each) for each in users.node_groups),
                *(self.of_environment(each) for each in users.environments),
            )
            for machine in members
        )

    def users_of(self, template: str) -> Users:
        """Everything that names the launch template of this id."""
        return self._users.get().get(template) or Users()

    def _find_users(self) -> Mapping[str, Users]:
        found: dict[str, Users] = defaultdict(Users)
        facts = self.facts
        for group in facts.groups.rows:
            for id_ in self._ids_of(group.templates):
                found[id_].groups.append(group)
        for fleet in (*facts.fleets.rows, *facts.spot_fleets.rows):
            for id_ in self._ids_of(fleet.templates):
                found[id_].fleets.append(fleet)
        for node_group in facts.node_groups.rows:
            for id_ in self._ids_of((node_group.template,)):
                found[id_].node_groups.append(node_group)
        for environment in facts.environments.rows:
            for id_ in self._ids_of((environment.template,)):
                found[id_].environments.append(environment)
        return dict(found)

    def _ids_of(self, refs: Iterable[TemplateRef | None]) -> Iterable[str]:
        return dict.fromkeys(filter(None, (self.template_id(ref) for ref in refs if ref is not None)))


def _by(machines: Iterable[Machine], key: Callable[[Machine], str]) -> Mapping[str, tuple[Machine, ...]]:
    found: dict[str, list[Machine]] = defaultdict(list)
    for machine in machines:
        if name := key(machine):
            found[name].append(machine)
    return {name: tuple(members) for name, members in found.items()}


def _once(machines: Iterable[Machine]) -> tuple[Machine, ...]:
    return tuple({machine.id: machine for machine in machines}.values())
