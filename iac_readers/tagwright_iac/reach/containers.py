"""ECS tasks: they carry tags only when whoever starts them says `propagate_tags`.

ECS developer guide, "Tagging Amazon ECS resources": a service propagates its own tags (SERVICE), those of the task
definition (TASK_DEFINITION) or, by default, none. Fargate bills the task; on EC2 the split cost allocation data of
the Cost and Usage Report go by the task's tags. EventBridge rules, schedules and pipes know TASK_DEFINITION and tags
of their own for the tasks they start.
"""

from __future__ import annotations

from tagwright_dictionary.model import NO_TAGS, Bill, Tags, Unknown
from tagwright_iac.reach.tagsets import layers, travelled, unseen
from tagwright_iac.view import BlockView, ResourceView

_FIX_SERVICE = 'set propagate_tags = "SERVICE", or "TASK_DEFINITION" with the tags on the task definition'
_FIX_STARTER = 'set propagate_tags = "TASK_DEFINITION" with the tags on the task definition'


def service_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    mode = view.attribute("propagate_tags")
    hop = "an ECS service propagates no tags to its tasks without propagate_tags"
    if isinstance(mode, Unknown):
        tags = unseen(mode)
    elif mode == "SERVICE":
        tags = travelled(view.effective_tags, view.address)
    elif mode == "TASK_DEFINITION":
        tags = _definition_tags(view, ("task_definition",))
        hop = 'propagate_tags = "TASK_DEFINITION" takes the tags of the task definition, not those of the service'
    else:
        tags = NO_TAGS
    return (Bill("tasks", tags, broken_hop=hop, fix=_FIX_SERVICE),)


def rule_target_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    return _started(view, (), view.blocks("ecs_target"), ("ecs_target",))


def schedule_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    for target in view.blocks("target"):
        return _started(view, (), target.blocks("ecs_parameters"), ("target", "ecs_parameters"))
    return ()


def pipe_bills(view: ResourceView, _consumers: tuple[ResourceView, ...]) -> tuple[Bill, ...]:
    own = (Bill("pipe", view.effective_tags, own=True),)
    for parameters in view.blocks("target_parameters"):
        path = ("target_parameters", "ecs_task_parameters")
        return _started(view, own, parameters.blocks("ecs_task_parameters"), path)
    return own


def _started(
    view: ResourceView, own: tuple[Bill, ...], blocks: tuple[BlockView, ...], path: tuple[str, ...]
) -> tuple[Bill, ...]:
    """The tasks that an event starts; `own` first. Nothing of this kind without such a block."""
    for block in blocks:
        mode = block.attribute("propagate_tags")
        if block.exists is not None:
            tags = unseen(block.exists)
        elif isinstance(mode, Unknown):
            tags = layers(unseen(mode), block.tags("tags"))
        elif mode == "TASK_DEFINITION":
            tags = layers(_definition_tags(view, (*path, "task_definition_arn")), block.tags("tags"))
        else:
            tags = block.tags("tags")
        hop = "tasks started by an event carry no tags without propagate_tags"
        return (*own, Bill("tasks", tags, broken_hop=hop, fix=_FIX_STARTER))
    return own


def _definition_tags(view: ResourceView, path: tuple[str, ...]) -> Tags:
    target = view.link(*path)
    if isinstance(target, Unknown):
        return unseen(target)
    if target is None or target.type != "aws_ecs_task_definition":
        return unseen(Unknown("which task definition is used cannot be seen"))
    return travelled(target.effective_tags, target.address)
