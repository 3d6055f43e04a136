"""Which adapter reads what Checkov shows. One is imported when its framework's first resource comes: Checkov loads the
bundle in a process a framework.
"""

from __future__ import annotations

from collections.abc import Mapping

from tagwright_policies.checkov.adapters.entity import Adapted, Adapter, Entity


def _terraform(entity: Entity) -> Adapted | None:
    """Checkov has one registry for code, JSON and plans."""
    if "__change_actions__" in entity.conf or (entity.path.endswith(".json") and not _is_code(entity.path)):
        from tagwright_policies.checkov.adapters.terraform_plan import adapt  # noqa: PLC0415
    elif _is_code(entity.path) and entity.graph is None:
        from tagwright_policies.checkov.adapters.terraform_json import adapt  # noqa: PLC0415
    else:
        from tagwright_policies.checkov.adapters.terraform import adapt  # noqa: PLC0415
    return adapt(entity)


def _cloudformation(entity: Entity) -> Adapted | None:
    from tagwright_policies.checkov.adapters.cloudformation import adapt  # noqa: PLC0415

    return adapt(entity)


def _kubernetes(entity: Entity) -> Adapted | None:
    from tagwright_policies.checkov.adapters.kubernetes import adapt  # noqa: PLC0415

    return adapt(entity)


def _serverless(entity: Entity) -> Adapted | None:
    from tagwright_policies.checkov.adapters.serverless import adapt  # noqa: PLC0415

    return adapt(entity)


def _arm(entity: Entity) -> Adapted | None:
    from tagwright_policies.checkov.adapters.arm import adapt  # noqa: PLC0415

    return adapt(entity)


def _is_code(path: str) -> bool:
    return path.endswith((".tf.json", ".tofu.json", ".tf", ".tofu"))


ADAPTERS: Mapping[str, Adapter] = {
    "terraform": _terraform,
    "cloudformation": _cloudformation,
    "kubernetes": _kubernetes,
    "serverless": _serverless,
    "arm": _arm,
}
