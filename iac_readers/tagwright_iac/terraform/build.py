"""From evaluated instances to the resources that are judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tagwright_dictionary.catalogue import provider_of, tag_support
from tagwright_dictionary.classes import CLASSES
from tagwright_dictionary.model import NO_TAGS, Bill, Classes, Origin, Resource, Tags, Unknown
from tagwright_iac import reach
from tagwright_iac.classify import classify_view
from tagwright_iac.terraform.config import Declaration, module_source
from tagwright_iac.terraform.instance import ModuleInstance
from tagwright_iac.terraform.resource import ResourceInstance
from tagwright_iac.terraform.suppressions import SuppressionIndex
from tagwright_iac.terraform.tags import tags_of
from tagwright_iac.terraform.values import EvalError, UnknownValue


def walk_modules(module: ModuleInstance) -> Iterator[ModuleInstance]:
    """The module and every module instance below it, in source order of the calls."""
    yield module
    for name in module.config.modules:
        children = module.children(name)
        if not isinstance(children, UnknownValue):
            for child in children:
                yield from walk_modules(child)


def consumers_of(modules: list[ModuleInstance]) -> dict[int, list[ResourceInstance]]:
    """For each resource that others point to (a launch template, a group): who does, by the object's identity."""
    by_type: dict[str, list[tuple[str, ...]]] = {}
    for paths in reach.CONSUMED.values():
        for type_, path in ((entry[0], entry[1:]) for entry in paths):
            by_type.setdefault(type_, []).append(path)
    found: dict[int, list[ResourceInstance]] = {}
    for module in modules:
        for (type_, name), declaration in module.config.resources.items():
            for path in by_type.get(type_, ()):
                for instance in module.resource_instances("managed", type_, name, declaration)[0]:
                    target = instance.link(*path)
                    if isinstance(target, ResourceInstance):
                        users = found.setdefault(id(target), [])
                        if instance not in users:
                            users.append(instance)
    return found


def build_resource(
    instance: ResourceInstance, consumers: tuple[Any, ...], suppressions: SuppressionIndex, scope: str
) -> Resource:
    """The model's resource of one instance."""
    session = instance.module.session
    support = tag_support(instance.type)
    location = instance.location
    declared = Resource(
        address=instance.address,
        type=instance.type,
        provider=provider_of(instance.type),
        framework="terraform",
        taggable=support.taggable,
        location=location,
        sources=(location.path,),
        instance_key=instance.instance_key,
        block=instance.block,
        scope=scope,
        suppressions=suppressions.for_block(location),
        exists=instance.exists,
    )
    if support.taggable is False:
        classes, attributes = classify_view(instance)
        return replace(declared, classes=classes, attributes=attributes)
    session.begin(location.path)
    try:
        tags = instance.effective_tags
        classes, attributes = classify_view(instance)
        bills = reach.bills(instance, consumers)
    finally:
        files = session.end()
    note = "" if support.taggable else f"{instance.type} is in no table of this version of tagwright"
    return replace(
        declared,
        classes=classes,
        tags=tags,
        bills=bills,
        tag_location=instance.tag_location,
        attributes=attributes,
        sources=tuple(sorted(files | instance.files)),
        note=note,
    )


def unread_modules(module: ModuleInstance, suppressions: SuppressionIndex, scope: str) -> Iterator[Resource]:
    """One resource for each module call whose code cannot be read here: judged by what is passed, never silent."""
    for name, call in module.config.modules.items():
        children = module.children(name)
        if isinstance(children, UnknownValue):
            yield _unread_module(module, name, call, children, suppressions, scope)


def _unread_module(
    module: ModuleInstance,
    name: str,
    call: Declaration,
    cause: UnknownValue,
    suppressions: SuppressionIndex,
    scope: str,
) -> Resource:
    unknown = Unknown(cause.cause, cause.hint)
    passed = NO_TAGS
    tag_location = call.location
    session = module.session
    session.begin(call.file)
    for argument_name in ("tags", "labels", "default_tags"):
        argument = call.body.arguments().get(argument_name)
        if argument is not None:
            origin = Origin("module-argument", f"module.{name}", argument.location)
            try:
                passed = tags_of(argument.expression(f"module.{name}", "module-argument").evaluate(module.env), origin)
            except EvalError as error:
                passed = Tags((), complete=False, cause=Unknown(f"{argument_name} cannot be evaluated: {error}"))
            tag_location = argument.location
            break
    files = session.end()
    prefix = f"{module.address}." if module.address else ""
    block_prefix = f"{module.block_address}." if module.block_address else ""
    unseen = Tags((), complete=False, cause=unknown)
    return Resource(
        address=f"{prefix}module.{name}",
        type="module",
        provider="",
        framework="terraform",
        taggable=True,
        classes=Classes(possible=tuple((class_, unknown) for class_ in sorted(CLASSES))),
        tags=Tags(passed.items, complete=False, cause=unknown if passed.complete else passed.cause),
        bills=(
            Bill(
                "resources of the module",
                unseen,
                broken_hop="what the module does with its tags cannot be seen",
                fix=cause.hint,
            ),
        ),
        location=call.location,
        tag_location=tag_location,
        attributes=(("source", (module_source(call) or "",)),),
        block=f"{block_prefix}module.{name}",
        scope=scope,
        sources=tuple(sorted(files)),
        suppressions=suppressions.for_block(call.location),
        exists=module.exists,
        note=cause.cause,
    )
